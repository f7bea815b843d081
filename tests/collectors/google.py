"""A service account and the tokens of Google's services, for tests."""

from __future__ import annotations

from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.collectors.replay import Answer, as_json

TOKEN = "token-google-rahasia-7781"
TOKENS = "POST /token"


def token(name: str = TOKEN, **changes: Any) -> Answer:
    return as_json({"access_token": name, "expires_in": 3599, "token_type": "Bearer", **changes})


@cache
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def service_account() -> dict[str, str]:
    return {
        "type": "service_account",
        "client_email": "simak@senandika.example",
        "private_key_id": "k1",
        "private_key": private_key(),
        "token_uri": "https://oauth2.googleapis.com/token",
    }
