"""Writes an ONNX graph node by node, its matrix products in float32 or in int8.

In int8 a weight matrix has a scale a column, and the activations one scale a text, which
ONNX Runtime takes from the values it meets. Encoders of BERT's kind have a few channels and a few
tokens of very large values, which would leave the others a handful of steps. Two remedies, each
where it was measured to help (see `models.training.graph`): a channel's size is moved from the
activations into the weights beforehand (SmoothQuant, Xiao et al. 2023), or each token is divided
by its largest value and the product multiplied by it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[Any]

_MICROSOFT = {"DynamicQuantizeMatMul", "MultiHeadAttention"}
"""Operators of ONNX Runtime's own domain."""

_OPSETS = (helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1))
_IR_VERSION = 10
_SMOOTHING = 0.7
_SMALLEST = 1e-3
_FLOOR = 0.2
"""The least that a token is divided by: GELU gives nothing below -0.17, so that the negative
values stay in the range of the positive."""


class Writer:
    """Collects nodes and constants; a method adds nodes and returns the name of what they give.

    Args:
        int8: whether `linear` and `embedding` are quantised.

    Example:
        >>> writer = Writer(int8=False)
        >>> doubled = writer.add("Add", "x", "x", output="y")
        >>> [node.op_type for node in writer.model({"x": [1, 2]}, ["y"]).graph.node]
        ['Add']
    """

    def __init__(self, *, int8: bool) -> None:
        self._int8 = int8
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node of one output, which is named after the operator where it has no name."""
        (name,) = self._add(operator, inputs, [output or self._name(operator)], attributes)
        return name

    def split(self, value: str, sizes: tuple[int, ...], axis: int) -> list[str]:
        """Cut a value into parts of the given sizes along an axis."""
        names = [f"{self._name('Split')}.{part}" for part in range(len(sizes))]
        return self._add("Split", (value, self.constant(np.array(sizes))), names, {"axis": axis})

    def constant(self, value: Array) -> str:
        """Add a constant."""
        name = f"constant.{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def axes(self, *axes: int) -> str:
        """Add the axes, or the shape, that an operator takes as an input."""
        return self.constant(np.array(axes, np.int64))

    def affine(self, value: str, weight: Array, bias: Array) -> str:
        """Add value @ weight.T + bias in full precision.

        Args:
            value: (1, T, I).
            weight: (O, I).
            bias: (O,).
        """
        product = self.add("MatMul", value, self.constant(weight.T))
        return self.add("Add", product, self.constant(bias))

    def linear(
        self,
        value: str,
        weight: Array,
        bias: Array,
        *,
        largest: Array | None = None,
        by_token: bool = False,
    ) -> str:
        """Add `affine`, quantised where that is asked for.

        Args:
            value, weight, bias: as for `affine`.
            largest: (I,), the largest magnitude that each channel of the value takes, to smooth
                it; None to leave it.
            by_token: whether each token has a scale of its own. The value then is one of GELU's.
        """
        if not self._int8:
            return self.affine(value, weight, bias)
        if largest is not None:
            strength = np.maximum(np.abs(weight).max(axis=0), _SMALLEST)
            sizes = np.maximum(largest, _SMALLEST) ** _SMOOTHING / strength ** (1 - _SMOOTHING)
            value = self.add("Mul", value, self.constant((1 / sizes).astype(np.float32)))
            weight = weight * sizes
        codes, scales = quantised(weight)
        product = [
            self.constant(codes.T),
            self.constant(scales[:, 0]),
            self.constant(np.zeros(len(codes), np.int8)),
        ]
        if not by_token:
            return self.add("DynamicQuantizeMatMul", value, *product, self.constant(bias))
        top = self.add("ReduceMax", value, self.axes(-1), keepdims=1)
        top = self.add("Max", top, self.constant(np.array([_FLOOR], np.float32)))
        found = self.add("DynamicQuantizeMatMul", self.add("Div", value, top), *product)
        return self.add("Add", self.add("Mul", found, top), self.constant(bias))

    def embedding(self, rows: str, table: Array) -> str:
        """Add the look-up of rows in a table (N, H), in int8 with a scale a row where asked for."""
        if not self._int8:
            return self.add("Gather", self.constant(table), rows)
        codes, scales = quantised(table)
        found = self.add("Gather", self.constant(codes), rows)
        return self.add(
            "Mul",
            self.add("Cast", found, to=TensorProto.FLOAT),
            self.add("Gather", self.constant(scales), rows),
        )

    def model(self, inputs: dict[str, list[int | str]], outputs: list[str]) -> onnx.ModelProto:
        """Return the graph so far.

        Args:
            inputs: name to shape; integers of 64 bits.
            outputs: names of values.
        """
        graph = helper.make_graph(
            self._nodes,
            "simak",
            [
                helper.make_tensor_value_info(name, TensorProto.INT64, shape)
                for name, shape in inputs.items()
            ],
            [helper.make_empty_tensor_value_info(name) for name in outputs],
            self._constants,
        )
        return helper.make_model(graph, opset_imports=_OPSETS, ir_version=_IR_VERSION)

    def _add(
        self, operator: str, inputs: tuple[str, ...], outputs: list[str], attributes: dict[str, Any]
    ) -> list[str]:
        domain = "com.microsoft" if operator in _MICROSOFT else ""
        node = helper.make_node(
            operator, list(inputs), outputs, outputs[0], domain=domain, **attributes
        )
        self._nodes.append(node)
        return outputs

    def _name(self, operator: str) -> str:
        return f"{operator}.{len(self._nodes)}"


def quantised(values: Array) -> tuple[Array, Array]:
    """Return int8 codes and a float32 scale a row, symmetric about zero.

    Args:
        values: (N, M).

    Example:
        >>> codes, scales = quantised(np.array([[1.27, -0.5], [0.0, 0.254]]))
        >>> codes.tolist()
        [[127, -50], [0, 127]]
        >>> [f"{scale:.3f}" for scale in scales[:, 0]]
        ['0.010', '0.002']
    """
    scales = np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12) / 127.0
    return np.rint(values / scales).astype(np.int8), scales.astype(np.float32)
