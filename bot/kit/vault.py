"""Personal data at rest: phones are kept encrypted, and found again by a keyed hash."""

import base64
import contextlib
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
    if not path.exists():
        _keep_new_secret(path)
    return path.read_bytes()


def _keep_new_secret(path: Path) -> None:
    # Whole and on disk before it has its name: a secret lost in a crash would take every stored phone with it.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):  # another process was first; its secret holds
            path.hardlink_to(draft)
    finally:
        draft.unlink()
