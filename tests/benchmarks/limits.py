"""What one core could do at best: `python -m tests.benchmarks.limits [--model NAME]`.

First the rates of products at the shapes of one answer, in fp32, bf16 and eight bits, in billions of multiplications
with their additions a second. Then the time that an answer's products would take at these rates if nothing else took
any, beside the time that it takes. All is time of the processor, so that a busy neighbour counts less: the least of
many for a product, whose weights lie in the cache then, the least and the median for an answer.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Final, NamedTuple

from tests.benchmarks.shared import THREADS, about, table

import torch  # isort: skip

from recommender.t5 import load
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.network.products import prepare
from tests.benchmarks.models import of_shop

TIMES: Final = 30
MOST_SECONDS: Final = 1.0
QUESTIONS: Final = 40


class Matrix(NamedTuple):
    """Products of one shape: `times` of them in an answer."""

    name: str
    rows: int
    inputs: int
    outputs: int
    times: int

    @property
    def work(self) -> int:
        """Multiplications of one of them."""
        return self.rows * self.inputs * self.outputs


def matrices(shape: Shape, tokens: int, nodes: int) -> list[Matrix]:
    """The products of one answer with fixed matrices; attention and what is kept with a tree are not among them."""
    width, inner, up = shape.d_model, shape.inner, shape.d_ff * (2 if shape.gated else 1)
    encoders, decoders = shape.encoder_layers, shape.decoder_layers
    return [
        Matrix("encoder: queries, keys, values", tokens, width, 3 * inner, encoders),
        Matrix("encoder: out of attention", tokens, inner, width, encoders),
        Matrix("encoder: up", tokens, width, up, encoders),
        Matrix("encoder: down", tokens, shape.d_ff, width, encoders),
        Matrix("keys and values for the decoder", tokens, width, 2 * inner * decoders, 1),
        Matrix("decoder: queries, keys, values", nodes, width, 3 * inner, decoders - 1),
        Matrix("decoder: out of attention", nodes, inner, width, 2 * decoders - 1),
        Matrix("decoder: queries to the prompt", nodes, width, inner, decoders),
        Matrix("decoder: up", nodes, width, up, decoders),
        Matrix("decoder: down", nodes, shape.d_ff, width, decoders),
        Matrix("vocabulary", nodes, width, shape.vocabulary, 1),
    ]


def spent(work: Callable[[], object]) -> list[float]:
    """Milliseconds of the processor for `work`, many times, after once; as many as a second holds, three at least."""
    work()
    found: list[float] = []
    begun = time.perf_counter()
    while len(found) < TIMES and (len(found) < 3 or time.perf_counter() - begun < MOST_SECONDS):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return found


def quickest(one: Matrix) -> dict[str, float]:
    """Milliseconds that a product takes at least, by kind of number: random ones, as we multiply them."""
    torch.manual_seed(0)
    weights, rows = torch.randn(one.outputs, one.inputs), torch.randn(one.rows, one.inputs)
    whole, whole_rows = (tensor.mul(40).clamp(-127, 127).to(torch.int8) for tensor in (weights, rows))
    wide, narrow, narrow_rows = prepare(weights), prepare(weights.bfloat16()), rows.bfloat16()
    kinds: dict[str, Callable[[], object]] = {
        "fp32": lambda: wide(rows),
        "bf16": lambda: narrow(narrow_rows),
        "int8": lambda: torch._int_mm(whole_rows, whole.t()),
    }
    return {kind: min(spent(work)) for kind, work in kinds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="compact", help="compact or a folder")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    print(about())
    ours, questions = load(arguments.model, "cpu", kept_answers=0), of_shop(QUESTIONS + 3)
    answers = []
    for number, one in enumerate(questions):
        start = time.process_time()
        ours.answer(one.basket, one.candidates)
        if number >= 3:
            answers.append((time.process_time() - start) * 1000)
    first = questions[0]
    network = ours._engine.network
    tokens = len(ours._tokenizer.encode(ours.prompt_for(first.basket, first.candidates)))
    names = [tuple(ours._tokenizer.encode(item.en)) for item in first.candidates]
    with torch.inference_mode():
        nodes = len(network.prepare_tree(names).hidden)
        todo = matrices(network.shape, tokens, nodes)
        found = [(one, quickest(one)) for one in todo if one.times]
    kinds = list(found[0][1])
    print(f"{arguments.model}, {ours.dtype}, {THREADS} thread(s), {tokens} tokens, {nodes} nodes\n")
    table(
        ("product", "shape", "times", *(f"{kind}, billions a second" for kind in kinds)),
        [
            (
                one.name,
                f"{one.rows} x {one.inputs} x {one.outputs}",
                one.times,
                *(f"{one.work / least[kind] / 1e6:.0f}" for kind in kinds),
            )
            for one, least in found
        ],
    )
    together = {kind: sum(one.times * least[kind] for one, least in found) for kind in kinds}
    mixed = sum(one.times * least["int8" if one.name == "vocabulary" else "fp32"] for one, least in found)
    rows = [(f"all products in {kind}", f"{spent_:.1f}") for kind, spent_ in together.items()]
    rows.append(("fp32, the vocabulary in int8", f"{mixed:.1f}"))
    rows.append((f"an answer, {ours.dtype}: least", f"{min(answers):.1f}"))
    rows.append((f"an answer, {ours.dtype}: median", f"{median(answers):.1f}"))
    table(("", "processor, ms"), rows)


if __name__ == "__main__":
    main()
