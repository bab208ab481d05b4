"""The real client against Google's endpoint on loopback: every fault ends in time, in a reason."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from recommender.routes import TranslationError, run
from recommender.routes.translators.google import GoogleTranslator
from recommender.routes.translators.limits import Limits
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.routes.models import FakeModel
from tests.routes.translators.fake_google import FAULTS, IMPATIENT, QUICK, FakeGoogle, Reply, saying, translator, well

HOOP = "حلقة كرة السلة"
# For a busy machine; silence lasts thirty seconds.
SLACK = 20.0


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def patience(fault: str) -> Limits:
    return IMPATIENT if fault == "silence" else QUICK


def reason(client: GoogleTranslator, *texts: str) -> TranslationError:
    """Why these texts have no translation."""
    with pytest.raises(TranslationError) as caught:
        client.translate(texts or [HOOP], "ar", "en")
    assert all(caught.value.sentence(language) for language in ("en", "ar"))
    return caught.value


def test_texts_come_back_translated_in_their_order(google: FakeGoogle) -> None:
    with translator(google.port) as client:
        assert client.translate(["كرة سلة", HOOP, "كرة سلة"], "ar", "en") == [
            "Basketball",
            "Basketball Hoop",
            "Basketball",
        ]
        assert client.translate(["Hockey Puck"], "en", "ar") == ["قرص الهوكي"]
    assert sorted(google.texts) == sorted(["كرة سلة", HOOP, "Hockey Puck"])


def test_no_text_and_texts_without_letters_ask_nobody(google: FakeGoogle) -> None:
    with translator(google.port) as client:
        assert client.translate([], "ar", "en") == []
        assert client.translate(["", "٢٠٢٤", "!"], "ar", "en") == ["", "٢٠٢٤", "!"]
    assert google.texts == []


def test_what_was_translated_once_is_not_asked_again_even_in_an_outage(google: FakeGoogle) -> None:
    with translator(google.port) as client:
        client.translate([HOOP], "ar", "en")
        google.behaviour = FAULTS["500"][0]
        assert client.translate([HOOP], "ar", "en") == ["Basketball Hoop"]
    assert google.texts == [HOOP]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_reason_within_the_deadline(google: FakeGoogle, fault: str) -> None:
    google.behaviour, key = FAULTS[fault]
    limits = patience(fault)
    with translator(google.port, limits) as client:
        begun = time.perf_counter()
        assert reason(client).key == key
        assert time.perf_counter() - begun < limits.deadline + SLACK
    tries = 1 if key == "translation_unusable" else 1 + len(QUICK.backoff)
    assert len(google.texts) == tries or (fault == "silence" and len(google.texts) < tries)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("route", ["google", "google-article"])
def test_a_fault_ends_in_a_labelled_answer(
    google: FakeGoogle, sports: Catalogue, basket: list[Item], fault: str, route: str
) -> None:
    google.behaviour, key = FAULTS[fault]
    limits = patience(fault)
    with translator(google.port, limits) as client:
        routed = run(route, basket, sports.candidates(basket), sports, FakeModel(), translator=client)
    assert routed.reason is not None
    assert routed.reason.key == key
    assert routed.translate_ms < (limits.deadline + SLACK) * 1000
    if route == "google":
        english = run("direct", basket, sports.candidates(basket), sports, FakeModel())
        assert (routed.asked, routed.used, routed.ranking) == ("google", "catalogue", english.ranking)
    else:
        assert (routed.used, routed.recommendation) == ("google-article", None)
        assert routed.reason in routed.hops[-1].problems


def test_nobody_listening_is_unreachable(closed_port: int) -> None:
    with translator(closed_port) as client:
        assert reason(client).key == "translator_unreachable"


def test_a_name_that_does_not_resolve_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nameless)
    client = GoogleTranslator(limits=QUICK)
    try:
        assert reason(client).key == "translator_unreachable"
    finally:
        client.close()


def test_a_broken_tls_handshake_is_unreachable(google: FakeGoogle) -> None:
    with translator(google.port, scheme="https") as client:
        assert reason(client).key == "translator_unreachable"


def test_one_refusal_among_many_texts_costs_that_text_only(google: FakeGoogle) -> None:
    google.behaviour = lambda params: Reply(429) if params["q"] == HOOP else well(params)
    with translator(google.port) as client:
        failed = reason(client, "كرة سلة", HOOP, "قرص الهوكي")
    assert failed.key == "translator_refused"
    assert failed.partial == ("Basketball", None, "Hockey Puck")


def test_a_passing_fault_is_retried_and_not_seen(google: FakeGoogle) -> None:
    google.behaviour = lambda params: Reply(500) if len(google.texts) < 3 else well(params)
    with translator(google.port) as client:
        assert client.translate([HOOP], "ar", "en") == ["Basketball Hoop"]
    assert len(google.texts) == 3


def test_after_repeated_failures_it_pauses_and_says_when_it_will_try_again(google: FakeGoogle) -> None:
    now = [100.0]
    google.behaviour = FAULTS["429"][0]
    with translator(google.port, clock=lambda: now[0]) as client:
        assert [reason(client).key for _ in range(2)] == ["translator_refused"] * 2
        asked = len(google.texts)
        assert asked == 5
        now[0] += 10.5
        paused = reason(client)
        assert (paused.key, paused.fields, client._guard.circuit.wait()) == ("translator_paused", {"seconds": 20}, 20)
        assert "20" in paused.sentence("en") and "٢٠" in paused.sentence("ar")
        assert len(google.texts) == asked
        google.behaviour = well
        now[0] += 20
        assert client.translate([HOOP], "ar", "en") == ["Basketball Hoop"]
        assert client._guard.circuit.wait() == 0


def test_an_outage_ends_a_bulk_request_early(google: FakeGoogle, sports: Catalogue) -> None:
    google.behaviour = FAULTS["silence"][0]
    with translator(google.port, IMPATIENT) as client:
        assert reason(client, *[item.ar for item in sports]).key == "translator_too_slow"
    assert len(google.texts) <= IMPATIENT.at_once + IMPATIENT.failures


def test_a_hundred_requests_at_the_start_of_an_outage_do_not_pile_up(google: FakeGoogle) -> None:
    google.behaviour = FAULTS["silence"][0]
    with translator(google.port, IMPATIENT) as client, ThreadPoolExecutor(100) as pool:
        keys = [failed.key for failed in pool.map(lambda number: reason(client, f"{HOOP} {number}"), range(100))]
    assert set(keys) <= {"translator_too_slow", "translator_paused"}
    assert len(google.texts) <= 2 * IMPATIENT.at_once


def test_a_hundred_requests_with_the_circuit_open_ask_nobody_and_start_nothing(google: FakeGoogle) -> None:
    google.behaviour = FAULTS["500"][0]
    with translator(google.port) as client:
        while not client._guard.circuit.wait():
            reason(client)
        asked, threads = len(google.texts), threading.active_count()
        assert reason(client).key == "translator_paused"
        with ThreadPoolExecutor(100) as pool:
            keys = set(pool.map(lambda _: reason(client).key, range(100)))
        assert keys == {"translator_paused"}
        assert len(google.texts) == asked
        assert threading.active_count() <= threads


def test_it_works_again_after_being_closed(google: FakeGoogle) -> None:
    with translator(google.port) as client:
        assert client.translate([HOOP], "ar", "en") == ["Basketball Hoop"]
        client.close()
        assert client.translate(["كرة سلة"], "ar", "en") == ["Basketball"]
        client.close()
        client.close()


def test_it_works_from_many_threads_at_once(google: FakeGoogle, sports: Catalogue) -> None:
    names = [item.ar for item in sports]
    with translator(google.port) as client, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda name: client.translate([name], "ar", "en")[0], names))
        assert answers == client.translate(names, "ar", "en")


def test_invisible_characters_of_an_answer_are_dropped(google: FakeGoogle) -> None:
    google.behaviour = saying("\u202eTennis\u200b  Ball\n")
    with translator(google.port) as client:
        assert client.translate([HOOP], "ar", "en") == ["Tennis Ball"]


@pytest.mark.slow
def test_thirty_seconds_of_silence_end_within_the_real_deadline(google: FakeGoogle) -> None:
    google.behaviour = FAULTS["silence"][0]
    limits = Limits()
    with translator(google.port, limits) as client:
        begun = time.perf_counter()
        with pytest.raises(TranslationError) as caught:
            client.translate([HOOP], "ar", "en")
        assert time.perf_counter() - begun < limits.deadline + SLACK
    assert caught.value.key == "translator_too_slow"


@pytest.mark.network
def test_the_real_service_translates_a_name_there_and_back() -> None:
    client = GoogleTranslator()
    try:
        assert "basketball" in client.translate([HOOP], "ar", "en")[0].lower()
        assert "السلة" in client.translate(["Basketball Hoop"], "en", "ar")[0]
    finally:
        client.close()


UNFIT = {
    "an unknown scheme": {"ALL_PROXY": "socks://127.0.0.1:1"},
    "a port that is no number": {"https_proxy": "http://127.0.0.1:port"},
    "an exception that is no address": {"NO_PROXY": "http://[::1"},
    "certificates that are not there": {"SSL_CERT_FILE": "/nowhere"},
}


@pytest.mark.parametrize("kind", UNFIT)
def test_a_client_that_can_not_be_made_is_a_reason_that_names_the_variables_and_no_value(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in UNFIT[kind].items():
        monkeypatch.setenv(name, value)
    client = GoogleTranslator(limits=QUICK)
    try:
        failed = reason(client, HOOP, "كرة سلة")
    finally:
        client.close()
    assert failed.key == "translator_no_client"
    for language in ("en", "ar"):
        sentence = failed.sentence(language)
        assert all(name in sentence and value not in sentence for name, value in UNFIT[kind].items())


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_a_dead_proxy_of_any_scheme_is_unreachable(
    scheme: str, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{closed_port}")
    client = GoogleTranslator(limits=QUICK)
    try:
        assert reason(client).key == "translator_unreachable"
    finally:
        client.close()


@pytest.mark.parametrize("kind", UNFIT)
def test_a_transport_of_its_own_needs_no_proxy_and_no_certificates(
    kind: str, google: FakeGoogle, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in UNFIT[kind].items():
        monkeypatch.setenv(name, value)
    with translator(google.port) as client:
        assert client.translate([HOOP], "ar", "en") == ["Basketball Hoop"]
