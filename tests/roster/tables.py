"""Roster files for tests."""

import csv
import io
from collections.abc import Sequence

import openpyxl

HEADER = ("工号", "姓名", "手机号", "党支部", "党总支", "党委", "职务", "党员类别", "人员类别", "月应缴党费")
COMMITTEE, GENERAL = "采油一厂党委", "第一党总支"


def line(
    number: str,
    name: str,
    phone: str = "",
    branch: str = "采油三队党支部",
    *,
    post: str = "",
    status: str = "正式",
    category: str = "在职",
    dues: str = "20",
    general: str = GENERAL,
    committee: str = COMMITTEE,
) -> tuple[str, ...]:
    return number, name, phone, branch, general, committee, post, status, category, dues


def csv_bytes(
    *rows: Sequence[str],
    header: Sequence[str] = HEADER,
    encoding: str = "utf-8",
    separator: str = ",",
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[object], header: Sequence[str] = HEADER) -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in (header, *rows):
        sheet.append(list(row))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
