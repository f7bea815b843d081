"""Reads survey files as a run does, and gathers what became of their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collectors.http import HttpClient
from collectors.job import make_context
from collectors.source import Page
from collectors.sources.survey import SurveySource
from simak.errors import BadRecord, SimakError
from simak.mention import RawMention
from simak.survey import CustomerCount, SurveyAnswer
from simak.taxonomy import Taxonomy, load_taxonomy

FULL = """Response ID,Tanggal,Skor NPS,Komentar,Titik Sentuh,Saluran,Segmen
r-1,2026-05-03 16:30 WIB,9,"Cepat, ramah",Pengiriman,WhatsApp,Emas
"""
COUNTS = """bulan,pelanggan awal,baru,hilang
Mei 2026,1.250,100,50
Juni 2026,1.300,80,90
"""


@dataclass
class Read:
    answers: list[SurveyAnswer] = field(default_factory=list)
    mentions: list[RawMention] = field(default_factory=list)
    customers: list[CustomerCount] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    error: SimakError | None = None

    @property
    def items(self) -> int:
        good = len(self.answers) + len(self.mentions) + len(self.customers)
        return good + len(self.bad) + sum(self.skipped.values())

    @property
    def reasons(self) -> list[str]:
        return [str(bad) for bad in self.bad]

    @property
    def comments(self) -> list[str]:
        said = {a.comment.external_id: a.comment.text for a in self.answers if a.comment}
        return [text for text in said.values() if text]


def source(path: Path, **options: Any) -> SurveySource:
    return SurveySource(name="survei", brand="Senandika", options={"path": str(path), **options})


def read(
    path: Path,
    *,
    taxonomy: Callable[[], Taxonomy] = load_taxonomy,
    cursor: dict[str, Any] | None = None,
    **options: Any,
) -> Read:
    result = Read()
    with HttpClient() as http:
        try:
            context = make_context("survei", http=http, taxonomy=taxonomy)
            for page in source(path, **options).collect(cursor or {}, context):
                result.pages.append(page)
                result.answers += page.answers
                result.mentions += page.mentions
                result.customers += page.customers
                result.bad += page.bad
                result.skipped.update(page.skipped)
                result.warnings.update(page.warnings)
                result.notes += page.notes
        except SimakError as error:
            result.error = error
    return result
