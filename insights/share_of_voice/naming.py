"""How a text names a brand and says which way it goes, as a search of the store.

The phrases were read against app reviews and posts in Indonesian and English; what they do not
find is a brand that is named, no more.
"""

from __future__ import annotations

from collections.abc import Iterable

Names = tuple[tuple[str, ...], ...]
"""Groups of words and phrases, of each of which one must occur, as `Relevance.names` gives them."""

_ENDINGS = ("", "nya", "ku", "mu", "lah", "kah", "pun")
"""What Indonesian hangs on to a name."""

_TOWARDS = (
    *("ke", "di", "pakai", "pake", "pilih", "ganti", "pindah", "beralih", "balik", "mending"),
    *("mendingan", "baik", "enakan", "aplikasi", "apk", "to", "use", "fly", "flying", "stick"),
    "with",
)
"""What stands just before the name of where somebody goes …"""

_MOVING = (
    *("mending", "mendingan", "pindah", "beralih", "hijrah", "ganti", "balik", "kembali"),
    *("lebih baik", "lbh baik", "lebih suka", "langganan", "move", "switch", "switching"),
    *("switched", "go back", "going back", "from now on", "next time", "stick", "sticking"),
)
"""… in a text that holds one of these."""

_FROM = (
    *("pindah dari", "pindahan dari", "beralih dari", "hijrah dari", "tinggalkan"),
    *("move from", "moved from", "switch from", "switched from", "switching from", "leaving"),
)
"""What stands just before the name of where somebody comes from."""

_HERE = (
    *("pindah ke", "beralih ke", "balik ke", "kembali ke", "mending", "mendingan"),
    *("switch to", "switched to", "switching to", "back to"),
)
"""What stands just before the name of the brand itself where somebody comes to it."""


def naming(names: Names) -> str:
    """Return a search for texts that name a brand.

    Example:
        >>> naming((("Fore*", "kopi fore"),))[:38]
        'Fore* OR "kopi fore" OR "kopi forenya"'
    """
    return " ".join(_any(_with_endings(group)) for group in names)


def going(names: Names) -> str:
    """Return a search for texts that say that somebody goes to a brand.

    Example:
        >>> '"pindah Fore"' in going((("Fore",),)).split(" OR ")
        True
    """
    return f"{naming(names)} {_any(_after(_TOWARDS, names))} {_any(_MOVING)}"


def coming(names: Names, own: Names) -> str:
    """Return a search for texts that name a brand and say that somebody left it for one's own."""
    return f"{naming(names)} {leaving(names)} OR {arriving(own)}"


def leaving(names: Names) -> str:
    """Return a search for texts that say that somebody left a brand."""
    return _any(_after(_FROM, names))


def arriving(names: Names) -> str:
    """Return a search for texts that say that somebody came to a brand, in the brand's own."""
    return _any(_after(_HERE, names))


def _after(words: Iterable[str], names: Names) -> list[str]:
    called = dict.fromkeys(name.rstrip("*") for name in names[0])
    return [f"{word} {name}" for name in called for word in words]


def _with_endings(names: Iterable[str]) -> list[str]:
    return [
        name + ending
        for name in names
        for ending in (_ENDINGS if name.split()[-1].isalpha() else ("",))
    ]


def _any(terms: Iterable[str]) -> str:
    return " OR ".join(term if term.endswith("*") else f'"{term}"' for term in terms)
