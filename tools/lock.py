"""Makes requirements.lock and requirements-dev.lock from pyproject.toml; `--check` says whether they still fit it.

One lock serves every supported Python (3.11 and up) on Linux and macOS, with the hashes of all files the package index
offers; lines that only some of them need carry a marker. Pins stay as they are unless pyproject.toml asks for more;
`--upgrade` takes the newest. Nothing of this machine goes in: no address, no path, no pip setting.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"

RESOLVER = "uv==0.13.9"
"""Used in a throw-away environment, here only: pip cannot resolve for Pythons other than the one it runs on."""

CONSTRAINTS = """\
cryptography<49 ; sys_platform == 'darwin' and platform_machine == 'x86_64'
cryptography>=49 ; sys_platform != 'darwin' or platform_machine != 'x86_64'
"""
"""cryptography 48 is the last with ready-made files for Intel Macs; nobody else shall be held back by that."""

HEADER = """\
# Made by `make lock` from pyproject.toml. Do not edit.
# inputs {inputs}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="Pin the dependencies of pyproject.toml.")
    parser.add_argument("--check", action="store_true", help="only say whether the locks fit pyproject.toml")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    arguments = parser.parse_args()
    if arguments.check:
        return check()
    try:
        make(upgrade=arguments.upgrade)
    except subprocess.CalledProcessError as error:
        print("依赖没有锁定成功,原来的锁没有动 · Locking failed, the locks are as before", file=sys.stderr)
        print(error.stderr, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def check() -> int:
    mark = f"# inputs {inputs()}\n"
    stale = [path.name for path in (RUN, DEV) if mark not in path.read_text(encoding="utf-8")]
    if stale:
        print(f"请运行 make lock · Run make lock: {', '.join(stale)} != pyproject.toml", file=sys.stderr)
    return 1 if stale else 0


def make(*, upgrade: bool) -> None:
    """Raises CalledProcessError with the resolver's words, and leaves both locks untouched, when that fails."""
    print("正在锁定依赖 · Pinning the dependencies", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        run([str(folder / "venv/bin/python"), "-m", "pip", "install", "--quiet", RESOLVER])
        (folder / "constraints.txt").write_text(CONSTRAINTS, encoding="utf-8")
        (folder / "build.txt").write_text("\n".join(declared()["build"]), encoding="utf-8")
        locks = folder / RUN.name, folder / DEV.name
        for old, new in zip((RUN, DEV), locks, strict=True):
            if old.exists():  # the resolver keeps the pins it finds
                new.write_bytes(old.read_bytes())
        resolve = [
            str(folder / "venv/bin/uv"), "--no-config", "--quiet", "pip", "compile",
            "pyproject.toml", str(folder / "build.txt"), "--constraints", str(folder / "constraints.txt"),
            "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate",
            *(["--upgrade"] if upgrade else []),
        ]  # fmt: skip
        run([*resolve, "--output-file", str(locks[0])])
        run([*resolve, "--group", "dev", "--constraints", str(locks[0]), "--output-file", str(locks[1])])
        for old, new in zip((RUN, DEV), locks, strict=True):
            old.write_text(HEADER.format(inputs=inputs()) + new.read_text(encoding="utf-8"), encoding="utf-8")


def run(command: list[str]) -> None:
    # A developer's own mirror may serve the files; other settings of the resolver would change what is found.
    kept = {
        name: value for name, value in os.environ.items() if name == "UV_DEFAULT_INDEX" or name[:3] != "UV_"
    }
    subprocess.run(command, cwd=ROOT, env=kept, check=True, capture_output=True, text=True)  # noqa: S603 - our own arguments


def declared() -> dict[str, list[str]]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        # In the lock because the package itself is installed without build isolation.
        "build": project["build-system"]["requires"],
        "run": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
        "python": [project["project"]["requires-python"]],
    }


def inputs() -> str:
    """A digest of everything the locks are made from."""
    return hashlib.sha256(json.dumps([declared(), CONSTRAINTS]).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
