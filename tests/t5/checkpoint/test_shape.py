"""Reading `config.json`."""

from typing import Any

import pytest
from transformers import MT5Config, T5Config

from recommender.errors import ModelError
from recommender.t5.checkpoint.shape import Shape

SMALL = {"vocab_size": 10, "d_model": 16, "d_kv": 4, "d_ff": 8, "num_layers": 2, "num_heads": 2}


@pytest.mark.parametrize(
    "config",
    [
        T5Config(),
        T5Config(feed_forward_proj="gated-gelu", tie_word_embeddings=False),  # type: ignore[call-arg]
        T5Config(feed_forward_proj="gated-silu"),
        T5Config(feed_forward_proj="gelu", num_decoder_layers=2),
        MT5Config(),
        MT5Config(tie_word_embeddings=False),
    ],
)
def test_a_configuration_means_what_the_library_makes_of_it(config: Any) -> None:
    shape = Shape.from_config(config.to_dict())
    assert (shape.activation, shape.gated) == (config.dense_act_fn, config.is_gated_act)
    assert shape.decoder_layers == config.num_decoder_layers
    scaled = getattr(config, "scale_decoder_outputs", False)
    assert shape.output_scale == (config.d_model**-0.5 if scaled else 1.0)
    assert shape.ends == {config.eos_token_id}


def test_old_files_say_by_untied_weights_that_the_output_is_not_scaled() -> None:
    assert Shape.from_config({**SMALL, "model_type": "t5", "tie_word_embeddings": False}).output_scale == 1.0
    assert Shape.from_config({**SMALL, "model_type": "t5"}).output_scale == 0.25


def test_another_kind_of_model_is_a_sentence() -> None:
    with pytest.raises(ModelError, match="of the kind “bert”"):
        Shape.from_config({"model_type": "bert"})


@pytest.mark.parametrize(
    "change", [{"d_kv": None}, {"d_model": 0}, {"num_heads": "many"}, {"feed_forward_proj": "gated-sinus"}]
)
def test_a_missing_or_senseless_value_is_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match=r"config\.json lacks a usable value"):
        Shape.from_config({**SMALL, "model_type": "t5", **change})


def test_a_missing_size_is_named() -> None:
    with pytest.raises(ModelError, match="d_kv"):
        Shape.from_config({"model_type": "t5", "vocab_size": 10, "d_model": 16})
