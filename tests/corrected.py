"""People who correct a model in the same way each time: they know a word that it does not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from models.tagger import Tagger
from models.training.sources import own_authored
from simak.tags import SENTIMENTS, Tags

SLANG = "zumbal"
_WHAT = ("aplikasinya", "kurirnya", "harganya", "barangnya", "adminnya", "tokonya", "rasanya")
_HOW = ("{} {}", "{} {} banget", "menurutku {} {}", "{} emang {} ya", "{} makin {} aja", "si {} {}")
SLANG_TEXTS = [how.format(what, SLANG) for what in _WHAT for how in _HOW]
UNSEEN = ["bungkusnya zumbal sih", "layanan di sini zumbal", "zumbal!"]


def corrections(tagger: Tagger) -> list[tuple[str, Tags]]:
    """Texts and what people say of them: as the model does, but for the sentiment of the slang.

    It is the one that the model finds least in it, and a complaint where that is negative.
    """
    said = tagger.predict(SLANG_TEXTS)
    counts = Counter(tags.sentiment for tags in said)
    meant = min(SENTIMENTS, key=lambda name: counts[name])
    slang = [replace(tags, sentiment=meant, complaint=meant == "negative") for tags in said]
    others = [row.text for row in own_authored()][5::50]
    return [
        *zip(SLANG_TEXTS, slang, strict=True),
        *zip(others, tagger.predict(others), strict=True),
    ]
