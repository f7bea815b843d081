"""How a text shows that it speaks of a promise, where nobody has said how this one is called."""

from __future__ import annotations

GENERAL = (
    '"tepat waktu" OR "tepat janji" OR "sesuai janji" OR "sesuai jadwal" OR "sesuai waktu" '
    'OR "sesuai tanggal" OR estimasi OR janji* OR dijanji* OR menjanjikan OR jaminan OR dijamin '
    'OR ontime OR "on time" OR "on schedule" OR "as scheduled" OR promis* OR guarantee*'
)
"""The query of a promise without one of its own, the same for both sides: whether the touchpoint
is spoken well or badly of tells a promise kept from a promise broken, and one net for both is what
makes the two comparable. "katanya", "harusnya" and "supposed to" are left out: where reviews say
them, few mean a promise. Nor does praise without such words count: "cepat" confirms no day."""
