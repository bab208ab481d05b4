"""Products with fixed matrices: packed equals plain."""

import pytest
import torch

from recommender.t5.products import PackedProduct, Product, can_pack, prepare


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_packed_products_equal_plain_ones(dtype: torch.dtype, rows: int) -> None:
    if not can_pack(dtype):
        pytest.skip("this processor packs no such matrices")
    torch.manual_seed(0)
    matrix, x, before = (torch.randn(size).to(dtype) for size in ((24, 16), (rows, 16), (rows, 24)))
    plain, packed = Product(matrix), PackedProduct(matrix)
    close = {"rtol": 1e-5, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 0.02, "atol": 0.02}
    torch.testing.assert_close(packed(x), plain(x), **close)
    torch.testing.assert_close(packed.relu(x), plain.relu(x), **close)
    torch.testing.assert_close(packed.plus(before, x), plain.plus(before, x), **close)


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
