"""Trains the shipped model: `python -m models.training --data … --encoder … --out …`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from models.training.build import build
from models.training.corpus import load_corpus
from models.training.train import AGAIN, Recipe
from simak.errors import SimakError


def main() -> int:
    """Run the recipe and say where the model is."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training",
        description="Fine-tune an encoder on the open data sets and export it to int8 ONNX.",
        epilog="example: python -m models.training --data ../shared/data "
        "--encoder intfloat/multilingual-e5-small --out runs/first",
    )
    parser.add_argument("--data", type=Path, required=True, help="directory of the data sets")
    parser.add_argument("--encoder", required=True, help="Hugging Face id, or a directory")
    parser.add_argument(
        "--out", type=Path, required=True, help="the run's directory; an unfinished run goes on"
    )
    arguments = parser.parse_args()
    try:
        corpus = load_corpus(arguments.data)
        model = build(corpus, arguments.encoder, arguments.out, Recipe(), AGAIN)
    except SimakError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"model in {model}; measure it: simak evaluate --model {model} --data … --save")
    return 0


if __name__ == "__main__":
    sys.exit(main())
