"""The columns of a payment file, by their Chinese and English headers."""

import dataclasses
import enum
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from bot.kit.errors import Refusal
from bot.roster.importing.columns import SameColumnTwice
from bot.roster.importing.sheets import Row
from bot.roster.rules import clean


class Column(enum.StrEnum):
    EMPLOYEE_NO = "employee_no"
    PHONE = "phone"
    NAME = "name"
    BRANCH = "branch"
    PERIOD = "period"
    AMOUNT = "amount"
    PAID_AT = "paid_at"
    REFERENCE = "reference"
    PAYER = "payer"
    """Who paid, where that is somebody else."""


# The first of each line is the header design section 6 names; the others are what people write instead.
_HEADERS: Mapping[Column, str] = {
    Column.EMPLOYEE_NO: "工号 员工号 员工编号 员工工号 职工号 职工编号 职工工号 人员编号 人员编码 党员编号"
    " employee_no employee_number employee_id staff_no staff_number",
    Column.PHONE: "手机号 手机 手机号码 移动电话 电话 电话号码 联系电话 联系方式 党员手机号 phone phone_number mobile mobile_phone tel",
    Column.NAME: "姓名 党员姓名 名字 员工姓名 缴费人 缴费人姓名 交费人 交费人姓名 党员 name full_name member_name",
    Column.BRANCH: "党支部 支部 支部名称 党支部名称 所在支部 所在党支部 所属支部 所属党支部 所属党组织 所在党组织 党组织"
    " branch branch_name",
    Column.PERIOD: "缴费月份 月份 缴费期间 所属月份 缴纳月份 党费月份 缴费年月 交费月份 交纳月份 党费所属月份 党费年月 所属期"
    " 所属期间 缴费周期 缴费所属月份 年月 period month months",
    Column.AMOUNT: "金额 缴费金额 实缴金额 缴纳金额 支付金额 交费金额 交纳金额 实缴党费 实交金额 实交党费 实付金额 已缴金额"
    " 党费金额 交易金额 amount paid_amount",
    Column.PAID_AT: "缴费时间 支付时间 缴纳时间 交费时间 交纳时间 缴费日期 支付日期 交费日期 缴纳日期 交易时间 交易日期 付款时间"
    " 付款日期 paid_at payment_time payment_date paid_on date",
    Column.REFERENCE: "流水号 交易流水号 支付流水号 缴费流水号 订单号 订单编号 商户订单号 交易号 交易单号 交易编号 支付单号"
    " 凭证号 reference transaction_id transaction_no order_no order_id",
    Column.PAYER: "代缴人 代缴人姓名 代交人 代交人姓名 代付人 付款人 付款人姓名 支付人 付款方 payer paid_by",
}
_COLUMN_OF = {header: column for column, headers in _HEADERS.items() for header in headers.split()}
_WHO = frozenset({Column.EMPLOYEE_NO, Column.PHONE, Column.NAME})
_OF_PAYMENTS_ONLY = frozenset({Column.PERIOD, Column.PAID_AT, Column.REFERENCE})
"""A table with one of these is meant as a list of payments."""
_LOOKED_FOR_IN = 10
_IN_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_BETWEEN_WORDS = re.compile(r"[\s\-/]+")


class NoPayments(Refusal):
    """I do not find the header of a payment list in this table: it needs the columns 缴费月份 and 金额, and 工号, 手机号 or 姓名."""


class ColumnsMissing(Refusal):
    """This looks like a list of payments, but I do not find the column {column}. Please add it, or write its header as it stands here, and send the file again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand."""

    places: Mapping[Column, int]

    def cell(self, row: Row, column: Column) -> str:
        """The cell, evened out; empty where the file has no such column or the row is shorter."""
        place = self.places.get(column)
        return clean(row.cells[place]) if place is not None and place < len(row.cells) else ""


def titles() -> Iterator[str]:
    """The header of a payment file, as design section 6 names its columns."""
    for column in (
        Column.EMPLOYEE_NO,
        Column.PHONE,
        Column.NAME,
        Column.PERIOD,
        Column.AMOUNT,
        Column.PAID_AT,
        Column.REFERENCE,
    ):
        yield title(column)


def title(column: Column) -> str:
    return _HEADERS[column].split()[0]


def find(tables: Iterable[Iterator[Row]]) -> tuple[Header, Iterator[Row]]:
    """The header of the first sheet that has one, and the rows below it. `ColumnsMissing` if a header is nearly there,
    `NoPayments` if there is none.
    """
    nearly: Mapping[Column, int] = {}
    for rows in tables:
        for row in itertools.islice(rows, _LOOKED_FOR_IN):
            places, twice = _columns(row)
            if _missing(places) is None:
                if twice is not None:
                    raise SameColumnTwice(column=twice)
                return Header(places), rows
            if _OF_PAYMENTS_ONLY & set(places) and len(places) > max(1, len(nearly)):
                nearly = places
    missing = _missing(nearly)
    if nearly and missing is not None:
        raise ColumnsMissing(column=missing)
    raise NoPayments


def _missing(places: Mapping[Column, int]) -> str | None:
    """The title of a column without which payments cannot be read; None where all are there."""
    for column in (Column.PERIOD, Column.AMOUNT):
        if column not in places:
            return title(column)
    return None if _WHO & set(places) else title(Column.EMPLOYEE_NO)


def _columns(row: Row) -> tuple[Mapping[Column, int], str | None]:
    """Where which column stands, and one that stands there twice."""
    places: dict[Column, int] = {}
    twice: str | None = None
    for place, cell in enumerate(row.cells):
        column = _COLUMN_OF.get(_plain(cell))
        if column in places:
            twice = clean(cell)
        elif column is not None:
            places[column] = place
    return places, twice


def _plain(cell: str) -> str:
    text = _IN_BRACKETS.sub("", clean(cell)).strip(" *:").lower()
    return _BETWEEN_WORDS.sub("_" if text.isascii() else "", text)
