"""The locks can be used by anybody, on every Python and machine that Zhibu supports."""

import itertools
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUN, DEV = "requirements.lock", "requirements-dev.lock"
MACHINES = [
    {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "os_name": "posix",
    }
    for python, (platform, system, machine) in itertools.product(
        ("3.11", "3.12", "3.13", "3.14"),
        (
            ("linux", "Linux", "x86_64"),
            ("linux", "Linux", "aarch64"),
            ("darwin", "Darwin", "arm64"),
            ("darwin", "Darwin", "x86_64"),
        ),
    )
]


def _requirements(lock: str) -> list[Requirement]:
    pins = re.findall(r"^([^\s#].*?)(?: \\)?$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return [Requirement(pin) for pin in pins]


def _pins(lock: str, machine: dict[str, str]) -> dict[str, str]:
    """Versions by name, as installed on one kind of machine."""
    fitting = [pin for pin in _requirements(lock) if pin.marker is None or pin.marker.evaluate(machine)]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in fitting}


def _declared(lock: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    return [
        Requirement(name) for name in names + (project["dependency-groups"]["dev"] if lock == DEV else [])
    ]


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_holds_only_pins_and_hashes(lock: str) -> None:
    pin = r"[a-z0-9-]+==[0-9a-z.+!]+(?: ; [a-zA-Z0-9_ .'=!<>()]+)? \\\n"
    digest = r"    --hash=sha256:[0-9a-f]{64}"
    assert re.fullmatch(
        rf"(?:# .*\n)*(?:{pin}(?:{digest} \\\n)*{digest}\n)+", (ROOT / lock).read_text(encoding="utf-8")
    )
    comments = re.findall(r"^#.*", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    assert not [line for line in comments if "/" in line or "index" in line]


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_covers_what_is_declared_and_needed_on_every_machine(lock: str) -> None:
    for machine in MACHINES:
        pins = _pins(lock, machine)
        waiting, seen = _declared(lock), set[str]()
        while waiting:
            needed = waiting.pop()
            name = canonicalize_name(needed.name)
            assert name in pins, f"{needed} on {machine}"
            assert needed.specifier.contains(pins[name], prereleases=True), (
                f"{needed}: {pins[name]} on {machine}"
            )
            if str(needed) not in seen:
                seen.add(str(needed))
                waiting += _needs(needed, machine)


def _needs(package: Requirement, machine: dict[str, str]) -> list[Requirement]:
    """What the installed package says it needs; nothing for one that is not installed here."""
    try:
        lines = requires(package.name) or []
    except PackageNotFoundError:
        return []
    return [
        needed for line in lines if _applies((needed := Requirement(line)).marker, package.extras, machine)
    ]


def _applies(marker: Marker | None, extras: set[str], machine: dict[str, str]) -> bool:
    return marker is None or any(marker.evaluate(machine | {"extra": extra}) for extra in (extras or {""}))


def test_dev_holds_all_of_run() -> None:
    for machine in MACHINES:
        assert _pins(RUN, machine).items() <= _pins(DEV, machine).items()


def test_a_changed_pyproject_asks_for_new_locks(tmp_path: Path) -> None:
    for name in ("pyproject.toml", RUN, DEV, "tools/lock.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    assert _check(tmp_path).returncode == 0
    changed = (
        (tmp_path / "pyproject.toml").read_text(encoding="utf-8").replace('"aiohttp', '"attrs", "aiohttp')
    )
    (tmp_path / "pyproject.toml").write_text(changed, encoding="utf-8")
    refused = _check(tmp_path)
    assert refused.returncode == 1
    assert "make lock" in refused.stderr
    assert RUN in refused.stderr
    assert DEV in refused.stderr


def _check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "tools/lock.py"), "--check"]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8")  # noqa: S603 - our own script
