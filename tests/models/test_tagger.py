from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from models.checkpoint import DEFAULT, load_tagger
from models.tagger import Tagger
from simak.errors import ConfigurationError
from simak.tags import LANGUAGES, SENTIMENTS, SIGNALS, Tags
from simak.taxonomy import load_taxonomy

TOUCHPOINTS = load_taxonomy().ids

TEXTS = [
    "barang bagus cuma pengiriman lama",
    "mantap",
    "mantap",
    "The courier was rude and my parcel is lost, I want a refund now.",
    "",
    "   \n\t ",
    "\u200b",
    "\x00\x00",
    "\ud83d rusak \udca9",
    "🥲🥺🫶🤮",
    "👍" * 500,
    "ممتاز جدا شكرا لكم",
    "非常好",
    "=HYPERLINK(\"http://a\",\"b\")",
    "<script>alert(1)</script> jelek",
    "kecewa " * 150_000,
    "a" * 1_000_000,
    "Pengiriman    LAMAAAA bgttt 😡😡😡 udh seminggu!!!!!!",
]  # fmt: skip


@pytest.fixture(scope="module", params=["tiny", "shipped"])
def tagger(request: pytest.FixtureRequest) -> Tagger:
    if request.param == "shipped":
        return load_tagger()
    return load_tagger(str(request.getfixturevalue("tiny_model")))


@pytest.fixture(scope="module")
def tags(tagger: Tagger) -> list[Tags]:
    return tagger.predict(TEXTS)


def test_every_text_gets_whole_tags(tags: list[Tags]) -> None:
    assert len(tags) == len(TEXTS)
    for tag in tags:
        assert tag.sentiment in SENTIMENTS
        assert tag.language in LANGUAGES
        assert list(tag.touchpoints) == [id for id in TOUCHPOINTS if id in tag.touchpoints]
        assert tag.signals == tuple(name for name in SIGNALS if name in tag.signals)
        assert all(0.0 <= score <= 1.0 for score in tag.scores.values())
        assert abs(sum(tag.scores[name] for name in SENTIMENTS) - 1.0) < 1e-3
        assert tag.sentiment == max(SENTIMENTS, key=lambda name: tag.scores[name])


def test_scores_cover_every_label_of_a_readable_text(tags: list[Tags]) -> None:
    assert list(tags[0].scores) == [*SENTIMENTS, "complaint", *TOUCHPOINTS, *SIGNALS]


def test_text_with_nothing_to_read_is_neutral(tags: list[Tags]) -> None:
    for index, text in enumerate(TEXTS):
        if not text.strip("\x00\u200b \n\t"):
            empty = tags[index]
            assert (empty.sentiment, empty.complaint, empty.language) == (
                "neutral",
                False,
                "unknown",
            )
            assert (dict(empty.touchpoints), empty.signals) == ({}, ())


def test_spans_point_into_the_text(tags: list[Tags]) -> None:
    for text, tag in zip(TEXTS, tags, strict=True):
        for name, one in tag.touchpoints.items():
            assert one.score == tag.scores[name]
            assert one.polarity in SENTIMENTS
            if one.span is not None:
                start, end = one.span
                assert 0 <= start < end <= len(text)
                assert text[start:end].strip()


def test_text_has_the_same_tags_whatever_it_is_tagged_with(
    tagger: Tagger, tags: list[Tags]
) -> None:
    shuffled = list(zip(TEXTS, tags, strict=True))
    random.Random(5).shuffle(shuffled)
    assert tagger.predict([text for text, _tag in shuffled]) == [tag for _text, tag in shuffled]
    for text, tag in list(zip(TEXTS, tags, strict=True))[:6]:
        assert tagger.predict([text]) == [tag]


def test_threads_do_not_change_a_score(tagger: Tagger, tags: list[Tags], tiny_model: Path) -> None:
    model = None if tagger.version == load_tagger().version else str(tiny_model)
    assert load_tagger(model, threads=1).predict(TEXTS[:6]) == tags[:6]
    assert load_tagger(model, threads=7).predict(TEXTS[:6]) == tags[:6]


def test_no_text_is_no_tag(tagger: Tagger) -> None:
    assert tagger.predict([]) == []


def test_equal_texts_are_run_once(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.runtime import Runtime

    run, seen = Runtime._run, []
    monkeypatch.setattr(
        Runtime, "_run", lambda self, states, one: (seen.append(1), run(self, states, one))[1]
    )
    tags = load_tagger(str(tiny_model)).predict(["mantap", "kecewa", "mantap", "mantap"])
    assert len(seen) == 2
    assert tags[0] == tags[2] == tags[3] != tags[1]


def test_default_path_never_imports_torch() -> None:
    code = (
        "import sys; from models.checkpoint import load_tagger; load_tagger().predict(['halo']);"
        "print([m for m in ('torch', 'transformers', 'sklearn', 'onnx') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_directory_that_is_no_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="neither a directory of Simak's format nor"):
        load_tagger(str(tmp_path / "nothing"))
    with pytest.raises(ConfigurationError, match="neither a directory of Simak's format nor"):
        load_tagger(str(tmp_path))


def test_shipped_model_is_small_enough_and_documented() -> None:
    files = list(DEFAULT.iterdir())
    assert sum(path.stat().st_size for path in files) <= 40_000_000
    assert {"README.md", "metrics.json"} <= {path.name for path in files}


OBVIOUS = """
positive | barangnya bagus banget, awet, suka! | product_quality positive
negative | pengiriman lama sekali, sudah 2 minggu belum sampai | delivery negative
negative | hebat, sudah seminggu belum sampai juga | delivery negative
negative | aplikasinya error terus, force close tiap dibuka | website_app negative
negative | kode OTP tidak masuk, tidak bisa login | account_access negative
positive | packing rapi, bubble wrap tebal, aman | packaging positive
positive | harganya murah dan pengirimannya cepat | price positive, delivery positive
negative | kecewa, refund ga cair-cair padahal sudah sebulan | returns_refunds negative
negative | CS tidak membalas chat saya, pelayanan buruk | customer_service negative
negative | The food was cold and tasteless. | product_quality negative
positive | Delivery was super fast, thank you! | delivery positive
negative | The app crashes every time I open it | website_app negative
negative | Payment failed but my balance was deducted | payment negative
positive | Staff were friendly and the room was clean | place_staff positive
positive | mantap |
negative | kecewa |
neutral | besok jam berapa bukanya kak? |
"""


@pytest.mark.parametrize("line", OBVIOUS.strip().splitlines())
def test_shipped_model_knows_the_obvious(line: str) -> None:
    sentiment, text, listed = (part.strip() for part in line.split("|"))
    expected = dict(pair.split() for pair in listed.split(",")) if listed else {}
    tags = load_tagger().predict([text])[0]
    assert (tags.sentiment, tags.complaint) == (sentiment, sentiment == "negative")
    found = {name: tag.polarity for name, tag in tags.touchpoints.items()}
    assert found.items() >= expected.items()
    if not expected:
        assert not found


def test_evidence_of_the_shipped_model_is_where_a_reader_would_look() -> None:
    text = "Barangnya bagus dan awet, sayang pengirimannya lama sekali sampai dua minggu."
    tags = load_tagger().predict([text])[0]
    span = tags.touchpoints["delivery"].span
    assert span is not None
    assert "pengirimannya" in text[slice(*span)]
    assert "Barangnya bagus" not in text[slice(*span)]
