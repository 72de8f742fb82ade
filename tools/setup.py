"""Makes .venv ready: `setup.py run` for running Zhibu, `setup.py dev` for its tests and checks as well.

Needs nothing but Python's standard library, and says in Chinese and English what is missing (gettext's catalogues are
read with packages that are not there yet). A second call with nothing changed does nothing. What is installed comes
from the hashed locks, through the pip settings of the person who calls (a mirror, a proxy); an environment that an
interrupted call left half built, that was moved, or whose Python is gone is built anew.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
READY = VENV / "zhibu-ready.json"
"""Written last, taken away first: what the environment holds, by level."""
LOG = VENV / "setup.log"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
"""The dev lock holds all of the run lock, so an environment that is ready for dev is ready for run."""

ROOM_NEEDED_MB = 700

NEEDS = {
    "ensurepip": (
        "这个 Python 缺少 venv 组件。Debian、Ubuntu:sudo apt install python3-venv,然后再试一次。",
        "This Python lacks its venv part. Debian, Ubuntu: sudo apt install python3-venv, then try again.",
    ),
    "ssl": (
        "这个 Python 没有 SSL,无法安全下载。请换一个:make setup PYTHON=/那里/bin/python3",
        "This Python has no SSL and cannot download safely. Use another: make setup PYTHON=/there/bin/python3",
    ),
    "sqlite3": (
        "这个 Python 没有 SQLite。请换一个:make setup PYTHON=/那里/bin/python3",
        "This Python has no SQLite. Use another: make setup PYTHON=/there/bin/python3",
    ),
}
NO_ROOM = (
    f"磁盘空间不够:请在 {ROOT} 和临时目录留出约 {ROOM_NEEDED_MB} MB,然后再试一次。",
    f"The disk is full: free about {ROOM_NEEDED_MB} MB for {ROOT} and the temporary folder, then try again.",
)
NOT_WRITABLE = (
    f"这个文件夹不能写入:{ROOT}。请换一个您能写入的位置,或改它的权限。",
    f"This folder cannot be written to: {ROOT}. Use a place you may write to, or change its permissions.",
)
NO_NETWORK = (
    "下载没有成功:请检查网络或代理,再试一次。网络慢时可以先给 pip 设置一个镜像。",
    "Downloading failed: check the network or proxy, then try again. A pip mirror helps where the network is slow.",
)
WRONG_CONTENT = (
    "下载到的文件和锁定的校验值不符,没有安装。请再试一次;用镜像时请换一个。",
    "A downloaded file differs from its locked hash and was not installed. Try again, with another mirror if you use one.",
)
NOT_BUILT = (
    "有一个组件没有适合这台机器的现成版本,也没能现场编译。请用 Python 3.11 到 3.14:make setup PYTHON=python3.13",
    "One part is not offered ready-made for this machine. Use Python 3.11 to 3.14: make setup PYTHON=python3.13",
)
UNKNOWN = ("安装没有完成。", "Setup did not finish.")
WAITING = (
    "另一个窗口正在准备运行环境,等它完成……",
    "Another window is preparing the environment; waiting for it…",
)
INSTALLING = {
    "run": ("正在安装所需组件(约一分钟)", "Installing what Zhibu needs (about a minute)"),
    "dev": (
        "正在安装运行和测试所需组件(约一分钟)",
        "Installing what Zhibu and its tests need (about a minute)",
    ),
}

SIGNS = (
    (NO_ROOM, ("No space left on device", "Disk quota exceeded")),
    (WRONG_CONTENT, ("DO NOT MATCH THE HASHES",)),
    (
        NO_NETWORK,
        (
            "NewConnectionError",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "Read timed out",
            "ProxyError",
            "SSLError",
            "Connection broken",
            "Connection aborted",
            "IncompleteRead",
            "Could not fetch URL",
            "HTTP error",
        ),
    ),
    (NOT_WRITABLE, ("Permission denied", "Read-only file system")),
    (NOT_BUILT, ("subprocess-exited-with-error", "Failed building wheel", "No matching distribution found")),
)
"""What pip writes when it fails, most telling first."""


class Stopped(Exception):
    """Setup cannot go on; says why, in Chinese and in English."""

    def __init__(self, wording: tuple[str, str], details: str = "") -> None:
        super().__init__("\n".join((*wording, details)).rstrip())


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever calls this file directly may have an older one
        return _complain(
            "需要 Python 3.11 或更新的版本,请用 make setup · Use make setup: Python 3.11 or newer is needed"
        )
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        return _complain("用法 · Usage: make setup")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without Chinese still shows the English half
    try:
        prepare(arguments[0])
    except Stopped as stopped:
        return _complain(str(stopped))
    except OSError as error:
        return _complain(str(Stopped(wording_for(error), str(error))))
    except KeyboardInterrupt:
        return _complain("\n已停下,下次会接着准备。\nStopped; the next call will carry on.", 130)
    return 0


def prepare(level: str) -> None:
    """Leaves an environment that holds the level's lock and the `zhibu` command.

    Raises Stopped, or OSError where the disk refuses.
    """
    if is_ready(level):
        return
    with only_one():
        if is_ready(level):  # another call did it meanwhile
            return
        check_machine()
        held = holdings()
        READY.unlink(missing_ok=True)
        if held.get("home") != home() or not (VENV / "bin" / "python").exists():
            say("正在建立运行环境 .venv", "Creating the environment .venv")
            create()
        say(*INSTALLING[level])
        pip("--require-hashes", "--requirement", LOCKS[level])
        pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")
        levels = LOCKS if level == "dev" else [level]
        holds = {"home": home()} | {name: digest(name) for name in levels}
        READY.write_text(json.dumps(holds), encoding="utf-8")
        say("准备好了", "Ready")


def is_ready(level: str) -> bool:
    held = holdings()
    return (
        held.get("home") == home()
        and held.get(level) == digest(level)
        and (VENV / "bin" / "python").exists()
        and (VENV / "bin" / "zhibu").exists()
    )


def holdings() -> dict[str, str]:
    """What READY says; empty where there is none, or none that can be read."""
    try:
        held = json.loads(READY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def home() -> str:
    """Where the environment belongs: scripts in it name its path, packages are built for one Python version."""
    return f"{sys.version_info[0]}.{sys.version_info[1]} {ROOT}"


def digest(level: str) -> str:
    content = hashlib.sha256()
    for name in (LOCKS[level], "pyproject.toml"):
        content.update((ROOT / name).read_bytes())
    return content.hexdigest()


def check_machine() -> None:
    for module, wording in NEEDS.items():
        if importlib.util.find_spec(module) is None:
            raise Stopped(wording)
    if not os.access(ROOT, os.W_OK):
        raise Stopped(NOT_WRITABLE)
    if shutil.disk_usage(ROOT).free < ROOM_NEEDED_MB * 1_000_000:
        raise Stopped(NO_ROOM)


def create() -> None:
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    try:
        venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    except subprocess.CalledProcessError as error:
        # Debian's Python may have ensurepip without the wheels it installs from.
        raise Stopped(NEEDS["ensurepip"], last_lines(error.output or b"")) from error


def pip(*arguments: str) -> None:
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input", *arguments]
    # Settings of other environments must not reach into this one.
    foreign = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_HASHES")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    # UTF-8 whatever the locale: the scripts that pip writes name the clone's path, which may be Chinese.
    environment |= {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_USER": "0",
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        with contextlib.suppress(OSError):  # on a full disk the log is the first thing to go
            LOG.write_bytes(done.stdout)
        raise Stopped(wording_for(done.stdout), f"{last_lines(done.stdout)}\n详情 · Details: {LOG}")


def wording_for(failure: bytes | OSError) -> tuple[str, str]:
    """What is missing, judged by pip's output or by an error of the disk."""
    if isinstance(failure, OSError):
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            return NO_ROOM
        return NOT_WRITABLE if failure.errno in (errno.EACCES, errno.EPERM, errno.EROFS) else UNKNOWN
    output = failure.decode(errors="replace")
    return next((wording for wording, signs in SIGNS if any(sign in output for sign in signs)), UNKNOWN)


def last_lines(output: bytes, count: int = 3) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    return "\n".join(f"  {line[:200]}" for line in lines[-count:])


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two calls at once take turns; the lock is the clone's own folder, so no file is left behind."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(*WAITING)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def say(chinese: str, english: str) -> None:
    print(f"{chinese} · {english}", flush=True)


def _complain(text: str, status: int = 1) -> int:
    print(text, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
