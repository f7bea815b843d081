from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray

from models.network import Network
from models.runtime import INPUT, Logits
from models.training.export import _compare
from models.training.graph import largest_inputs, network_graph
from models.training.onnx_writer import Writer, quantised
from models.training.train import prepare
from simak.errors import ModelError

TEXTS = [[0, 9, 17, 30, 2], [0, 44, 45, 46, 47, 48, 49, 12, 2]]


@pytest.fixture
def network(tiny_encoder: Path) -> Network:
    """Heads of random weights: those of a fresh network are zero, and zero is always right."""
    made = prepare(str(tiny_encoder), 3).network.eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    return made


def answers(model: onnx.ModelProto, ids: list[int]) -> list[NDArray[Any]]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    result: list[NDArray[Any]] = session.run(None, {INPUT: np.array([ids])})
    return result


@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_graph_says_exactly_what_the_network_says(network: Network, length: int) -> None:
    ids = torch.randint(5, 60, (1, length))
    with torch.no_grad():
        expected = network(ids, torch.ones_like(ids))
    given = answers(network_graph(network), ids[0].tolist())
    for name, mine, theirs in zip(Logits._fields, expected, given, strict=True):
        assert mine.shape == theirs.shape, name
        assert np.abs(mine.numpy() - theirs).max() < 1e-4, name


def test_int8_graph_is_near_and_smaller(network: Network) -> None:
    small, large = network_graph(network, quantise_for=TEXTS), network_graph(network)
    for ids in TEXTS:
        exact, near = (dict(zip(Logits._fields, answers(one, ids), strict=True))
                       for one in (large, small))  # fmt: skip
        for name, value in exact.items():
            assert np.abs(value - near[name]).mean() < 0.05 * max(np.abs(value).mean(), 0.1), name
    assert small.ByteSize() < 0.6 * large.ByteSize()  # the positions stay as they are


def test_largest_inputs_are_those_that_the_layers_met(network: Network) -> None:
    largest = largest_inputs(network, TEXTS)
    assert len(largest) == 4  # two layers of attention and feed-forward
    met = []
    layer = network.encoder.encoder.layer[1].intermediate.dense
    handle = layer.register_forward_pre_hook(lambda _module, inputs: met.append(inputs[0]))
    with torch.no_grad():
        for ids in TEXTS:
            network.states(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
    handle.remove()
    expected = torch.cat([one[0] for one in met]).abs().amax(0).numpy()
    assert np.allclose(largest["encoder.encoder.layer.1.intermediate.dense"], expected)
    assert largest_inputs(network, []) == {}


def test_other_encoders_are_refused(network: Network) -> None:
    network.encoder.config.model_type = "roberta"
    with pytest.raises(ModelError, match="only BERT"):
        network_graph(network)


def test_graph_that_answers_otherwise_is_refused(network: Network, tmp_path: Path) -> None:
    onnx.save(network_graph(network), tmp_path / "model.onnx")
    _compare(network, tmp_path / "model.onnx")
    with torch.no_grad():
        network.sentiment.bias.add_(0.1)
    with pytest.raises(ModelError, match=r"sentiment is off by 0\.1"):
        _compare(network, tmp_path / "model.onnx")


def product(value: NDArray[Any], weight: NDArray[Any], **how: Any) -> NDArray[Any]:
    """The product as int8 gives it."""
    writer = Writer(int8=True)
    given = writer.linear(writer.constant(value), weight, np.zeros(len(weight), np.float32), **how)
    return answers(writer.model({INPUT: [1, "tokens"]}, [given]), [0])[0]


def test_smoothing_serves_a_channel_of_large_values() -> None:
    generator = np.random.default_rng(1)
    value = generator.standard_normal((1, 12, 64)).astype(np.float32)
    value[..., 5] *= 60
    weight = generator.standard_normal((32, 64)).astype(np.float32)
    exact = value @ weight.T
    plain = np.abs(product(value, weight) - exact).mean()
    smooth = np.abs(product(value, weight, largest=np.abs(value[0]).max(0)) - exact).mean()
    assert smooth < plain / 2


def test_scales_by_token_serve_the_others_beside_a_large_one() -> None:
    generator = np.random.default_rng(2)
    value = np.abs(generator.standard_normal((1, 12, 64))).astype(np.float32)
    value[0, 3] *= 60
    weight = generator.standard_normal((32, 64)).astype(np.float32)
    others = [token for token in range(12) if token != 3]
    exact = (value @ weight.T)[0, others]
    plain = np.abs(product(value, weight)[0, others] - exact).mean()
    apart = np.abs(product(value, weight, by_token=True)[0, others] - exact).mean()
    assert apart < plain / 5
    nothing = np.zeros((1, 2, 64), np.float32)
    assert not product(nothing, weight, by_token=True).any()


def test_codes_are_symmetric_and_a_row_of_zeros_stays() -> None:
    codes, scales = quantised(np.array([[2.0, -2.0], [0.0, 0.0]], np.float32))
    assert codes.tolist() == [[127, -127], [0, 0]]
    assert scales.dtype == np.float32


def test_same_network_and_texts_give_the_same_bytes(network: Network) -> None:
    first, second = (
        network_graph(network, quantise_for=TEXTS).SerializeToString(deterministic=True)
        for _ in range(2)
    )
    assert first == second
