"""The trained network into the files that ship: an int8 ONNX graph and the tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer as Vocabulary

from models.encoding import encode
from models.network import Network
from models.package import MODEL, TOKENIZER
from models.runtime import INPUT, Logits
from models.training.graph import network_graph
from simak.errors import ModelError

MAX_BYTES = 40_000_000
"""What the shipped directory may weigh."""

FLOAT = "float32"
"""The directory of the same model before quantisation, to measure what int8 costs."""

_TOLERANCE = 1e-3
_LENGTHS = (3, 9, 24)


def export(
    network: Network,
    vocabulary: Vocabulary,
    texts: Sequence[str],
    max_length: int,
    directory: Path,
    run: Path,
) -> None:
    """Write `model.onnx` and `tokenizer.json` to `directory`, before int8 to `run`/float32.

    Args:
        network: trained.
        vocabulary: its tokenizer.
        texts: of the kind it is for, to see how large its activations are.
        max_length: the most tokens of a text.
        directory: made where it is not there.
        run: the run's directory.

    Raises:
        ModelError: the graph answers otherwise than the network, the encoder is of an unknown
            kind, or the files are larger than `MAX_BYTES`.
    """
    network = network.eval()
    ids = [encoded.ids for encoded in encode(vocabulary, texts, max_length)]
    for place, seen in ((run / FLOAT, None), (directory, ids)):
        place.mkdir(parents=True, exist_ok=True)
        onnx.save(network_graph(network, quantise_for=seen), place / MODEL)
        vocabulary.save(str(place / TOKENIZER), pretty=False)
    _compare(network, run / FLOAT / MODEL)
    size = sum((directory / name).stat().st_size for name in (MODEL, TOKENIZER))
    if size > MAX_BYTES:
        raise ModelError(f"{directory}: {size} bytes, the most is {MAX_BYTES}")


@torch.no_grad()
def _compare(network: Network, path: Path) -> None:
    """Check a graph against the network on texts of several lengths."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    generator = np.random.default_rng(0)
    embeddings = network.encoder.get_input_embeddings().num_embeddings
    for length in _LENGTHS:
        ids = generator.integers(5, embeddings, (1, length))
        expected = network(torch.from_numpy(ids), torch.ones(1, length, dtype=torch.long))
        answers = session.run(None, {INPUT: ids})
        for name, mine, theirs in zip(Logits._fields, expected, answers, strict=True):
            worst = float(np.abs(mine.numpy() - theirs).max())
            if mine.shape != theirs.shape or worst > _TOLERANCE:
                raise ModelError(f"{path}: {name} is off by {worst:.2g} from the network")
