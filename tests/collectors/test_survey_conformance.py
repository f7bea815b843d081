from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from collectors.sources.survey import SurveySource
from tests.collectors.conformance import Conformance

MAY = """id,tanggal,skor nps,alasan
r-1,2026-05-03 09:00,9,kurirnya ramah
r-2,2026-05-03 10:00,2,refund belum masuk juga
r-3,2026-05-04 11:30,7,lumayan
"""
STORE = """{"id": "t-1", "metric": "CSAT", "score": 4, "comment": "kasirnya cepat"}
{"id": "t-2", "metric": "CSAT", "score": 1, "comment": "antre tiga puluh menit"}
"""


class TestSurvey(Conformance):
    pages: ClassVar[int] = 2
    edited: ClassVar[tuple[str, str]] = ("lumayan", "ternyata kecewa")
    deleted: ClassVar[str] = "refund"
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "blank": b" \r\n\t",
        "web page": b"<!DOCTYPE html><html><head><title>Masuk</title></head></html>",
        "json list": b'[{"id": "1", "nps": 9}]',
        "half a json": b'{"id": "1", "nps',
        "header alone": b"id,tanggal,skor nps,alasan\n",
        "other columns": b"kode,nama\n1,Budi\n",
        "null": b"null",
        "no score can be read": b"id,skor nps,alasan\n1,bagus,\n2,11,\n",
        "deep": b'{"nps":' * 3_000 + b"1" + b"}" * 3_000,
        "binary": bytes(range(256)) * 4,
        "half a workbook": b"PK\x03\x04" + b"\x00" * 100,
    }

    @pytest.fixture
    def world(self, tmp_path: Path) -> Path:
        folder = tmp_path / "survei"
        folder.mkdir()
        return folder

    def make(self, world: Path) -> SurveySource:
        return SurveySource(name="survei", brand="Senandika", options={"path": str(world)})

    def serve(self, world: Path, state: str) -> None:
        may = MAY
        if state == "edited":
            may = may.replace("lumayan", "ternyata kecewa")
        elif state == "deleted":
            may = "".join(line for line in MAY.splitlines(keepends=True) if "refund" not in line)
        (world / "mei.csv").write_text(may)
        (world / "toko.jsonl").write_text(STORE)

    def serve_broken(self, world: Path, body: bytes) -> None:
        for path in world.iterdir():
            path.write_bytes(body)
