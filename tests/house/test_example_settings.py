"""deploy/settings.example.env shows every setting there is, with its default, to readers of both languages."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, load

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "deploy" / "settings.example.env").read_text(encoding="utf-8")
LINES = re.findall(r"^#(ZHIBU_[A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)
PLACED_BY_THE_CLONE = {"content_dir"}  # its default is a path of the machine


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [*(f"ZHIBU_{field.upper()}" for field in Settings.model_fields), "ZHIBU_SETTINGS"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_names_every_setting_once_and_no_other() -> None:
    assert sorted(name for name, _ in LINES) == sorted(
        f"ZHIBU_{field.upper()}" for field in Settings.model_fields
    )


def test_shows_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "zhibu.env"
    file.write_text("\n".join(f"{name}={value}" for name, value in LINES if value), encoding="utf-8")
    assert load(file) == load()


def test_shows_a_default_wherever_there_is_one() -> None:
    without_value = {name.removeprefix("ZHIBU_").lower() for name, value in LINES if not value}
    defaults = {name for name, field in Settings.model_fields.items() if field.default is not None}
    assert without_value & defaults == PLACED_BY_THE_CLONE


def test_is_commented_in_both_languages() -> None:
    blocks = re.findall(r"((?:^# .*\n)+)(?:#ZHIBU_.*\n)+", EXAMPLE, re.MULTILINE)
    assert len(re.findall(r"\n\n(?:# .*\n)+#ZHIBU_", EXAMPLE)) == len(blocks)
    for comment in blocks:
        chinese = [line for line in comment.splitlines() if re.search(r"[\u4e00-\u9fff]", line)]
        assert chinese, comment
        assert len(chinese) < len(comment.splitlines()), comment


@pytest.mark.parametrize("file", ["Dockerfile", "zhibu.service", "zhibu-backup.service"])
def test_deployments_set_only_what_exists(file: str) -> None:
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    named = {name.lower() for name in re.findall(r"\bZHIBU_([A-Z_]+)=", text)}
    assert "data_dir" in named
    assert named - {"settings"} <= Settings.model_fields.keys()  # ZHIBU_SETTINGS names the file of the others
