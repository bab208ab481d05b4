from recommender.corpus.world import base, check


def test_the_shipped_knowledge_base_breaks_no_rule() -> None:
    assert list(check.problems(base.load())) == []


def test_a_split_keeps_needs_whole_and_all_goods() -> None:
    whole = base.load()
    parts = [whole.of_split(split) for split in base.SPLITS]
    assert sum(len(part.needs) for part in parts) == len(whole.needs)
    assert not {need.id for need in parts[0].needs} & {need.id for need in parts[2].needs}
    assert all(part.goods == whole.goods for part in parts)


def test_a_rule_that_is_broken_is_said() -> None:
    whole = base.load()
    good = whole.goods[0]
    need = base.Need("shop/need", "nowhere", "train", "need", "حاجة", (base.Member(good, "never"),))
    found = list(check.problems(base.KnowledgeBase(whole.shops, (good, good), (need,))))
    for part in ("1 needs", "2 goods", "is the name of 2 goods", "lacks a shop", "has 1 goods", "how soon"):
        assert any(part in sentence for sentence in found), part
