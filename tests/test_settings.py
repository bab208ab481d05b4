"""Settings: what the environment may say, and what it may not."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from recommender import settings
from recommender.errors import RequestError
from recommender.settings import Settings, usable_cores
from tests.places import ROOT


def test_an_empty_environment_gives_the_defaults() -> None:
    read = Settings.read({})
    assert (read.model, read.catalogue, read.language, read.device) == ("compact", None, "en", None)
    assert (read.host, read.port, read.translator, read.debug) == ("127.0.0.1", None, None, False)
    assert read.graphs
    assert read.threads >= 1


def test_an_empty_value_is_no_value() -> None:
    assert Settings.read({"RECOMMENDER_MODEL": " ", "RECOMMENDER_PORT": ""}) == Settings.read({})


def test_every_variable_is_read() -> None:
    read = Settings.read(
        {
            "RECOMMENDER_MODEL": "article",
            "RECOMMENDER_CATALOGUE": "outdoor",
            "RECOMMENDER_LANGUAGE": "AR",
            "RECOMMENDER_DEVICE": "cuda:1",
            "RECOMMENDER_THREADS": "3",
            "RECOMMENDER_TRANSLATOR": "marian",
            "RECOMMENDER_HOST": "0.0.0.0",
            "RECOMMENDER_PORT": "8080",
            "RECOMMENDER_DRAIN": "0",
            "RECOMMENDER_ARTICLE": "no",
            "RECOMMENDER_DOMAINS": "Shop.example, www.shop.example",
            "RECOMMENDER_DEBUG": "yes",
            "RECOMMENDER_GRAPHS": "0",
            "RECOMMENDER_METRICS": "on",
            "RECOMMENDER_SHOPS": "0",
            "RECOMMENDER_UPLOAD": "8",
            "RECOMMENDER_KEEP": "9",
            "RECOMMENDER_MINUTES": "0",
        }
    )
    hosts = ("shop.example", "www.shop.example")
    where = ("marian", "0.0.0.0", 8080)
    assert read == Settings(
        "article", "outdoor", "ar", "cuda:1", 3, *where, 0, False, hosts, True, False, True, 0, 8, 9, 0
    )


def test_on_a_space_nobody_starts_a_large_download_and_the_page_is_called_as_the_space_is() -> None:
    space = {"SPACE_ID": "somebody/shop", "SPACE_HOST": "somebody-shop.hf.space"}
    read = Settings.read(space)
    assert (read.article, read.domains, read.minutes) == (False, ("somebody-shop.hf.space",), 5)
    assert Settings.read({**space, "RECOMMENDER_ARTICLE": "1"}).article and Settings.read({}).article


def test_gradios_own_variables_count_where_ours_say_nothing() -> None:
    theirs = {"GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": "7000"}
    assert (Settings.read(theirs).host, Settings.read(theirs).port) == ("0.0.0.0", 7000)
    assert Settings.read({**theirs, "RECOMMENDER_PORT": "7001"}).port == 7001


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECOMMENDER_PORT", "0"),
        ("RECOMMENDER_PORT", "65536"),
        ("RECOMMENDER_PORT", "-1"),
        ("RECOMMENDER_PORT", "٧٠٠٠x"),
        ("RECOMMENDER_THREADS", "two"),
        ("RECOMMENDER_THREADS", "9" * 400),
        ("RECOMMENDER_LANGUAGE", "fr"),
        ("RECOMMENDER_TRANSLATOR", "babelfish"),
        ("RECOMMENDER_DEBUG", "maybe"),
        ("RECOMMENDER_GRAPHS", "2"),
        ("HF_HUB_DOWNLOAD_TIMEOUT", "soon"),
        ("HF_HUB_ETAG_TIMEOUT", "-1"),
    ],
)
def test_a_value_that_can_not_be_is_named(name: str, value: str) -> None:
    with pytest.raises(RequestError) as caught:
        Settings.read({name: value})
    assert name in str(caught.value) and value[:8] in str(caught.value)
    assert name in caught.value.sentence("ar")


def test_every_variable_stands_in_the_readme_and_in_the_module() -> None:
    source = Path(settings.__file__).read_text(encoding="utf-8")
    readme = ROOT.joinpath("README.md").read_text(encoding="utf-8")
    names = set(re.findall('"(RECOMMENDER_[A-Z]+)"', source))
    assert len(names) == len(fields(Settings))
    assert [name for name in names if f"`{name}`" not in source or f"`{name}`" not in readme] == []


@pytest.mark.parametrize(
    ("quota", "cores"), [("100000 100000\n", 1), ("10000 100000\n", 1), ("max 100000\n", None), ("garbage", None)]
)
def test_threads_are_no_more_than_the_containers_share(tmp_path: Path, quota: str, cores: int | None) -> None:
    path = tmp_path / "cpu.max"
    path.write_text(quota, encoding="ascii")
    assert usable_cores(path) == (cores or usable_cores(tmp_path / "absent"))
