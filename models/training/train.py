"""Fine-tunes an encoder and the heads on all data sets at once."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer as Vocabulary
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

from models.network import Network
from models.training.batches import Batch, batches
from models.training.corpus import epoch_rows
from models.training.losses import loss_of, positive_weights
from models.training.rows import Row
from simak.errors import ConfigurationError

CHECKPOINT = "checkpoint.pt"
_AVERAGE_EVERY = 5
_REPORT_EVERY = 50


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of; two runs of one recipe on one machine give the same weights.

    Attributes:
        encoder_rate, head_rate: the highest learning rates.
        warm_up: the share of the steps in which the rates rise to that; then they fall to zero.
        average_decay: of the moving average of the weights, every fifth step.
        clip: the norm of a step's gradients at most.
    """

    epochs: int = 8
    batch: int = 32
    max_length: int = 96
    encoder_rate: float = 1e-4
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: float = 0.06
    average_decay: float = 0.985
    clip: float = 1.0
    seed: int = 13


AGAIN = Recipe(epochs=2, max_length=128, encoder_rate=6e-5, head_rate=4e-4)
"""The recipe of the short runs that start from the weights of a long one; see `soup`."""


@dataclass
class Prepared:
    """An encoder ready to be trained: the network, its vocabulary, the id that pads."""

    network: Network
    vocabulary: Vocabulary
    pad_id: int


def prepare(encoder: str, seed: int) -> Prepared:
    """Load an encoder by Hugging Face id or directory and put fresh heads on it.

    Raises:
        ConfigurationError: it cannot be loaded, or has no fast tokenizer.
    """
    from transformers import AutoModel, AutoTokenizer

    torch.manual_seed(seed)
    try:
        tokenizer = AutoTokenizer.from_pretrained(encoder)
        model = AutoModel.from_pretrained(encoder, dtype=torch.float32)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"the encoder {encoder!r} cannot be loaded: {error}") from error
    vocabulary = getattr(tokenizer, "backend_tokenizer", None)
    if not isinstance(vocabulary, Vocabulary) or tokenizer.pad_token_id is None:
        raise ConfigurationError(f"the encoder {encoder!r} has no fast tokenizer with padding")
    vocabulary.no_truncation()
    vocabulary.no_padding()
    return Prepared(Network(model, model.config.hidden_size), vocabulary, tokenizer.pad_token_id)


def train(
    prepared: Prepared,
    rows: Sequence[Row],
    recipe: Recipe,
    out: Path,
) -> Network:
    """Train and return the network with averaged weights.

    After each epoch a checkpoint is written under `out`; a run that finds one of its own recipe
    goes on from it.

    Args:
        prepared: changed in place.
        rows: the training rows.
        recipe: the settings.
        out: a directory of the run.

    Raises:
        ConfigurationError: `out` holds the checkpoint of another recipe.
    """
    network = prepared.network
    epochs = [epoch_rows(rows, recipe.seed + i) for i in range(recipe.epochs)]
    total = sum(-(-len(epoch) // recipe.batch) for epoch in epochs)
    optimizer, schedule = _optimizer(network, recipe, total)
    average = copy.deepcopy(network).eval()
    first = _resume(out / CHECKPOINT, recipe, network, average, optimizer, schedule)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=_has_bfloat16())
    step = sum(-(-len(epoch) // recipe.batch) for epoch in epochs[:first])
    for index in range(first, recipe.epochs):
        torch.manual_seed(recipe.seed + index)  # dropout: the same after a resume
        made = batches(
            epochs[index],
            prepared.vocabulary,
            prepared.pad_id,
            recipe.batch,
            recipe.max_length,
        )
        presence_weight, signal_weight = _label_weights(made)
        network.train()
        started, seen, recent = time.monotonic(), 0, list[float]()
        for batch in made:
            with autocast:
                states = network.states(batch.input_ids, batch.attention_mask)
            outputs = network.read(states.float(), batch.attention_mask)  # heads in full precision
            loss = loss_of(outputs, batch, presence_weight, signal_weight)
            torch.autograd.backward(loss)
            nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            step, seen = step + 1, seen + len(batch.weight)
            recent = [*recent[-_REPORT_EVERY + 1 :], loss.item()]
            if step % _AVERAGE_EVERY == 0:
                _blend(average, network, min(recipe.average_decay, step / (step + 50)))
            if step % _REPORT_EVERY == 0:
                rate = seen / (time.monotonic() - started)
                mean = sum(recent) / len(recent)
                print(f"step {step}/{total}  loss {mean:.3f}  {rate:.1f} rows/s", flush=True)
        _save(out / CHECKPOINT, recipe, index + 1, network, average, optimizer, schedule)
        print(f"epoch {index + 1}/{recipe.epochs} done", flush=True)
    return average


def load_average(prepared: Prepared, out: Path) -> Network:
    """Return the averaged weights of the last checkpoint under `out`.

    Raises:
        ConfigurationError: there is none.
    """
    if not (out / CHECKPOINT).is_file():
        raise ConfigurationError("no checkpoint there: train first", path=out)
    state = torch.load(out / CHECKPOINT, weights_only=True)
    prepared.network.load_state_dict(state["average"])
    return prepared.network.eval()


def soup(prepared: Prepared, rows: Sequence[Row], recipes: Sequence[Recipe], out: Path) -> Network:
    """Train once more by each recipe, from the same weights, and return the mean of the results.

    Runs that begin at the same trained weights end in one basin, where the mean of their weights
    is a better network than any of them (Wortsman et al. 2022).

    Args:
        prepared: with the trained network.
        rows: the training rows.
        recipes: they differ in their seed.
        out: a directory of the run; each recipe's is named after its seed.
    """
    networks = [
        train(
            replace(prepared, network=copy.deepcopy(prepared.network)),
            rows,
            recipe,
            out / f"seed-{recipe.seed}",
        )
        for recipe in recipes
    ]
    with torch.no_grad():
        mean = copy.deepcopy(networks[0])
        for place, *others in zip(*(one.parameters() for one in [mean, *networks]), strict=True):
            place.copy_(torch.stack(others).mean(0))
    return mean


def _optimizer(
    network: Network, recipe: Recipe, total: int
) -> tuple[torch.optim.Optimizer, LambdaLR]:
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        key = (name.startswith("encoder."), parameter.ndim > 1)
        groups.setdefault(key, []).append(parameter)
    optimizer = torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": recipe.encoder_rate if of_encoder else recipe.head_rate,
                "weight_decay": recipe.weight_decay if matrix else 0.0,
            }
            for (of_encoder, matrix), parameters in groups.items()
        ],
        fused=True,
    )
    warm = max(1, round(recipe.warm_up * total))

    def factor(step: int) -> float:
        return (step + 1) / warm if step < warm else max(0.0, (total - step) / (total - warm))

    return optimizer, LambdaLR(optimizer, factor)


def _label_weights(made: Sequence[Batch]) -> tuple[Tensor, Tensor]:
    presence = torch.cat([batch.presence for batch in made])
    signals = torch.cat([batch.signals for batch in made])
    return positive_weights(presence, 3.0), positive_weights(signals, 4.0)


@torch.no_grad()
def _blend(average: Network, network: Network, decay: float) -> None:
    """Move the averaged weights towards the present ones."""
    for mine, theirs in zip(average.parameters(), network.parameters(), strict=True):
        mine.lerp_(theirs, 1.0 - decay)


def _has_bfloat16() -> bool:
    """Return whether bfloat16 is faster here; elsewhere it is emulated and slower."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _save(
    path: Path, recipe: Recipe, epoch: int, network: Network, average: Network, *rest: Any
) -> None:
    optimizer, schedule = rest
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    torch.save(
        {
            "recipe": json.dumps(asdict(recipe)),
            "epoch": epoch,
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
        },
        part,
    )
    part.replace(path)  # a run killed while saving keeps the checkpoint before


def _resume(path: Path, recipe: Recipe, network: Network, average: Network, *rest: Any) -> int:
    if not path.is_file():
        return 0
    optimizer, schedule = rest
    state = torch.load(path, weights_only=True)
    if state["recipe"] != json.dumps(asdict(recipe)):
        raise ConfigurationError("the checkpoint is of another recipe: use a new --out", path=path)
    network.load_state_dict(state["network"])
    average.load_state_dict(state["average"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return int(state["epoch"])
