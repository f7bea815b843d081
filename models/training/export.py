"""The trained network into the files that ship: an int8 ONNX graph and the tokenizer."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from tokenizers import Tokenizer as Vocabulary

from models.network import Network
from models.package import MODEL, TOKENIZER
from models.runtime import OUTPUT_SUFFIX, Logits
from models.training.batches import pad
from simak.errors import ModelError

MAX_BYTES = 40_000_000
"""What the shipped directory may weigh."""

FLOAT = "float32"
"""The directory of the same model before quantisation, to measure what int8 costs."""

_TOLERANCE = 1e-3


def export(
    network: Network, vocabulary: Vocabulary, pad_id: int, directory: Path, run: Path
) -> None:
    """Write `model.onnx` and `tokenizer.json` to `directory`, before int8 to `run`/float32.

    Raises:
        ModelError: the graph answers otherwise than the network, also under padding, or the
            files are larger than `MAX_BYTES`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (run / FLOAT).mkdir(parents=True, exist_ok=True)
    floating = run / FLOAT / MODEL
    _trace(network.eval(), floating)
    _compare(network, floating, pad_id)
    with TemporaryDirectory(dir=run) as scratch:
        fused = Path(scratch) / MODEL
        _fuse(network, floating, fused)
        _compare(network, fused, pad_id)
        _quantise(fused, directory / MODEL)
    for place in (directory, run / FLOAT):
        vocabulary.save(str(place / TOKENIZER), pretty=False)
    size = sum((directory / name).stat().st_size for name in (MODEL, TOKENIZER))
    if size > MAX_BYTES:
        raise ModelError(f"{directory}: {size} bytes, the most is {MAX_BYTES}")


def _trace(network: Network, path: Path) -> None:
    # The eager attention has no guard against fully masked rows, which sdpa's export adds.
    network.encoder.set_attn_implementation("eager")
    sizes = {0: "batch", 1: "tokens"}
    input_ids = torch.tensor([[0, 5, 6, 7, 2], [0, 5, 2, 1, 1]])
    attention_mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            network,
            (input_ids, attention_mask),
            dynamo=True,
            verbose=False,
            input_names=["input_ids", "attention_mask"],
            output_names=[name + OUTPUT_SUFFIX for name in Logits._fields],
            dynamic_shapes={"input_ids": sizes, "attention_mask": sizes},
        )
    assert program is not None
    program.save(path)


def _compare(network: Network, path: Path, pad_id: int) -> None:
    """Check a graph against the network, on texts alone and padded together."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(0)
    embeddings = network.encoder.get_input_embeddings().num_embeddings
    texts = [generator.integers(5, embeddings, size).tolist() for size in (3, 9, 24)]
    for ids in ([texts[0]], [texts[2]], texts):
        input_ids, attention_mask = pad(ids, pad_id)
        feed = {"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()}
        with torch.no_grad():
            expected = network(input_ids, attention_mask)
        for name, mine, theirs in zip(
            Logits._fields, expected, session.run(None, feed), strict=True
        ):
            worst = float(np.abs(mine.numpy() - theirs).max())
            if worst > _TOLERANCE:
                raise ModelError(f"{path}: {name} is off by {worst:.2g} from the network")


def _fuse(network: Network, source: Path, target: Path) -> None:
    from onnxruntime.transformers import optimizer
    from onnxruntime.transformers.fusion_options import FusionOptions

    config = network.encoder.config
    fused = optimizer.optimize_model(
        str(source),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=FusionOptions("bert"),
        opt_level=0,
    )
    fused.save_model_to_file(str(target))
    model = onnx.load(target)
    del model.graph.value_info[:]  # shapes from before the fusion, which the quantiser trips on
    onnx.save(model, target)


def _quantise(source: Path, target: Path) -> None:
    """Write the graph with int8 weights and int8 embeddings, one scale a row.

    The matrices that narrow the feed-forward layers meet activations with outliers, which one
    range for the whole text serves badly: they get a range for each block of 64 instead. That
    halves the labels that int8 changes, for a tenth of the speed.
    """
    model = onnx.load(source)
    sizes = {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMul"]
    # The heads are too small to be worth it.
    large = {node.name for node in products if min(sizes.get(node.input[1], (0,))) >= 64}
    narrowing = {node.name for node in products if node.name in large and _narrows(node, sizes)}
    _quantise_embeddings(model)
    logging.getLogger().setLevel(logging.ERROR)  # their warnings name what is left as it is
    blocks = MatMulNBitsQuantizer(
        model,
        nodes_to_exclude=[node.name for node in products if node.name not in narrowing],
        algo_config=DefaultWeightOnlyQuantConfig(
            block_size=64,
            is_symmetric=True,
            accuracy_level=4,  # activations in int8 too
            bits=8,
            op_types_to_quantize=("MatMul",),
        ),
    )
    blocks.process()
    blocks.model.save_model_to_file(str(source), False)
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=[node.name for node in products if node.name not in large - narrowing],
        extra_options={"DefaultTensorType": TensorProto.FLOAT, "MatMulConstBOnly": True},
    )


def _narrows(node: onnx.NodeProto, sizes: Mapping[str, tuple[int, ...]]) -> bool:
    rows, columns = sizes[node.input[1]]
    return rows > columns


def _quantise_embeddings(model: onnx.ModelProto) -> None:
    graph = model.graph
    tables = {tensor.name: tensor for tensor in graph.initializer}
    for index, node in reversed(list(enumerate(graph.node))):
        table = tables.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or len(table.dims) != 2 or table.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(table)
        scales = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12) / 127.0
        codes = np.rint(values / scales).astype(np.int8)
        name = table.name
        graph.initializer.remove(table)
        graph.initializer.append(numpy_helper.from_array(codes, f"{name}.codes"))
        graph.initializer.append(
            numpy_helper.from_array(scales.astype(np.float32), f"{name}.scales")
        )
        rows, out = node.input[1], node.output[0]
        made = [
            helper.make_node("Gather", [f"{name}.codes", rows], [f"{out}.codes"], axis=0),
            helper.make_node("Cast", [f"{out}.codes"], [f"{out}.cast"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [f"{name}.scales", rows], [f"{out}.scales"], axis=0),
            helper.make_node("Mul", [f"{out}.cast", f"{out}.scales"], [out]),
        ]
        graph.node.remove(node)
        for offset, one in enumerate(made):
            one.name = f"{out}.{offset}"
            graph.node.insert(index + offset, one)
