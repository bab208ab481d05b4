"""The benchmark for a GPU says so where there is none, and can be tried on a processor."""

import re

import pytest
import torch

from recommender.errors import DeviceError
from tests.benchmarks import gpu
from tests.benchmarks.peers import Peer


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize("arguments", [[], ["--find"], ["--only", "compact"]])
def test_without_a_gpu_one_sentence_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and "There is no GPU on this machine" in err and len(err.splitlines()) == 1


def test_a_trial_on_a_processor_gives_a_row_with_median_and_percentile(capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu.main(["--device", "cpu", "--only", "compact", "--questions", "3", "--many", "4"]) == 0
    heads, _, row = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    cells = {head.strip("| "): cell.strip("| ") for head, cell in zip(heads, row, strict=True)}
    assert cells["model"] == "compact" and cells["ours, graphs"] == cells["graphs' memory"] == "–"
    for name in ("ours, plain", "stock, eager"):
        assert re.fullmatch(r"[\d.]+ / [\d.]+ ms \([\d.]+ x\)", cells[name])
    assert cells["rank_many of 4"].endswith(" a second")


def test_a_device_that_broke_on_the_way_has_no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    ways = gpu.ways

    def broken(*given: object, **more: object) -> dict[str, Peer]:
        peers = ways(*given, **more)  # type: ignore[arg-type]
        monkeypatch.setattr(
            peers["ours, plain"].model._engines,  # type: ignore[attr-defined]
            "trouble",
            DeviceError("device_failed", device="cuda"),
        )
        return peers

    monkeypatch.setattr(gpu, "ways", broken)
    with pytest.raises(SystemExit, match="failed"):
        gpu.run(["compact"], "cpu", 2, 2)
