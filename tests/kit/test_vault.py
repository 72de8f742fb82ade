"""The vault: what goes in comes out with the same key only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.vault import Vault, WrongKey, own_secret

OURS, OTHERS = Vault(b"a" * 32), Vault(b"b" * 32)


@given(st.text(st.characters(codec="utf-8")))
def test_what_goes_in_comes_out(text: str) -> None:
    assert OURS.decrypt(OURS.encrypt(text)) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert OURS.encrypt("13912345678") != OURS.encrypt("13912345678")
    assert "139" not in OURS.encrypt("13912345678")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKey):
        OTHERS.decrypt(OURS.encrypt("13912345678"))


@pytest.mark.parametrize("stored", ["", "nonsense", "gAAAA", "支部"])
def test_what_was_never_stored_is_not_opened(stored: str) -> None:
    with pytest.raises(WrongKey):
        OURS.decrypt(stored)


def test_the_fingerprint_finds_again_and_depends_on_the_key() -> None:
    assert OURS.fingerprint("139") == Vault(b"a" * 32).fingerprint("139")
    assert OURS.fingerprint("139") != OURS.fingerprint("138")
    assert OURS.fingerprint("139") != OTHERS.fingerprint("139")


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        Vault(b"short")


def test_the_secret_is_made_once_and_for_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    secret = own_secret(path)
    assert len(secret) == 32
    assert own_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_many_who_begin_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(own_secret, [tmp_path / "key"] * 32))
    assert len(set(secrets)) == 1


def test_a_crash_before_the_secret_is_on_disk_leaves_no_half_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "key"
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", crash)
        with pytest.raises(KeyboardInterrupt):
            own_secret(path)
    assert not path.exists()
    assert len(own_secret(path)) == 32


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        own_secret(tmp_path / "missing" / "key")
