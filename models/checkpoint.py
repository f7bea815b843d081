"""Loads a tagger: the shipped one, one of the project's format, or a Hugging Face checkpoint."""

from __future__ import annotations

from pathlib import Path

from models.package import DESCRIPTION, MODEL, read_package
from models.tagger import Tagger

DEFAULT = Path(__file__).with_name("default")
"""The shipped model."""


def load_tagger(model: str | None = None, *, threads: int | None = None) -> Tagger:
    """Return a tagger.

    Args:
        model: None for the shipped model; a directory in the project's format; or a directory or
            id of a Hugging Face sentiment checkpoint, which gives sentiment alone.
        threads: the most threads to use; None for one a core.

    Raises:
        ModelError: the model's files are missing, damaged or of another version.
        ConfigurationError: a Hugging Face checkpoint cannot be found, or its labels are not
            those of a sentiment.

    Example:
        >>> load_tagger().predict(["barang bagus"])[0].sentiment
        'positive'
    """
    directory = DEFAULT if model is None else Path(model)
    # Each path imports its own runtime: the default one never pays for torch.
    if model is None or _is_own_format(directory):
        from models.onnx_tagger import OnnxTagger

        return OnnxTagger(read_package(directory), threads=threads)
    from models.huggingface import HuggingFaceTagger

    return HuggingFaceTagger(model, threads=threads)


def _is_own_format(directory: Path) -> bool:
    """Return whether a directory is in the project's format rather than Hugging Face's."""
    return (directory / DESCRIPTION).is_file() or (directory / MODEL).is_file()
