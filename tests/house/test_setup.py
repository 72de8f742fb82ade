"""`make setup` finds a Python, does its work once, and says in both languages what is missing."""

import ast
import errno
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What setup reads, in a folder with an awkward name."""
    root = tmp_path / "支 部"
    (root / "tools").mkdir(parents=True)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (root / name).write_text(name, encoding="utf-8")
    shutil.copy(ROOT / "tools/setup.py", root / "tools")
    return root


class Machine:
    """The setup tool of a clone, with the slow steps written down instead of done."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.steps: list[str] = []
        self.tool = _load(root)
        self.failing: Callable[[], None] = lambda: None
        monkeypatch.setattr(self.tool, "create", self._create)
        monkeypatch.setattr(self.tool, "pip", self._pip)
        monkeypatch.setattr(self.tool.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**12))

    def _create(self) -> None:
        self.steps.append("create")
        shutil.rmtree(self.root / ".venv", ignore_errors=True)
        (self.root / ".venv/bin").mkdir(parents=True)
        (self.root / ".venv/bin/python").touch()

    def _pip(self, *arguments: str) -> None:
        self.failing()
        self.steps.append(arguments[-1])
        if arguments[-1] == ".":
            (self.root / ".venv/bin/zhibu").touch()

    def call(self, level: str = "run") -> tuple[int, list[str]]:
        """The exit status, and the steps it took."""
        self.steps.clear()
        return self.tool.main([level]), list(self.steps)


@pytest.fixture
def machine(clone: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(clone, monkeypatch)


def _load(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_tool", root / "tools/setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _both_languages(text: str) -> bool:
    chinese = [line for line in text.splitlines() if any("\u4e00" <= letter <= "\u9fff" for letter in line)]
    return bool(chinese) and len(chinese) < len([line for line in text.splitlines() if line.strip()])


ALL_RUN = ["create", "requirements.lock", "."]


def test_works_once_then_rests(machine: Machine) -> None:
    assert machine.call() == (0, ALL_RUN)
    assert machine.call() == (0, [])
    assert machine.call("dev") == (0, ["requirements-dev.lock", "."])
    assert machine.call("run") == (0, [])


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_installs_again_when_what_it_reads_changes(machine: Machine, changed: str) -> None:
    machine.call()
    (machine.root / changed).write_text("new", encoding="utf-8")
    assert machine.call() == (0, ["requirements.lock", "."])


def test_an_interrupted_environment_is_built_anew(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    machine.failing = interrupt
    assert machine.call() == (130, ["create"])
    assert _both_languages(capsys.readouterr().err)
    machine.failing = lambda: None
    assert machine.call() == (0, ALL_RUN)


def test_an_interrupted_update_is_built_anew(machine: Machine) -> None:
    machine.call()
    (machine.root / "requirements.lock").write_text("new", encoding="utf-8")

    def interrupt() -> None:
        raise KeyboardInterrupt

    machine.failing = interrupt
    assert machine.call()[0] == 130
    machine.failing = lambda: None
    assert machine.call() == (0, ALL_RUN)


@pytest.mark.parametrize("lost", ["bin/python", "zhibu-ready.json"])
def test_a_damaged_environment_is_built_anew(machine: Machine, lost: str) -> None:
    machine.call()
    (machine.root / ".venv" / lost).unlink()
    assert machine.call() == (0, ALL_RUN)


def test_a_moved_clone_is_built_anew(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    machine.call()
    machine.root.rename(tmp_path / "moved")
    assert Machine(tmp_path / "moved", monkeypatch).call() == (0, ALL_RUN)


def test_unreadable_notes_count_as_none(machine: Machine) -> None:
    machine.call()
    (machine.root / ".venv/zhibu-ready.json").write_text(json.dumps([]), encoding="utf-8")
    assert machine.call() == (0, ALL_RUN)


@pytest.mark.parametrize(
    ("module", "advice"),
    [("ensurepip", "apt install python3-venv"), ("ssl", "PYTHON="), ("sqlite3", "PYTHON=")],
)
def test_says_which_part_of_python_is_missing(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    advice: str,
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else find(name))
    assert machine.call() == (1, [])
    said = capsys.readouterr().err
    assert advice in said
    assert _both_languages(said)


@pytest.mark.parametrize(
    ("name", "there", "expected"),
    [
        ("access", lambda *_: False, "NOT_WRITABLE"),
        ("disk_usage", lambda _: SimpleNamespace(free=1), "NO_ROOM"),
    ],
)
def test_says_what_is_wrong_with_the_folder(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    there: Any,
    expected: str,
) -> None:
    monkeypatch.setattr(os if name == "access" else shutil, name, there)
    assert machine.call() == (1, [])
    said = capsys.readouterr().err
    assert said.strip() == "\n".join(getattr(machine.tool, expected))
    assert str(machine.root) in said


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "NO_ROOM"),
        (OSError(errno.EROFS, "Read-only file system"), "NOT_WRITABLE"),
        (OSError(errno.EACCES, "Permission denied"), "NOT_WRITABLE"),
        (OSError(errno.EIO, "Input/output error"), "UNKNOWN"),
        (
            b"ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "NO_ROOM",
        ),
        (
            b"WARNING: Retrying: broken by 'NewConnectionError(...)'\nERROR: No matching distribution found",
            "NO_NETWORK",
        ),
        (b"ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "NO_NETWORK"),
        (b"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "WRONG_CONTENT"),
        (b"error: subprocess-exited-with-error\n  Rust not found", "NOT_BUILT"),
        (b"ERROR: No matching distribution found for aiohttp==3", "NOT_BUILT"),
        (b"\xff\xfe something else", "UNKNOWN"),
    ],
)
def test_a_failure_is_put_in_plain_words(
    machine: Machine, capsys: pytest.CaptureFixture[str], failure: Any, expected: str
) -> None:
    def fail() -> None:
        if isinstance(failure, OSError):
            raise failure
        raise machine.tool.Stopped(machine.tool.wording_for(failure), machine.tool.last_lines(failure))

    machine.failing = fail
    assert machine.call() == (1, ["create"])
    said = capsys.readouterr().err
    assert said.startswith("\n".join(getattr(machine.tool, expected)))
    assert "Traceback" not in said
    assert not (machine.root / ".venv/zhibu-ready.json").exists()


def test_an_old_python_can_read_it_far_enough_to_be_told() -> None:
    ast.parse((ROOT / "tools/setup.py").read_text(encoding="utf-8"), feature_version=(3, 8))


# ---- tools/python.sh: which Python does the work ----

GOOD, NO_VENV, OLD = 0b00, 0b01, 0b11


def _python(path: Path, lacks: int) -> None:
    """A stand-in: refuses to import ensurepip, or any question at all; else tells its name and arguments."""
    path.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *-c*ensurepip*) exit {lacks & 1};; *-c*) exit {lacks >> 1};; esac\n'
        'echo "${0##*/} $*"\n',
        encoding="utf-8",
    )
    path.chmod(0o755)


@pytest.fixture
def pythons(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    cat = shutil.which("cat")
    assert cat is not None
    (folder / "cat").symlink_to(cat)
    return folder


def _choose(folder: Path, python: str = "") -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(ROOT / "tools/python.sh"), "setup.py", "run"]
    surroundings = {"PATH": str(folder), "PYTHON": python}
    return subprocess.run(  # noqa: S603 - our own script
        command, cwd=folder, env=surroundings, check=False, capture_output=True, encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        ({"python3": GOOD}, "python3"),
        ({"python3": GOOD, "python3.11": GOOD, "python3.13": GOOD}, "python3.13"),
        ({"python3": GOOD, "python3.14": OLD}, "python3"),
        ({"python3": NO_VENV, "python3.12": NO_VENV, "python3.11": GOOD}, "python3.11"),
        ({"python3": NO_VENV}, "python3"),
    ],
)
def test_takes_the_newest_python_that_can_do_it(pythons: Path, there: dict[str, int], chosen: str) -> None:
    for name, lacks in there.items():
        _python(pythons / name, lacks)
    assert _choose(pythons).stdout == f"{chosen} -I setup.py run\n"


@pytest.mark.parametrize("there", [{}, {"python3": OLD, "python3.12": OLD}])
def test_says_that_no_python_is_good_enough(pythons: Path, there: dict[str, int]) -> None:
    for name, lacks in there.items():
        _python(pythons / name, lacks)
    told = _choose(pythons)
    assert told.returncode == 1
    assert "3.11" in told.stderr
    assert "sudo apt install python3 python3-venv" in told.stderr
    assert _both_languages(told.stderr)


def test_the_python_asked_for_is_the_one_taken(pythons: Path) -> None:
    _python(pythons / "python3", GOOD)
    own = pythons / "my python"
    _python(own, GOOD)
    assert _choose(pythons, str(own)).stdout == "my python -I setup.py run\n"
    _python(own, OLD)
    told = _choose(pythons, str(own))
    assert told.returncode == 1
    assert str(own) in told.stderr
    assert _both_languages(told.stderr)
