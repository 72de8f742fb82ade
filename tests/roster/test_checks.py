"""What can be wrong in a roster file, cell by cell."""

import pytest

from bot.kit.i18n import Languages
from bot.roster.importing import columns, sheets
from bot.roster.importing.checks import Checked, check
from bot.roster.importing.columns import Column, Header
from bot.roster.model import Category, Role, Status
from tests.roster.tables import HEADER, csv_bytes, line


def read(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> tuple[Header, Checked]:
    found, raw = columns.find(sheets.read(csv_bytes(*rows, header=header)))
    return found, check(found, raw)


def test_a_row_as_it_should_be() -> None:
    _, checked = read(
        line("００１", " 王强 ", "+86 138-0000-1234", post="书记、委员", status="预备", dues="20.50元")
    )
    (row,) = checked.rows
    assert (row.employee_no, row.name, row.phone) == ("001", "王强", "13800001234")
    assert (row.roles, row.status, row.category) == (
        frozenset({Role.SECRETARY, Role.HELPER}),
        Status.PROBATIONARY,
        Category.EMPLOYED,
    )
    assert (row.monthly_dues, row.number) == (2050, 2)


@pytest.mark.parametrize(
    ("number", "row", "column", "reason"),
    [
        (3, line("2", "李娜", "1391234567"), "手机号", "手机号少一位"),
        (3, line("2", "李娜", "13912345"), "手机号", "手机号少 3 位"),
        (3, line("2", "李娜", "139123456789"), "手机号", "手机号多了 1 位"),
        (5, line("2", "李娜", "62345678"), "手机号", "不是 1 开头的 11 位手机号"),
        (
            5,
            line("2", "李娜", "1.38E+10"),
            "手机号",
            "表格软件把号码四舍五入了，请把这一列设成“文本”再填一遍",
        ),
        (5, line("2", ""), "姓名", "不能空着"),
        (5, line("2", "李娜", branch=""), "党支部", "不能空着"),
        (5, line("", "李娜"), "工号", "没有工号也没有手机号，认不出是谁"),
        (
            5,
            line("2", "李娜", post="队长"),
            "职务",
            "不认识这个职务，请写书记、副书记、委员、总支书记、党委管理员，或者留空",
        ),
        (5, line("2", "李娜", status="积极分子"), "党员类别", "请写“正式”或“预备”"),
        (
            5,
            line("2", "李娜", category="外聘"),
            "人员类别",
            "请写在职、离退休、学生、农民、下岗、其他中的一个",
        ),
        (5, line("2", "李娜", dues="二十"), "月应缴党费", "请写金额（元），比如 20 或 20.50"),
        (5, line("2", "李娜", dues="-1"), "月应缴党费", "请写金额（元），比如 20 或 20.50"),
        (5, line("2", "李娜", dues="12000"), "月应缴党费", "一个月的党费没有这么多，是不是填成工资了"),
        (5, line("1", "李娜"), "工号", "工号和第 2 行重复了"),
        (5, line("2", "李娜", "13800000001"), "手机号", "手机号和第 2 行重复了，每人要有自己的号码"),
    ],
)
def test_bad_cells(number: int, row: tuple[str, ...], column: str, reason: str, languages: Languages) -> None:
    above = [("",) * len(HEADER)] * (number - 3)
    header, checked = read(line("1", "王强", "13800000001"), *above, row, line("3", "赵敏"))
    (cell,) = checked.bad
    title, place = header.locate(cell.column)
    assert (cell.row, title, place) == (number, column, HEADER.index(column) + 1)
    assert cell.reason.said(languages["zh_CN"]) == reason
    assert [row.name for row in checked.rows] == ["王强", "赵敏"]
    assert checked.count == 3


def test_every_fault_of_a_row_is_named_at_once() -> None:
    _, checked = read(line("1", "", "139", status="?", dues="?"))
    assert [cell.column for cell in checked.bad] == [
        Column.NAME,
        Column.PHONE,
        Column.STATUS,
        Column.MONTHLY_DUES,
    ]


@pytest.mark.parametrize(
    "header",
    [
        "employee_no|name|phone|branch|general_branch|committee|post|status|category|monthly_dues",
        "Employee Number|Full Name|Mobile|Branch name|General Branch|Party committee|Role|Status|Category|Dues",
        "员工编号|姓 名|联系电话(手机)|所在党支部|所属总支|党委名称|党内职务|党员类型|人员类型|月应缴党费(元)",
        "＊工号|党员姓名|手机号码*|支部|总支|党委|支部职务|正式/预备|人员身份|党费标准:",
    ],
)
def test_headers_people_write(header: str) -> None:
    _, checked = read(line("7", "王强", "13800001234", post="副书记"), header=tuple(header.split("|")))
    (row,) = checked.rows
    assert (row.employee_no, row.branch, row.committee) == ("7", "采油三队党支部", "采油一厂党委")
    assert (row.roles, row.monthly_dues) == (frozenset({Role.DEPUTY}), 2000)


def test_columns_may_stand_in_any_order_below_a_title() -> None:
    content = csv_bytes(
        ("", "", "", ""),
        ("党支部", "手机", "备注", "姓名"),
        ("采油三队党支部", "13800001234", "夜班", "王强"),
        header=("采油一厂党员名册", "", "", ""),
    )
    header, raw = columns.find(sheets.read(content))
    (row,) = check(header, raw).rows
    assert (row.number, row.name, row.phone, row.roles, row.committee) == (
        4,
        "王强",
        "13800001234",
        None,
        None,
    )


@pytest.mark.parametrize(
    "header",
    [
        ("姓名", "手机号", "缴费月份", "金额"),
        ("姓名", "手机号", "党支部", "缴费月份", "金额"),
        ("姓名", "党支部"),
        ("工号", "手机号", "党支部"),
        ("随便", "什么"),
    ],
)
def test_other_tables_are_no_roster(header: tuple[str, ...]) -> None:
    with pytest.raises(columns.NoRoster):
        columns.find(sheets.read(csv_bytes(("1",) * len(header), header=header)))


def test_a_header_alone_is_refused() -> None:
    with pytest.raises(columns.NobodyInIt):
        columns.find(sheets.read(csv_bytes()))


def test_a_column_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(columns.SameColumnTwice) as caught:
        columns.find(sheets.read(csv_bytes(header=("工号", "姓名", "手机", "手机号", "党支部"))))
    assert caught.value.details == {"column": "手机"}


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("", set()),
        ("无", set()),
        ("普通党员", set()),
        ("书记", {Role.SECRETARY}),
        ("支部书记", {Role.SECRETARY}),
        ("副书记，组织委员", {Role.DEPUTY, Role.HELPER}),
        ("书记/总支书记", {Role.SECRETARY, Role.GENERAL}),
        ("书记 党委管理员", {Role.SECRETARY, Role.ADMIN}),
        ("宣传委员;帮扶", {Role.HELPER}),
        ("Deputy Secretary", {Role.DEPUTY}),
        ("secretary, helper", {Role.SECRETARY, Role.HELPER}),
    ],
)
def test_posts_in_a_cell(cell: str, roles: set[Role]) -> None:
    assert columns.roles(cell) == roles


@pytest.mark.parametrize("cell", ["队长", "党委委员", "总支委员", "书记、厂长", "党委书记"])
def test_posts_the_bot_does_not_know(cell: str) -> None:
    with pytest.raises(columns.Unknown):
        columns.roles(cell)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("20", 2000),
        ("20.5", 2050),
        ("0.2", 20),
        ("¥1,234.56", 123456),
        ("２０元", 2000),
        ("20.10000000001", 2010),
        ("0", 0),
    ],
)
def test_amounts(cell: str, fen: int) -> None:
    assert columns.monthly_dues(cell) == fen


@pytest.mark.parametrize("cell", ["20.555", "abc", "nan", "inf", "1/2"])
def test_what_is_no_amount(cell: str) -> None:
    with pytest.raises(columns.Unknown):
        columns.monthly_dues(cell)
