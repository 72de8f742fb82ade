#!/bin/sh
# Runs its arguments with the first Python that can carry Zhibu: PYTHON if set, else the one in .venv, else the newest
# found. Each candidate is tried, not just looked up: a shim on the PATH may stand for a version that is not installed.
set -u

try() {
    for candidate in $candidates; do
        command -v "$candidate" >/dev/null 2>&1 && "$candidate" -I -c "$1" >/dev/null 2>&1 && return 0
    done
    return 1
}

candidates=".venv/bin/python python3.14 python3.13 python3.12 python3.11 python3"
new_enough='import sys; assert sys.version_info >= (3, 11)'
if [ -n "${PYTHON:-}" ]; then
    # The one that was asked for may have spaces in its path.
    candidate=$PYTHON
    "$candidate" -I -c "$new_enough" >/dev/null 2>&1 && exec "$candidate" -I "$@"
    echo "PYTHON=$PYTHON 不能用:需要 Python 3.11 或更新的版本。" >&2
    echo "PYTHON=$PYTHON does not work: Python 3.11 or newer is needed." >&2
    exit 1
fi

# A Python that can build an environment comes before a newer one that cannot; setup.py says what that one lacks.
try "$new_enough; import ensurepip, sqlite3, ssl, venv" || try "$new_enough" && exec "$candidate" -I "$@"

cat >&2 <<'END'
没有找到 Python 3.11 或更新的版本。装好以后再试一次:
  Debian、Ubuntu:sudo apt install python3 python3-venv    macOS:brew install python
  已经装在别处:make setup PYTHON=/那里/bin/python3
Python 3.11 or newer was not found. Install it, then try again:
  Debian, Ubuntu: sudo apt install python3 python3-venv    macOS: brew install python
  Installed elsewhere: make setup PYTHON=/there/bin/python3
END
exit 1
