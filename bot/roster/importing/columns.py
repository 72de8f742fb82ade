"""The columns of a roster file, by their Chinese and English headers, and what stands in their cells."""

import dataclasses
import enum
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from bot.kit.errors import Refusal
from bot.roster.importing.sheets import Row, Sheet
from bot.roster.model import Category, Role, Status
from bot.roster.rules import clean

T = TypeVar("T")


class Column(enum.StrEnum):
    EMPLOYEE_NO = "employee_no"
    NAME = "name"
    PHONE = "phone"
    BRANCH = "branch"
    GENERAL = "general_branch"
    COMMITTEE = "committee"
    POST = "post"
    STATUS = "status"
    CATEGORY = "category"
    MONTHLY_DUES = "monthly_dues"
    ACCEPTED_ON = "accepted_on"


# The first of each line is the header design section 6 names; the others are what people write instead.
_HEADERS: Mapping[Column, str] = {
    Column.EMPLOYEE_NO: "工号 员工号 员工编号 员工工号 职工号 职工编号 职工工号 人员编号 人员编码 employee_no employee_number employee_id"
    " staff_no staff_number",
    Column.NAME: "姓名 名字 党员姓名 员工姓名 name full_name member_name",
    Column.PHONE: "手机号 手机 手机号码 移动电话 电话 电话号码 联系电话 联系方式 本人手机号 phone phone_number mobile mobile_phone tel",
    Column.BRANCH: "党支部 支部 支部名称 党支部名称 所在支部 所在党支部 所属支部 所属党支部 branch branch_name",
    Column.GENERAL: "党总支 总支 总支名称 党总支名称 所在总支 所在党总支 所属总支 所属党总支 general_branch general",
    Column.COMMITTEE: "党委 党委名称 所在党委 所属党委 committee party_committee",
    Column.POST: "职务 党内职务 支部职务 党支部职务 post posts role",
    Column.STATUS: "党员类别 党员类型 党员身份 正式预备 status member_status",
    Column.CATEGORY: "人员类别 人员类型 人员身份 在职状态 category",
    Column.MONTHLY_DUES: "月应缴党费 月应交党费 月缴党费 月交党费 月党费 应缴党费 应交党费 党费标准 每月党费 monthly_dues dues",
    Column.ACCEPTED_ON: "接收日期 入党时间 入党日期 接收时间 接收为预备党员日期 接收为预备党员时间 成为预备党员日期 发展时间 发展日期 支部大会接收日期"
    " accepted_on accepted date_accepted joined_party_on",
}
_COLUMN_OF = {header: column for column, headers in _HEADERS.items() for header in headers.split()}

_OF_PAYMENTS = frozenset(
    "缴费月份 缴费时间 缴费金额 金额 流水号 period amount paid_at reference".split()  # noqa: SIM905 - as the lists above
)
"""A table with one of these is a list of payments, whatever else stands in it."""

_STATUSES = {
    **dict.fromkeys(("正式", "正式党员", "full", "fullmember"), Status.FULL),
    **dict.fromkeys(("预备", "预备党员", "probationary", "probationarymember"), Status.PROBATIONARY),
}
_CATEGORIES = {
    **dict.fromkeys(("在职", "在岗", "在职职工", "在职人员", "职工", "employed"), Category.EMPLOYED),
    **dict.fromkeys(
        ("离退休", "退休", "离休", "离退休人员", "退休人员", "内退", "retired"), Category.RETIRED
    ),
    **dict.fromkeys(("学生", "在校学生", "student"), Category.STUDENT),
    **dict.fromkeys(("农民", "farmer"), Category.FARMER),
    **dict.fromkeys(
        ("下岗", "失业", "下岗失业", "待业", "下岗职工", "laid_off", "laid-off", "laidoff"), Category.LAID_OFF
    ),
    **dict.fromkeys(("其他", "其它", "other"), Category.OTHER),
}
_ROLES = {
    **dict.fromkeys(("书记", "支部书记", "党支部书记", "secretary", "branchsecretary"), Role.SECRETARY),
    **dict.fromkeys(("副书记", "支部副书记", "党支部副书记", "deputy", "deputysecretary"), Role.DEPUTY),
    **dict.fromkeys(("帮扶", "帮扶员", "帮扶人", "帮扶人员", "支委", "helper"), Role.HELPER),
    **dict.fromkeys(("总支", "总支书记", "党总支书记", "党总支", "general"), Role.GENERAL),
    **dict.fromkeys(("党委", "党委管理员", "管理员", "admin", "committeeadmin"), Role.ADMIN),
}
_NO_POST = frozenset({"无", "党员", "普通党员", "none", "member", "-"})
_COMMITTEE_MEMBER = "委员"

_IN_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_NOT_IN_HEADERS = re.compile(r"[\s*:\-_/]+")
_BETWEEN_POSTS = re.compile(r"[,;/、+&|\n]+")
_MONEY = re.compile(r"[¥￥$元\s,]|(rmb|cny|yuan)", re.IGNORECASE)

MOST_DUES = 1_000_000
"""Fen a month; 2 % of no salary is more, so a larger figure is a salary in the wrong column."""

_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]|(\d{2})(\d{2}))")
_MIDNIGHT = re.compile(r"[T\s]+0{1,2}:00(:00)?$")
_FOUNDED = 1921

_LOOKED_FOR_IN = 10
_NEEDED = (Column.NAME, Column.BRANCH)


class NoRoster(Refusal):
    """I do not find the header of a roster in this table: it needs at least the columns 姓名 and 党支部, and 工号 or 手机号."""


class NobodyInIt(Refusal):
    """This table has the header of a roster but no members below it. Perhaps another file was meant?"""


class SameColumnTwice(Refusal):
    """The column “{column}” stands in this table twice. Please delete one of them and send the file again."""


class Unknown(ValueError):
    """This cell holds none of the known values."""


class ImplausibleDues(ValueError):
    """This can hardly be one month's dues."""


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """Where the columns stand, and what they are called in this file."""

    places: Mapping[Column, tuple[int, str]]
    """Index from 0, and title."""
    row: int

    def __contains__(self, column: Column) -> bool:
        return column in self.places

    def cell(self, row: Row, column: Column) -> str | None:
        """The cell as it stands in the file; None where the file has no such column or the row is shorter."""
        if column not in self.places:
            return None
        index, _ = self.places[column]
        return row.cells[index] if index < len(row.cells) else ""

    def locate(self, column: Column) -> tuple[str, int | None]:
        """The column's title and its number from 1; a column the file does not have has no number."""
        if column not in self.places:
            return _HEADERS[column].split()[0], None
        index, title = self.places[column]
        return title, index + 1


def find(sheets: Sequence[Sheet]) -> tuple[Header, Sequence[Row]]:
    """The header of the first sheet that has one, and the rows below it, at least one; else `NoRoster` or
    `NobodyInIt` (an empty table must not look like everybody having left).
    """
    for sheet in sheets:
        header = _header(sheet)
        if header is None:
            continue
        rows = [row for row in sheet.rows if row.number > header.row]
        if not rows:
            raise NobodyInIt
        return header, rows
    raise NoRoster


def titles() -> Sequence[str]:
    """The Chinese headers, as in design section 6."""
    return [headers.split()[0] for headers in _HEADERS.values()]


def _header(sheet: Sheet) -> Header | None:
    for row in sheet.rows[:_LOOKED_FOR_IN]:
        found = [(_COLUMN_OF.get(_plain_header(cell)), index, cell) for index, cell in enumerate(row.cells)]
        named = [(column, index, clean(cell)) for column, index, cell in found if column is not None]
        columns = [column for column, _, _ in named]
        if any(_plain_header(cell) in _OF_PAYMENTS for cell in row.cells):
            return None
        if not (set(_NEEDED) <= set(columns) and {Column.EMPLOYEE_NO, Column.PHONE} & set(columns)):
            continue
        for column, _, title in named:
            if columns.count(column) > 1:
                raise SameColumnTwice(column=title)
        return Header({column: (index, title) for column, index, title in named}, row.number)
    return None


def _plain_header(cell: str) -> str:
    text = _IN_BRACKETS.sub("", clean(cell)).lower()
    as_words = re.sub(r"[\s\-]+", "_", text.strip(" *:")) if text.isascii() else ""
    return as_words or _NOT_IN_HEADERS.sub("", text)


def status(cell: str) -> Status:
    return _known(_STATUSES, cell)


def category(cell: str) -> Category:
    return _known(_CATEGORIES, cell)


def roles(cell: str) -> frozenset[Role]:
    """The posts named in a cell; several may stand there. `Unknown` for a word that names none."""
    found = set()
    for part in _BETWEEN_POSTS.split(clean(cell)):
        words = [part] if _is_post(part) else part.split()
        for word in words:
            text = _squeezed(word)
            if not text or text in _NO_POST:
                continue
            if text.endswith(_COMMITTEE_MEMBER) and not text.startswith(("党委", "总支", "党总支")):
                found.add(Role.HELPER)
            else:
                found.add(_known(_ROLES, text))
    return frozenset(found)


def monthly_dues(cell: str) -> int:
    """Fen, of a cell in yuan: `Unknown` if it is no amount, `ImplausibleDues` if it is too large."""
    try:
        amount = Decimal(_MONEY.sub("", clean(cell))) * 100
    except InvalidOperation as error:
        raise Unknown(cell) from error
    if not amount.is_finite() or amount < 0 or abs(amount - round(amount)) > Decimal("0.001"):
        raise Unknown(cell)
    if amount > MOST_DUES:
        raise ImplausibleDues(cell)
    return round(amount)


def accepted_on(cell: str) -> date:
    """The day in a cell: '2026-09-18', '2026/9/18', '2026.9.18', '2026年9月18日', '20260918'. `Unknown` for anything else,
    and for days before there was a Party to be accepted into.
    """
    found = _DATE.fullmatch(_MIDNIGHT.sub("", clean(cell)))
    if found is None:
        raise Unknown(cell)
    year, month, day = (int(part) for part in found.groups() if part is not None and part.isdigit())
    try:
        written = date(year, month, day)
    except ValueError as error:
        raise Unknown(cell) from error
    if written.year < _FOUNDED:
        raise Unknown(cell)
    return written


def _is_post(part: str) -> bool:
    return _squeezed(part) in _ROLES


def _squeezed(cell: str) -> str:
    return "".join(clean(cell).split()).lower()


def _known(values: Mapping[str, T], cell: str) -> T:
    try:
        return values[_squeezed(cell)]
    except KeyError as error:
        raise Unknown(cell) from error
