"""The training stream: the tokenizer's own prompts, resumable, and nothing in it that judges."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from recommender import prompt
from recommender.corpus.law import Law
from recommender.language import LANGUAGES
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.collectors import is_collector
from recommender.shop.items import Item
from recommender.training.corpus.stream import STRETCH, Encoded, Mixture, PromptEncoder, Stream

MIXTURE = Mixture((4, 30), sports=0.3, invented=0.4, spelt=0.6, rows=0.1)
MANY = Mixture((6, 60), sports=0.3, invented=0.4, spelt=0.8, rows=0.1, alike=0.4, collectors=0.5, answers=3)
SPORTS = list(Catalogue.load("sports"))
ROWS = [row for row in baskets.load(baskets.PATH, Catalogue.load("sports")) if row.split == "train"]


@pytest.fixture(scope="module")
def stream(tokenizer: PreTrainedTokenizerFast) -> Stream:
    bought = [(row.basket, row.next) for row in ROWS]
    return Stream(tokenizer, SPORTS, list(Catalogue.load("wide")), 7, pool=bought, rows=bought[:40], tokens=1500)


def rows_of(stream: Stream, mixture: Mixture, count: int, seed: int = 0) -> Iterator[Encoded]:
    rng = random.Random(seed)
    return (stream.row(mixture, rng) for _ in range(count))


def parts(tokenizer: PreTrainedTokenizerFast, row: Encoded) -> tuple[list[str], list[str], str]:
    """Bought and offered names and the target of a row, read back from its tokens."""
    text = tokenizer.decode(row[0], skip_special_tokens=True)
    lists = [part.partition("}")[0] for part in text.split("{")[1:]]
    bought, offered = ([" ".join(name.split()) for name in part.split(",")] for part in lists)
    return bought, offered, str(tokenizer.decode(row[1][0], skip_special_tokens=True))


names = st.sampled_from([name for item in SPORTS for name in (item.en, item.ar)]) | st.text(
    alphabet="abcXYZ اأبتكرة0123-'éß", min_size=1, max_size=12
).map(lambda text: " ".join(text.split())).filter(bool)


@given(
    bought=st.lists(names, min_size=1, max_size=5),
    offered=st.lists(names, min_size=1, max_size=8),
    language=st.sampled_from(list(LANGUAGES)),
)
def test_a_prompt_put_together_is_the_tokenizers_own(
    tokenizer: PreTrainedTokenizerFast, bought: list[str], offered: list[str], language: str
) -> None:
    given_ids, target = PromptEncoder(tokenizer).encode(bought, offered, [offered[0]], language)
    assert given_ids == list(tokenizer(prompt.fill(bought, offered, language)).input_ids)
    assert target == [list(tokenizer(offered[0]).input_ids)]


def test_the_prompt_of_shipped_items_is_that_of_prompt_build(tokenizer: PreTrainedTokenizerFast) -> None:
    for language in LANGUAGES:
        told = [item.name(language) for item in SPORTS]
        ids, _ = PromptEncoder(tokenizer).encode(told[:3], told[3:], [told[3]], language)
        assert ids == list(tokenizer(prompt.build(SPORTS[:3], SPORTS[3:], language)).input_ids)


@pytest.mark.parametrize(
    "mixture",
    [
        Mixture((4, 10)),
        MIXTURE,
        MANY,
        Mixture((6, 100), sports=0.0, invented=1.0),
        Mixture(sports=1.0),
        Mixture(rows=1.0),
        Mixture(sports=0.0, guests=1.0, spelt=0.8, answers=3),
    ],
)
def test_the_target_is_on_offer_and_nothing_owned_is(
    stream: Stream, tokenizer: PreTrainedTokenizerFast, mixture: Mixture
) -> None:
    for row in rows_of(stream, mixture, 60):
        bought, offered, target = parts(tokenizer, row)
        assert target in offered
        assert not set(bought) & set(offered)
        assert len(set(offered)) == len(offered)


def test_a_stretch_is_the_same_whenever_it_is_asked_for(stream: Stream, tokenizer: PreTrainedTokenizerFast) -> None:
    third = stream.stretch(MIXTURE, 3)
    stream.stretch(MIXTURE, 0)
    assert stream.stretch(MIXTURE, 3) == third
    another = Stream(tokenizer, SPORTS, stream.wide, 7, pool=stream.pool, rows=stream.rows, tokens=1500)
    assert another.stretch(MIXTURE, 3) == third
    assert stream.stretch(MIXTURE, 4) != third


def test_a_batch_keeps_to_its_budget_of_tokens(stream: Stream) -> None:
    batches = stream.stretch(Mixture((4, 60)), 0)
    assert len(batches) == STRETCH
    assert all(len(batch) * max(len(row[0]) for row in batch) <= 1500 or len(batch) == 1 for batch in batches)


def test_both_languages_come(stream: Stream, tokenizer: PreTrainedTokenizerFast) -> None:
    texts = [tokenizer.decode(row[0]) for row in rows_of(stream, MIXTURE, 40)]
    shares = [sum(LANGUAGES[language].labels[2] in text for text in texts) / 40 for language in LANGUAGES]
    assert sum(shares) == 1
    assert min(shares) > 0.2


def test_most_rows_have_their_candidates_shuffled_and_some_do_not(
    stream: Stream, tokenizer: PreTrainedTokenizerFast
) -> None:
    order = {name: place for place, item in enumerate(SPORTS) for name in (item.en, item.ar)}
    sorted_rows = 0
    for row in rows_of(stream, Mixture(sports=1.0), 100):
        places = [order[name] for name in parts(tokenizer, row)[1]]
        sorted_rows += places == sorted(places)
    assert 3 <= sorted_rows <= 25


def test_a_subset_of_sports_keeps_the_basket_and_something_that_it_was_followed_by(
    stream: Stream, tokenizer: PreTrainedTokenizerFast
) -> None:
    by_name = {name: item.id for item in SPORTS for name in (item.en, item.ar)}
    groups = [(frozenset(basket), following) for basket, following in stream.pool]
    for row in rows_of(stream, Mixture((4, 10), sports=1.0, invented=0.0), 50):
        bought, offered, _ = parts(tokenizer, row)
        owned, there = frozenset(by_name[name] for name in bought), {by_name[name] for name in offered}
        assert any(basket == owned and following in there for basket, following in groups)


@pytest.mark.parametrize(
    "mixture", [Mixture(sports=1.0, answers=8), Mixture(rows=1.0), Mixture(sports=0.0, guests=1.0)]
)
def test_nothing_is_offered_that_would_make_a_judged_group(
    tokenizer: PreTrainedTokenizerFast, mixture: Mixture
) -> None:
    bought = [(row.basket, row.next) for row in ROWS]
    ball, post = "soccer-ball", "soccer-goal-post"
    judged = {frozenset((*basket, one)) for basket, following in bought for one in (ball, post) if one != following}
    kept = [(basket, following) for basket, following in bought if frozenset((*basket, following)) not in judged]
    strict = Stream(tokenizer, SPORTS, list(Catalogue.load("wide")), 7, pool=kept, rows=kept, judged=judged)
    by_name = {name: item.id for item in SPORTS for name in (item.en, item.ar)}
    for row in rows_of(strict, mixture, 80):
        owned, offered, _ = parts(tokenizer, row)
        basket = frozenset(by_name.get(name, name) for name in owned)
        assert not {basket | {by_name.get(name, name)} for name in offered} & judged


def test_guests_are_bought_in_most_of_their_rows_and_always_on_offer(
    stream: Stream, tokenizer: PreTrainedTokenizerFast
) -> None:
    own = {name for item in SPORTS for name in (item.en, item.ar)}
    bought_too = 0
    for row in rows_of(stream, Mixture(sports=0.0, guests=1.0, spelt=1.0), 100):
        bought, offered, _ = parts(tokenizer, row)
        assert set(offered) - own
        assert set(offered) & own
        bought_too += bool(set(bought) - own)
    assert 60 < bought_too < 90


def test_only_known_items_and_invented_ones_come(stream: Stream, tokenizer: PreTrainedTokenizerFast) -> None:
    outdoor: list[Item] = list(Catalogue.load("outdoor"))
    judged = {name for item in outdoor for name in (item.en, item.ar)}
    for row in rows_of(stream, MIXTURE, 200):
        bought, offered, _ = parts(tokenizer, row)
        assert not judged & {*bought, *offered}


def test_every_answer_of_a_row_is_on_offer(stream: Stream, tokenizer: PreTrainedTokenizerFast) -> None:
    for row in rows_of(stream, MANY, 100):
        _, offered, _ = parts(tokenizer, row)
        assert len(row[1]) == 3
        assert {tokenizer.decode(answer, skip_special_tokens=True) for answer in row[1]} <= set(offered)


def test_the_answers_to_a_pool_basket_are_the_laws_among_what_is_offered(tokenizer: PreTrainedTokenizerFast) -> None:
    by_name = {name: item.id for item in SPORTS for name in (item.en, item.ar)}
    stream = Stream(tokenizer, SPORTS, SPORTS, 7, pool=[(("soccer-jersey",), "soccer-shorts")])
    for row in rows_of(stream, Mixture((100, 100), sports=1.0, invented=0.0, answers=100), 5):
        answers = Counter(by_name[str(tokenizer.decode(answer, skip_special_tokens=True))] for answer in row[1])
        law = Law(SPORTS).next_distribution(["soccer-jersey"])
        assert all(abs(answers[item_id] - 100 * p) < 1 + 1e-9 for item_id, p in law.items())


def test_a_hand_composed_row_is_answered_as_it_is(tokenizer: PreTrainedTokenizerFast) -> None:
    stream = Stream(tokenizer, SPORTS, SPORTS, 7, rows=[(("soccer-jersey",), "football-helmet")])
    for row in rows_of(stream, Mixture(rows=1.0, answers=3), 5):
        assert {tokenizer.decode(answer, skip_special_tokens=True) for answer in row[1]} <= {
            "Football Helmet", "خوذة كرة القدم الأمريكية"
        }  # fmt: skip


def test_collectors_are_asked_for_by_their_share(stream: Stream, tokenizer: PreTrainedTokenizerFast) -> None:
    wide = {item.name(language): item for item in stream.wide for language in LANGUAGES}

    def collectors(share: float) -> int:
        rows = rows_of(stream, Mixture((20, 60), sports=0.0, invented=0.0, collectors=share), 150)
        baskets_ = [[wide[name] for name in parts(tokenizer, row)[0] if name in wide] for row in rows]
        return sum(is_collector(basket) for basket in baskets_)

    assert collectors(1.0) > 120
    assert collectors(0.0) < 40
