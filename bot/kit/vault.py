"""Personal data at rest: phones are kept encrypted, and found again by a keyed hash."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken


class WrongKey(Exception):
    """The stored phones were encrypted with another key than the one in the settings."""


class Vault:
    """Encrypts and fingerprints with keys derived from one secret of at least 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the secret key is shorter than 32 bytes")
        self._hash_key = hmac.digest(secret, b"zhibu look-up", hashlib.sha256)
        self._cipher = Fernet(
            base64.urlsafe_b64encode(hmac.digest(secret, b"zhibu encryption", hashlib.sha256))
        )

    def encrypt(self, text: str) -> str:
        return self._cipher.encrypt(text.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """The text again; `WrongKey` if it was stored with another key."""
        try:
            return self._cipher.decrypt(stored.encode()).decode()
        except InvalidToken as error:
            raise WrongKey from error

    def fingerprint(self, text: str) -> str:
        """The same for the same text and key; tells nothing about the text to those without the key."""
        return hmac.digest(self._hash_key, text.encode(), hashlib.sha256).hex()


def own_secret(path: Path) -> bytes:
    """The secret kept in `path`, made on first use and readable by its user only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        secret = secrets.token_bytes(32)
        file.write(secret)
    return secret
