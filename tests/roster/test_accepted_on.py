"""The day a branch meeting accepted somebody, as it stands in roster files."""

from datetime import date

import pytest

from bot.roster.importing import columns, sheets
from bot.roster.importing.checks import check
from bot.roster.importing.columns import Column, Unknown


@pytest.mark.parametrize(
    "cell",
    [
        "2026-09-18",
        "2026/9/18",
        "2026.9.18",
        "2026年9月18日",
        "２０２６年９月１８日",
        "20260918",
        "2026-09-18 00:00:00",
    ],
)
def test_days_in_many_forms(cell: str) -> None:
    assert columns.accepted_on(cell) == date(2026, 9, 18)


@pytest.mark.parametrize("cell", ["去年", "2026-13-01", "2026年9月", "1899-01-01", "0.2"])
def test_what_is_no_day(cell: str) -> None:
    with pytest.raises(Unknown):
        columns.accepted_on(cell)


@pytest.mark.parametrize("title", ["接收日期", "入党时间", "接收为预备党员日期", "发展时间", "accepted_on"])
def test_the_column_has_many_names_and_may_be_empty(title: str) -> None:
    table = f"工号,姓名,党支部,{title}\nE1,甲,一支部,2026-09-18\nE2,乙,一支部,\nE3,丙,一支部,不详\n"
    header, rows = columns.find(sheets.read(table.encode()))
    checked = check(header, rows)
    assert [row.accepted_on for row in checked.rows] == [date(2026, 9, 18), None]
    assert [(cell.row, cell.column) for cell in checked.bad] == [(4, Column.ACCEPTED_ON)]
