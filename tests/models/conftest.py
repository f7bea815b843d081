from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from models.training.build import build
from models.training.corpus import Corpus
from models.training.rows import Row
from models.training.train import Recipe
from simak.taxonomy import load_taxonomy

os.environ["HF_HUB_OFFLINE"] = "1"

TINY = Recipe(epochs=2, batch=4, max_length=32, encoder_rate=1e-3, head_rate=1e-2, warm_up=0.1)
TINY_AGAIN = replace(TINY, epochs=1, encoder_rate=1e-4, head_rate=1e-3)

_SAID = [
    ("barang bagus sekali, awet dipakai", 2, {"product_quality": "positive"}, ["advocacy"]),
    ("kualitas jelek, baru seminggu rusak", 0, {"product_quality": "negative"}, []),
    ("pengiriman lama banget, kurir tidak datang", 0, {"delivery": "negative"}, ["high_effort"]),
    ("pengiriman cepat, kurir ramah", 2, {"delivery": "positive"}, []),
    ("the box was crushed and the seal open", 0, {"packaging": "negative"}, []),
    ("great price and fast delivery", 2, {"price": "positive", "delivery": "positive"}, []),
    ("cara bayar pakai kartu bagaimana ya", 1, {"payment": "neutral"}, []),
    ("refund not received, nobody answers", 0, {"returns_refunds": "negative"}, ["no_reply"]),
    ("kecewa", 0, {}, []),
    ("mantap", 2, {}, []),
    ("besok toko buka jam berapa", 1, {}, []),
    ("aplikasi error terus sejak diperbarui", 0, {"website_app": "negative"}, ["switching"]),
]


def row(text: str, sentiment: int, touchpoints: dict[str, str], signals: list[str]) -> Row:
    """A fully labelled row; a complaint where the sentiment is negative."""
    return Row(
        text,
        "authored_id",
        1.0,
        sentiment,
        int(sentiment == 0),
        tuple(touchpoints.items()),
        frozenset(load_taxonomy().ids),
        tuple(signals),
    )


@pytest.fixture(scope="session")
def rows() -> tuple[Row, ...]:
    return tuple(row(*said) for said in _SAID)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory, rows: tuple[Row, ...]) -> Path:
    """A random BERT of two layers with a tokenizer of its own, as Hugging Face saves them."""
    import torch
    from transformers import BertConfig, BertModel

    directory = tmp_path_factory.mktemp("encoder")
    tokenizer = save_tokenizer(directory, [one.text for one in rows])
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=tokenizer,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=128,
        pad_token_id=1,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(directory)
    return directory


def save_tokenizer(directory: Path, texts: list[str]) -> int:
    """Train a small Unigram tokenizer on texts, save it and return the size of its vocabulary."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer.train_from_iterator(
        texts,
        trainers.UnigramTrainer(vocab_size=300, special_tokens=special, unk_token="<unk>"),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
    ).save_pretrained(directory)
    return tokenizer.get_vocab_size()


@pytest.fixture(scope="session")
def tiny_run(
    tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path, rows: tuple[Row, ...]
) -> Path:
    """The directory of a whole run of the recipe on a dozen rows."""
    out = tmp_path_factory.mktemp("run")
    build(Corpus(rows * 4, rows, rows, {}), str(tiny_encoder), out, TINY, TINY_AGAIN)
    return out


@pytest.fixture(scope="session")
def tiny_model(tiny_run: Path) -> Path:
    """A model directory in the project's format."""
    return tiny_run / "model"
