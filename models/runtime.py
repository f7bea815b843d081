"""Runs `model.onnx` on texts: ONNX Runtime and the tokenizer, no torch.

Each text is a run of its own, and a run has one thread. Int8 activations take their range from
the tensor they are in, so that texts in one batch would change each other's scores; alone, the
same text always gets the same labels. Nothing is padded, which makes this as fast as padded
batches sorted by length (see the model card).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer as Vocabulary

from models.encoding import Encoded, encode
from models.package import MODEL, TOKENIZER
from simak.errors import ModelError

Array = NDArray[np.float32]

INPUT = "input_ids"
"""The graph's only input: token ids, (1, T)."""

OUTPUT_SUFFIX = "_logits"
"""The graph's outputs are named after the fields of `Logits`, with this behind them."""

_CHUNK = 2048
"""Texts encoded at a time, which bounds the memory of a call with a million texts."""

_CHUNK_WITH_STATES = 128
"""The same where the states are wanted too, which take a hundred times the memory."""

NO_STATES: Array = np.empty((0, 0), np.float32)


class Logits(NamedTuple):
    """What the network says of one text of T tokens, in the label order of `models.labels`.

    Attributes:
        sentiment: (3,).
        complaint: ().
        presence: (19,), of each touchpoint.
        polarity: (19, 3), of each touchpoint, were it there.
        signals: (6,).
        evidence: (19, T), the part of `presence` that each token brings.
        states: (T, H), the encoder's token states; (0, 0) unless they were asked for.
    """

    sentiment: Array
    complaint: Array
    presence: Array
    polarity: Array
    signals: Array
    evidence: Array
    states: Array = NO_STATES


class Runtime:
    """A loaded graph with its tokenizer.

    Args:
        directory: holds `model.onnx` and `tokenizer.json`.
        max_length: the most tokens of a text.
        threads: texts run at a time; None for one a core.

    Raises:
        ModelError: ONNX Runtime or the tokenizer cannot read the files.
    """

    def __init__(self, directory: Path, max_length: int, *, threads: int | None = None) -> None:
        self._max_length = max_length
        self._threads = threads or len(os.sched_getaffinity(0))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                directory / MODEL, options, providers=["CPUExecutionProvider"]
            )
            self._vocabulary = Vocabulary.from_file(str(directory / TOKENIZER))
        except Exception as error:  # neither library has a base class of its own for it
            raise ModelError(f"{directory} cannot be loaded: {error}") from error
        self._outputs = [name + OUTPUT_SUFFIX for name in Logits._fields]
        missing = set(self._outputs) - {output.name for output in self._session.get_outputs()}
        if missing:
            raise ModelError(f"{directory / MODEL} has no output {sorted(missing)[0]!r}")

    def run(
        self, texts: Sequence[str], *, states: bool = False
    ) -> Iterator[tuple[Encoded, Logits | None]]:
        """Yield each text as encoded and its logits, in order; None where nothing is to be read.

        Args:
            texts: any strings.
            states: whether the token states are wanted too.
        """
        run = partial(self._run, states)
        chunk = _CHUNK_WITH_STATES if states else _CHUNK
        with ThreadPoolExecutor(self._threads) as pool:
            for at in range(0, len(texts), chunk):
                encoded = encode(self._vocabulary, texts[at : at + chunk], self._max_length)
                yield from zip(encoded, pool.map(run, encoded), strict=True)

    def _run(self, states: bool, encoded: Encoded) -> Logits | None:
        if not encoded.normalised.text:
            return None
        feed = {INPUT: np.array([encoded.ids], dtype=np.int64)}
        wanted = self._outputs if states else self._outputs[:-1]
        return Logits(*(output[0] for output in self._session.run(wanted, feed)))
