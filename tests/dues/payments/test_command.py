"""`zhibu dues import` and `zhibu dues undo` at the terminal."""

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from tests.dues.payments.tables import csv_bytes, line
from tests.roster.tables import csv_bytes as roster_bytes
from tests.roster.tables import line as member

Zhibu = Callable[..., Any]


@pytest.fixture
def zhibu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Zhibu:
    """Runs a command on a database of its own and with no content, and returns what it printed as JSON."""
    for name in [name for name in os.environ if name.startswith("ZHIBU_")]:
        monkeypatch.delenv(name)
    content = tmp_path / "faq"
    content.mkdir()
    (content / "facts.app.yaml").write_text("app_name: App\n", encoding="utf-8")
    monkeypatch.setenv("ZHIBU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ZHIBU_CONTENT_DIR", str(content))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Any:
        monkeypatch.setattr(sys, "argv", ["zhibu", *map(str, arguments), "--json"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return said.err if ended.value.code else json.loads(said.out)

    return run


def test_shown_imported_and_taken_back(zhibu: Zhibu, tmp_path: Path) -> None:
    roster, payments = tmp_path / "roster.csv", tmp_path / "payments.csv"
    roster.write_bytes(roster_bytes(member("1", "王梅"), member("2", "李建国")))
    payments.write_bytes(
        csv_bytes(
            line("李建国", 20, "T1", at="2026-01-05"),
            line("没这人", 20, "T2"),
            line("王梅", "免"),
            line("王梅", 5),
        )
    )
    zhibu("roster", "import", roster, "--apply")
    shown = zhibu("dues", "import", payments)
    assert shown == {
        "applied": False,
        "rows": 4,
        "new": 2,
        "amount_fen": 2_500,
        "known": 0,
        "settles": 0,
        "as_of": "2026-01-05",
        "bad_rows": 1,
        "unmatched_rows": 1,
        "bad": [{"row": 4, "column": "amount", "value": "免"}],
        "unmatched": [{"row": 3, "reason": "unknown"}],
        "short": [],
        "over": [],
    }
    assert "没有可以撤回的导入" in zhibu("dues", "undo")
    assert zhibu("dues", "import", payments, "--apply") == {**shown, "applied": True}
    assert zhibu("dues", "import", payments)["known"] == 2
    assert zhibu("dues", "undo")["payments"] == 2
    assert zhibu("dues", "import", payments) == shown
    with sqlite3.connect(tmp_path / "data" / "zhibu.db") as database:
        (counted,) = database.execute(
            "SELECT COUNT(*) FROM dues_entry WHERE undone_at IS NULL AND kind = 'payment'"
        )
    assert counted == (0,)
