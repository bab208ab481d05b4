"""Attention written out, and by torch's fused kernel."""

import pytest
import torch

from recommender.t5.network.attention import attend, attend_fused


@pytest.mark.parametrize("way", [attend, attend_fused])
@pytest.mark.parametrize("biased", [True, False])
def test_attention_is_the_textbook_one_without_scaling(way: object, biased: bool) -> None:
    torch.manual_seed(0)
    query, keys, values = torch.randn(3, 2, 8), torch.randn(3, 16, 8), torch.randn(3, 16, 8)
    bias = torch.randn(3, 2, 16) if biased else None
    scores = torch.einsum("hqd,hkd->hqk", query, keys) + (0 if bias is None else bias)
    expected = torch.einsum("hqk,hkd->hqd", scores.exp() / scores.exp().sum(-1, keepdim=True), values)
    torch.testing.assert_close(way(query, keys, values, bias), expected)  # type: ignore[operator]


@pytest.mark.parametrize("way", [attend, attend_fused])
def test_what_the_bias_hides_has_no_part(way: object) -> None:
    query, keys, values = torch.randn(1, 1, 8), torch.randn(1, 8, 8), torch.randn(1, 8, 8)
    bias = torch.tensor([[[*[0.0] * 7, -torch.inf]]])
    seen = way(query, keys, values, bias)  # type: ignore[operator]
    torch.testing.assert_close(seen, way(query, keys[:, :7], values[:, :7], None))  # type: ignore[operator]
