"""A brand among its rivals: who is spoken of, how, about what, and who is left for whom."""

from insights.share_of_voice.brands import BrandVoice, Month, Profile
from insights.share_of_voice.moves import Move, moves
from insights.share_of_voice.naming import Names
from insights.share_of_voice.voice import Voice, share_of_voice

__all__ = [
    "BrandVoice",
    "Month",
    "Move",
    "Names",
    "Profile",
    "Voice",
    "moves",
    "share_of_voice",
]
