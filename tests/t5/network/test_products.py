"""Products with fixed matrices: packed equals plain, and light is near it."""

from typing import Any

import pytest
import torch

from recommender.t5.network import products
from recommender.t5.network.products import LightProduct, PackedProduct, Product, can_lighten, can_pack, prepare


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_packed_products_equal_plain_ones(dtype: torch.dtype, rows: int) -> None:
    if not can_pack(dtype):
        pytest.skip("this processor packs no such matrices")
    torch.manual_seed(0)
    matrix, x, before = (torch.randn(size).to(dtype) for size in ((24, 16), (rows, 16), (rows, 24)))
    plain, packed = Product(matrix), PackedProduct(matrix)
    close: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 0.02, "atol": 0.02}
    torch.testing.assert_close(packed(x), plain(x), **close)
    torch.testing.assert_close(packed.relu(x), plain.relu(x), **close)
    torch.testing.assert_close(packed.plus(before, x), plain.plus(before, x), **close)


@pytest.mark.parametrize("rows", [1, 5])
def test_light_products_are_near_plain_ones(rows: int) -> None:
    if not can_lighten(torch.bfloat16):
        pytest.skip("this processor has no such products")
    torch.manual_seed(0)
    matrix, x, before = (torch.randn(size).bfloat16() for size in ((96, 64), (rows, 64), (rows, 96)))
    exact, light = Product(matrix.float()), LightProduct(matrix)

    def apart(found: torch.Tensor, expected: torch.Tensor) -> float:
        return float((found.float() - expected).norm() / expected.norm())

    assert apart(light(x), exact(x.float())) < 0.01
    assert apart(light.relu(x), exact.relu(x.float())) < 0.01
    assert apart(light.plus(before, x), exact.plus(before.float(), x.float())) < 0.01


def test_a_row_of_zeros_in_a_light_product_gives_zero() -> None:
    if not can_lighten(torch.bfloat16):
        pytest.skip("this processor has no such products")
    matrix = torch.ones(32, 32, dtype=torch.bfloat16)
    matrix[3] = 0.0
    assert LightProduct(matrix)(torch.ones(1, 32, dtype=torch.bfloat16))[0, 3] == 0.0


def test_only_small_matrices_of_single_rows_in_bf16_are_made_light(monkeypatch: pytest.MonkeyPatch) -> None:
    if not can_lighten(torch.bfloat16):
        pytest.skip("this processor has no such products")
    small = torch.eye(32, dtype=torch.bfloat16)
    assert isinstance(prepare(small, singly=True), LightProduct)
    assert not isinstance(prepare(small), LightProduct)
    assert not isinstance(prepare(small.float(), singly=True), LightProduct)
    monkeypatch.setattr(products, "SMALL", 32 * 32 - 1)
    assert not isinstance(prepare(small, singly=True), LightProduct)


def test_a_product_leaves_its_arguments_alone() -> None:
    product, x, before = prepare(torch.randn(3, 3)), torch.randn(2, 3), torch.randn(2, 3)
    kept = x.clone(), before.clone()
    product.plus(before, x)
    product.relu(x)
    assert torch.equal(x, kept[0])
    assert torch.equal(before, kept[1])


def test_without_packing_the_plain_product_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    can_pack.cache_clear()
    try:
        assert type(prepare(torch.eye(2))) is Product
    finally:
        can_pack.cache_clear()
