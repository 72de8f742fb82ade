"""Payment files for tests."""

import csv
import io
from collections.abc import Sequence

import openpyxl

HEADER = ("工号", "手机号", "姓名", "缴费月份", "金额", "缴费时间", "流水号")


def csv_bytes(*rows: Sequence[object], header: Sequence[str] = HEADER, encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[object], header: Sequence[str] = HEADER) -> bytes:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in (header, *rows):
        sheet.append(list(row))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def line(
    name: str,
    amount: object = 20,
    reference: str = "",
    *,
    number: str = "",
    phone: str = "",
    month: object = "2026-11",
    at: object = "",
) -> tuple[object, ...]:
    return number, phone, name, month, amount, at, reference
