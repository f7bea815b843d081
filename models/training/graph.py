"""The trained network as an ONNX graph, written for one text on one thread.

Written out rather than traced: there is no mask because nothing is padded, attention's three
projections are one product, and every operator is one that ONNX Runtime has a fast kernel for
(its fused SkipLayerNormalization, for one, takes seven times as long as an addition and a
LayerNormalization).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from models.labels import SIGNALS, TOUCHPOINTS
from models.network import Network
from models.runtime import INPUT, OUTPUT_SUFFIX, Logits
from models.training.onnx_writer import Array, Writer
from simak.errors import ModelError


def network_graph(
    network: Network, *, quantise_for: Sequence[Sequence[int]] | None = None
) -> onnx.ModelProto:
    """Return the graph: `models.runtime.INPUT` (1, T) in, the fields of `Logits` out.

    Args:
        network: trained; its encoder a BERT.
        quantise_for: token ids of texts of the kind it is for, whose activations decide how the
            encoder is made int8; None for float32.

    Raises:
        ModelError: the encoder is not a BERT with absolute positions and GELU.
    """
    config = network.encoder.config
    known = config.model_type == "bert" and config.hidden_act == "gelu"
    if not known or getattr(config, "position_embedding_type", "absolute") != "absolute":
        raise ModelError(f"an encoder of type {config.model_type!r} cannot be exported, only BERT")
    writer = Writer(int8=quantise_for is not None)
    largest = largest_inputs(network, quantise_for or ())
    weights = {name: value.float().numpy() for name, value in network.state_dict().items()}
    _heads(writer, weights, _encoder(writer, weights, config, largest))
    outputs = [name + OUTPUT_SUFFIX for name in Logits._fields]
    return writer.model({INPUT: [1, "tokens"]}, outputs)


@torch.no_grad()
def largest_inputs(network: Network, texts: Sequence[Sequence[int]]) -> dict[str, Array]:
    """Return the largest magnitude that each channel takes before the encoder's wide products.

    Args:
        network: of a BERT.
        texts: token ids.

    Returns:
        Name of the attention and intermediate modules to (H,); empty where there are no texts.
    """
    largest: dict[str, Array] = {}

    def watch(name: str, module: nn.Module) -> torch.utils.hooks.RemovableHandle:
        def see(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            found = inputs[0].abs().flatten(0, -2).amax(0).numpy()
            largest[name] = np.maximum(largest.get(name, found), found)

        return module.register_forward_pre_hook(see)

    watched = [
        watch(name, module)
        for name, module in network.named_modules()
        if name.endswith((".self.query", ".intermediate.dense"))
    ]
    for ids in texts:
        network.states(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.long))
    for handle in watched:
        handle.remove()
    return largest


def _encoder(
    writer: Writer, weights: dict[str, Array], config: Any, largest: dict[str, Array]
) -> str:
    """Add the encoder and return the token states, (1, T, H)."""

    def normalised(value: str, name: str) -> str:
        gain, shift = (writer.constant(weights[f"{name}.{one}"]) for one in ("weight", "bias"))
        epsilon = config.layer_norm_eps
        return writer.add("LayerNormalization", value, gain, shift, axis=-1, epsilon=epsilon)

    def linear(value: str, name: str, **how: Any) -> str:
        return writer.linear(value, weights[f"{name}.weight"], weights[f"{name}.bias"], **how)

    table = "encoder.embeddings"
    words = writer.embedding(INPUT, weights[f"{table}.word_embeddings.weight"])
    places = (
        weights[f"{table}.position_embeddings.weight"]
        + weights[f"{table}.token_type_embeddings.weight"][0]
    )
    length = writer.add("Shape", INPUT, start=1)
    here = writer.add("Slice", writer.constant(places), writer.axes(0), length, writer.axes(0))
    states = normalised(writer.add("Add", words, here), f"{table}.LayerNorm")
    for index in range(config.num_hidden_layers):
        layer = f"encoder.encoder.layer.{index}"
        asked = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = writer.linear(
            states,
            np.concatenate([weights[f"{name}.weight"] for name in asked]),
            np.concatenate([weights[f"{name}.bias"] for name in asked]),
            largest=largest.get(asked[0]),
        )
        thirds = writer.split(joined, (config.hidden_size,) * 3, axis=-1)
        heads = config.num_attention_heads
        mixed = writer.add("MultiHeadAttention", *thirds, num_heads=heads)
        out = linear(mixed, f"{layer}.attention.output.dense")
        states = normalised(writer.add("Add", out, states), f"{layer}.attention.output.LayerNorm")
        inner = f"{layer}.intermediate.dense"
        wide = writer.add("Gelu", linear(states, inner, largest=largest.get(inner)))
        out = linear(wide, f"{layer}.output.dense", by_token=True)
        states = normalised(writer.add("Add", out, states), f"{layer}.output.LayerNorm")
    return states


def _heads(writer: Writer, weights: dict[str, Array], states: str) -> None:
    """Add what `Network.read` does, in full precision, and name the outputs."""
    add, axes = writer.add, writer.axes

    def affine(value: str, name: str) -> str:
        return writer.affine(value, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def result(name: str, operator: str, *inputs: str, **attributes: Any) -> str:
        return add(operator, *inputs, output=name + OUTPUT_SUFFIX, **attributes)

    result("states", "Identity", states)
    mean = add("ReduceMean", states, axes(1), keepdims=1)  # (1, 1, H)
    scores = add("MatMul", states, writer.constant(weights["queries.weight"].T))
    shares = add("Transpose", add("Softmax", scores, axis=1), perm=[0, 2, 1])  # (1, queries, T)
    sizes = (1, 1, len(TOUCHPOINTS), len(SIGNALS))
    pooled = add("MatMul", shares, states)  # (1, queries, H)
    sentiment, complaint, found, signal = writer.split(pooled, sizes, axis=1)
    for name, part, away in (("sentiment", sentiment, [1]), ("complaint", complaint, [1, 2])):
        read = affine(add("Concat", part, mean, axis=-1), name)
        result(name, "Squeeze", read, axes(*away))
    turned = add("Transpose", states, perm=[0, 2, 1])
    values = add("MatMul", writer.constant(weights["presence"]), turned)
    evidence = result("evidence", "Mul", writer.split(shares, sizes, axis=1)[2], values)
    brought = add("ReduceSum", evidence, axes(2), keepdims=0)
    result("presence", "Add", brought, add("Squeeze", affine(mean, "presence_mean"), axes(1)))
    repeated = add("Expand", mean, axes(1, len(TOUCHPOINTS), 1))
    shared = affine(add("Concat", found, repeated, axis=-1), "polarity")
    own = writer.constant(weights["polarity_own"].transpose(0, 2, 1))  # (touchpoints, H, 3)
    own = add("MatMul", add("Transpose", found, perm=[1, 0, 2]), own)
    result("polarity", "Add", shared, add("Transpose", own, perm=[1, 0, 2]))
    weighed = add("Mul", signal, writer.constant(weights["signal"]))
    said = add("ReduceSum", weighed, axes(2), keepdims=0)
    result("signals", "Add", said, add("Squeeze", affine(mean, "signal_mean"), axes(1)))
