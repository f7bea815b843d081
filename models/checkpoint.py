"""Loads a tagger: the shipped one, one of the project's format, or a Hugging Face checkpoint."""

from __future__ import annotations

from pathlib import Path

from models.adapt.adaptation import Adaptation, House, load_adaptation
from models.package import DESCRIPTION, MODEL, Package, read_package
from models.tagger import Tagger
from simak.errors import ConfigurationError
from simak.label_map import LabelMap

DEFAULT = Path(__file__).with_name("default")
"""The shipped model."""


def load_tagger(
    model: str | None = None,
    *,
    labels: LabelMap | None = None,
    threads: int | None = None,
    house: House | Adaptation | None = None,
) -> Tagger:
    """Return a tagger.

    Args:
        model: None for the shipped model; a directory in the project's format; or a directory or
            id of a Hugging Face checkpoint for sequences, zero-shot classification or tokens.
        labels: what the labels of a Hugging Face checkpoint stand for, beyond those that are
            known. A directory in the project's format has labels of its own and needs none.
        threads: the most threads to use; None for one a core.
        house: for what an installation has taught the model, or that itself, as another process
            has read it; None for the model as it is. A Hugging Face checkpoint is always taken
            as it is.

    Raises:
        ModelError: the model's files are missing, damaged or of another version.
        ConfigurationError: a Hugging Face checkpoint cannot be found, or its labels are not all
            known; labels are given and no model; or what was taught is damaged.

    Example:
        >>> load_tagger().predict(["barang bagus"])[0].sentiment
        'positive'
    """
    if model is None and labels:
        raise ConfigurationError(
            "[model.labels] says what the labels of a Hugging Face checkpoint stand for, and none "
            "is named: set model.path to it, or leave [model.labels] out"
        )
    # Each path imports its own runtime: the default one never pays for torch.
    if model is None or _is_own_format(Path(model)):
        from models.onnx_tagger import OnnxTagger

        package = adaptable(model)
        adaptation = (
            load_adaptation(package, house, threads=threads) if isinstance(house, House) else house
        )
        return OnnxTagger(package, threads=threads, adaptation=adaptation)
    from models.huggingface.tagger import HuggingFaceTagger

    return HuggingFaceTagger(model, labels or {}, threads=threads)


def adaptable(model: str | None) -> Package:
    """Return the checked files of a model that can be adapted: one of the project's format.

    Args:
        model: as for `load_tagger`.

    Raises:
        ModelError: the model's files are missing, damaged or of another version.
        ConfigurationError: it is a Hugging Face checkpoint.
    """
    directory = DEFAULT if model is None else Path(model)
    if model is not None and not _is_own_format(directory):
        raise ConfigurationError(
            f"the model {model!r} is not in Simak's own format: only such a model gives the token "
            "states that this needs; leave model.path out of the settings to use the shipped one"
        )
    return read_package(directory)


def _is_own_format(directory: Path) -> bool:
    """Return whether a directory is in the project's format rather than Hugging Face's."""
    return (directory / DESCRIPTION).is_file() or (directory / MODEL).is_file()
