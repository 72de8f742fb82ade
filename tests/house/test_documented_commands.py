"""The commands that documentation and deployments give exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from bot import cli

ROOT = Path(__file__).parents[2]
TARGETS = {"setup", "run", "test", "lint", "lock", "clean", "help"}
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "deploy").glob("*"))]


def _documents() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)


def _make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    make = shutil.which("make")
    assert make is not None
    command = [make, "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, encoding="utf-8")  # noqa: S603 - our own Makefile


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_has_the_target_in_a_folder_of_any_name(target: str, tmp_path: Path) -> None:
    folder = tmp_path / "支 部"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    planned = _make(folder, "--dry-run", target, "ARGS=-x")
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout


def test_help_names_every_target() -> None:
    named = set(re.findall(r"^make (\w+)", _make(ROOT, "help").stdout, re.MULTILINE))
    assert named == TARGETS - {"help"}


def test_documents_name_only_targets_that_exist() -> None:
    text = _documents()
    named = set(re.findall(r"`make (\w+)", text)) | set(re.findall(r"^\s*make (\w+)", text, re.MULTILINE))
    assert named
    assert named <= TARGETS


def test_documents_and_deployments_name_only_commands_that_exist() -> None:
    text = _documents()
    named = set(re.findall(r"(?:^|[`'&] ?|bin/|\bzhibu )zhibu ([a-z]+)\b", text, re.MULTILINE))
    named |= set(re.findall(r'"zhibu", "([a-z]+)"', text)) | set(
        re.findall(r'^CMD \["([a-z]+)"\]', text, re.MULTILINE)
    )
    assert {"run", "doctor", "backup", "restore"} <= named
    commands = typer.main.get_command(cli.commands())
    assert isinstance(commands, typer.core.TyperGroup)
    assert named <= commands.commands.keys()
