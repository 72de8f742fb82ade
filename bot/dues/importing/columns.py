"""The columns of a payment file, by their Chinese and English headers."""

import dataclasses
import enum
import re
from collections.abc import Mapping, Sequence

from bot.kit.errors import Refusal
from bot.roster.importing.columns import SameColumnTwice
from bot.roster.importing.sheets import Row, Sheet
from bot.roster.rules import clean


class Column(enum.StrEnum):
    EMPLOYEE_NO = "employee_no"
    PHONE = "phone"
    NAME = "name"
    PERIOD = "period"
    AMOUNT = "amount"
    PAID_AT = "paid_at"
    REFERENCE = "reference"


# The first of each line is the header design section 6 names; the others are what people write instead.
_HEADERS: Mapping[Column, str] = {
    Column.EMPLOYEE_NO: "工号 员工号 员工编号 职工号 职工编号 人员编号 人员编码 employee_no employee_number employee_id staff_no",
    Column.PHONE: "手机号 手机 手机号码 移动电话 电话 电话号码 联系电话 phone phone_number mobile",
    Column.NAME: "姓名 党员姓名 名字 缴费人 缴费人姓名 name full_name",
    Column.PERIOD: "缴费月份 月份 缴费期间 所属月份 缴纳月份 党费月份 缴费年月 交费月份 period month months",
    Column.AMOUNT: "金额 缴费金额 实缴金额 缴纳金额 支付金额 交费金额 实缴党费 amount paid_amount",
    Column.PAID_AT: "缴费时间 支付时间 缴纳时间 交费时间 缴费日期 支付日期 交易时间 paid_at payment_time paid_on date",
    Column.REFERENCE: "流水号 交易流水号 支付流水号 订单号 交易号 交易单号 reference transaction_id order_no",
}
_COLUMN_OF = {header: column for column, headers in _HEADERS.items() for header in headers.split()}
_WHO = frozenset({Column.EMPLOYEE_NO, Column.PHONE, Column.NAME})
_LOOKED_FOR_IN = 10
_IN_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


class NoPayments(Refusal):
    """I do not find the header of a payment list in this table: it needs the columns 缴费月份 and 金额, and 工号, 手机号 or 姓名."""


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand."""

    places: Mapping[Column, int]
    row: int

    def cell(self, row: Row, column: Column) -> str:
        """The cell, evened out; empty where the file has no such column or the row is shorter."""
        place = self.places.get(column)
        return clean(row.cells[place]) if place is not None and place < len(row.cells) else ""


def find(sheets: Sequence[Sheet]) -> tuple[Header, Sequence[Row]]:
    """The header of the first sheet that has one, and the rows below it; else `NoPayments`."""
    for sheet in sheets:
        for row in sheet.rows[:_LOOKED_FOR_IN]:
            header = _header(row)
            if header is not None:
                return header, [below for below in sheet.rows if below.number > row.number]
    raise NoPayments


def _header(row: Row) -> Header | None:
    places: dict[Column, int] = {}
    twice: str | None = None
    for place, cell in enumerate(row.cells):
        column = _COLUMN_OF.get(_plain(cell))
        if column in places:
            twice = cell
        elif column is not None:
            places[column] = place
    if not ({Column.PERIOD, Column.AMOUNT} <= set(places) and _WHO & set(places)):
        return None
    if twice is not None:
        raise SameColumnTwice(column=clean(twice))
    return Header(places, row.number)


def _plain(cell: str) -> str:
    text = _IN_BRACKETS.sub("", clean(cell)).strip(" *:").lower()
    return re.sub(r"[\s\-]+", "_" if text.isascii() else "", text)
