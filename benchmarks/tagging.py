"""Texts tagged per second, beside a BERT-base classifier in a `transformers` pipeline.

The same texts, in the same process and with the same number of threads, go through the default
tagger and through a pipeline with a classifier of BERT-base size (random weights take as long as
trained ones): one text a call, and in batches of 32 sorted by length. The three take turns;
figures are medians of the turns. No text stands twice, because the tagger tags equal texts once.
The peak memory is that of a process that does nothing but tag.

    python -m benchmarks.tagging
    python -m benchmarks.tagging --data reviews.csv --texts 1000
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import click

from benchmarks.report import Figure, finish, say
from benchmarks.texts import recombined, sample_texts
from models.checkpoint import load_tagger

SINGLE_TARGET, BATCHED_TARGET, MEMORY_TARGET_MB = 20, 12, 1000
BATCH = 32
_VOCABULARY = 30_522  # BERT's; what the texts give is less
_LONGEST = 128
_WARM_UP = 8
_MEMORY_BATCH = 2_000  # as `simak tag` reads them

Tag = Callable[[Sequence[str]], Any]


def measure(
    texts: Sequence[str], *, turns: int, threads: int, model: str | None, memory_texts: int
) -> list[Figure]:
    """Return the figures: both ratios, the three speeds and the peak memory."""
    # First, while this process is small: a child inherits its parent's peak.
    peak = _peak_memory(memory_texts, threads, model)
    say(f"peak memory {peak:.0f} MB")
    tagger = load_tagger(model, threads=threads)
    pipeline, tokens = _bert_pipeline(texts, threads)
    ways: dict[str, Tag] = {
        "tagger": tagger.predict,
        "one at a time": lambda some: [pipeline(text) for text in some],
        "batched": lambda some: pipeline(sorted(some, key=len), batch_size=BATCH),
    }
    for tag in ways.values():
        tag(texts[:_WARM_UP])
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns):
        for name, tag in ways.items():
            start = time.perf_counter()
            tag(texts)
            speeds[name].append(len(texts) / (time.perf_counter() - start))
            say(f"turn {turn + 1}: {name} {speeds[name][-1]:.1f} texts/s")
    command = "python -m benchmarks.tagging"
    about = f"{len(texts)} distinct texts, {threads} threads"
    figures = [
        Figure(
            f"tagging: texts per second over BERT-base pipeline, {name}",
            median(speeds["tagger"]) / median(speeds[name]),
            "×",
            command,
            at_least=target,
            note=f"{about}, {turns} turns",
        )
        for name, target in (("one at a time", SINGLE_TARGET), ("batched", BATCHED_TARGET))
    ]
    figures += [
        Figure(
            f"tagging: {name}" if name == "tagger" else f"tagging: BERT-base pipeline, {name}",
            median(taken),
            "texts/s",
            command,
            note=f"{min(taken):.1f}-{max(taken):.1f}"
            + ("" if name == "tagger" else f", {tokens:.0f} tokens a text"),
        )
        for name, taken in speeds.items()
    ]
    figures.append(
        Figure(
            "tagging: peak memory of the process",
            peak,
            "MB",
            command,
            at_most=MEMORY_TARGET_MB,
            note=f"{memory_texts:,} texts, {threads} threads",
        )
    )
    return figures


def _bert_pipeline(texts: Sequence[str], threads: int) -> tuple[Any, float]:
    """Return a pipeline of BERT-base size, and how many tokens its texts have on average."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    torch, tokenizers = import_module("torch"), import_module("tokenizers")
    transformers = import_module("transformers")
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    words = tokenizers.BertWordPieceTokenizer()
    words.train_from_iterator(texts, vocab_size=_VOCABULARY, min_frequency=1, show_progress=False)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words._tokenizer,
        model_max_length=_LONGEST,
        **{f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")},
    )
    config = transformers.BertConfig(vocab_size=_VOCABULARY, num_labels=3)
    made = transformers.pipeline(
        "text-classification",
        model=transformers.BertForSequenceClassification(config).eval(),
        tokenizer=tokenizer,
        device="cpu",
        truncation=True,
    )
    lengths = [len(ids) for ids in tokenizer(list(texts), truncation=True)["input_ids"]]
    return made, sum(lengths) / len(lengths)


def _peak_memory(count: int, threads: int, model: str | None) -> float:
    """Return the megabytes that a process needs at most to tag `count` texts."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_tag_and_weigh, (count, threads, model))


def _tag_and_weigh(count: int, threads: int, model: str | None) -> float:
    tagger = load_tagger(model, threads=threads)
    texts = recombined()
    while count > 0:
        batch = list(islice(texts, min(count, _MEMORY_BATCH)))
        tagger.predict([*batch, " ".join(batch)])  # the last is as long as any can be
        count -= len(batch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def read_texts(data: Path | None, count: int) -> list[str]:
    """Return distinct texts in no order: of a file that could be imported, or of the sample."""
    found: Sequence[str] = sample_texts()
    if data is not None:
        from collectors.http import HttpClient
        from collectors.job import make_context
        from collectors.sources.file import FileSource

        source = FileSource(name=data.name, brand="benchmark", options={"path": str(data)})
        with HttpClient() as http:
            pages = source.collect({}, make_context(source.name, http=http))
            found = list(dict.fromkeys(raw.text for page in pages for raw in page.mentions))
    texts = [text for text in found if text.strip()]
    random.Random(1).shuffle(texts)
    return texts[:count]


@click.command(help=(__doc__ or "").strip().partition("\n")[0])
@click.option("--data", type=click.Path(path_type=Path, exists=True), help="A file of reviews.")
@click.option("--texts", "count", default=400, show_default=True, help="Distinct texts at most.")
@click.option("--turns", default=3, show_default=True)
@click.option("--threads", default=len(os.sched_getaffinity(0)), show_default=True)
@click.option("--model", help="A model directory instead of the default one.")
@click.option("--memory-texts", default=6_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def main(
    data: Path | None,
    count: int,
    turns: int,
    threads: int,
    model: str | None,
    memory_texts: int,
    as_json: bool,
) -> None:
    texts = read_texts(data, count)
    figures = measure(texts, turns=turns, threads=threads, model=model, memory_texts=memory_texts)
    finish(figures, as_json=as_json)


if __name__ == "__main__":
    main()
