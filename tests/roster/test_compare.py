"""What a file changes, as plain values: a small roster, one file, and the plan."""

import dataclasses

import pytest

from bot.kit.i18n import Languages
from bot.roster.importing import columns, sheets
from bot.roster.importing.checks import check
from bot.roster.importing.columns import Column
from bot.roster.importing.compare import Known, Plan, Roster, compare
from bot.roster.importing.places import Path, Placed
from bot.roster.model import Category, Role, Status, UnitKind
from tests.roster.tables import COMMITTEE, GENERAL, HEADER, csv_bytes, line

BRANCH: Path = (COMMITTEE, GENERAL, "采油三队党支部")
SIBLING: Path = (COMMITTEE, GENERAL, "采油四队党支部")
UNITS = {
    (COMMITTEE,): UnitKind.COMMITTEE,
    (COMMITTEE, GENERAL): UnitKind.GENERAL,
    BRANCH: UnitKind.BRANCH,
    SIBLING: UnitKind.BRANCH,
}


def known(
    identity: int,
    number: str | None,
    name: str,
    phone: str | None = None,
    *,
    branch: Path = BRANCH,
    left: bool = False,
    posts: frozenset[Placed] = frozenset(),
) -> Known:
    return Known(identity, number, name, phone, branch, Status.FULL, Category.EMPLOYED, 2000, left, posts)


def plan_for(
    *rows: tuple[str, ...],
    members: tuple[Known, ...] = (),
    header: tuple[str, ...] = HEADER,
    units: bool = True,
) -> Plan:
    """The phones stand for their own fingerprints."""
    found, raw = columns.find(sheets.read(csv_bytes(*rows, header=header)))
    return compare(check(found, raw), Roster(UNITS if units else {}, members), lambda phone: phone)


def reasons(plan: Plan, languages: Languages) -> list[tuple[int, Column, str]]:
    return [(cell.row, cell.column, cell.reason.said(languages["zh_CN"])) for cell in plan.bad]


def test_the_same_says_nothing() -> None:
    plan = plan_for(line("1", "王强", "13800000001"), members=(known(1, "1", "王强", "13800000001"),))
    assert (plan.units, plan.new, plan.changes, plan.missing, plan.bad) == ((), (), (), (), ())


def test_into_an_empty_roster() -> None:
    plan = plan_for(line("1", "王强", post="书记"), line("2", "李娜", branch="采油四队党支部"), units=False)
    assert plan.units == tuple(sorted(UNITS.items(), key=lambda unit: len(unit[0])))
    assert [(joiner.person.name, joiner.person.branch) for joiner in plan.new] == [
        ("王强", BRANCH),
        ("李娜", SIBLING),
    ]
    assert plan.new[0].gained == (Placed(BRANCH, Role.SECRETARY),)


def test_moved_changed_and_missing() -> None:
    plan = plan_for(
        line("1", "王强", branch="采油四队党支部"),
        line("2", "李娜", dues="35"),
        members=(
            known(1, "1", "王强"),
            known(2, "2", "李娜"),
            known(3, "3", "赵敏"),
            known(4, "4", "孙立", left=True),
        ),
    )
    moved, changed = plan.changes
    assert (moved.moved, moved.fields, moved.branch_before) == (True, (), BRANCH)
    assert (changed.moved, changed.fields) == (False, ((Column.MONTHLY_DUES, "2000", "3500"),))
    assert [member.name for member in plan.missing] == ["赵敏"]


def test_an_empty_cell_or_a_missing_column_leaves_what_is_known() -> None:
    member = known(1, "1", "王强", "13800000001", posts=frozenset({Placed(BRANCH, Role.SECRETARY)}))
    empty = line("1", "王强", status="", category="", dues="", post="书记")
    assert plan_for(empty, members=(member,)).changes == ()
    short = ("1", "王强", "采油三队党支部")
    assert plan_for(short, members=(member,), header=("工号", "姓名", "党支部")).changes == ()


def test_posts_are_what_the_file_says() -> None:
    secretary = frozenset({Placed(BRANCH, Role.SECRETARY)})
    plan = plan_for(
        line("1", "王强"),
        line("2", "李娜", post="书记，总支书记，党委管理员"),
        members=(known(1, "1", "王强", posts=secretary), known(2, "2", "李娜")),
    )
    lost, gained = plan.changes
    assert (lost.gained, lost.lost) == ((), (Placed(BRANCH, Role.SECRETARY),))
    assert gained.gained == (
        Placed((COMMITTEE,), Role.ADMIN),
        Placed((COMMITTEE, GENERAL), Role.GENERAL),
        Placed(BRANCH, Role.SECRETARY),
    )


def test_whoever_moves_with_a_post_holds_it_in_the_new_branch() -> None:
    member = known(1, "1", "王强", posts=frozenset({Placed(BRANCH, Role.DEPUTY)}))
    (change,) = plan_for(line("1", "王强", branch="采油四队党支部", post="副书记"), members=(member,)).changes
    assert (change.lost, change.gained) == ((Placed(BRANCH, Role.DEPUTY),), (Placed(SIBLING, Role.DEPUTY),))


def test_matched_by_phone_where_there_is_no_number() -> None:
    plan = plan_for(
        line("", "王强", "13800000001"),
        line("22", "李娜", "13800000002"),
        members=(known(1, "1", "王强", "13800000001"), known(2, None, "李娜", "13800000002")),
    )
    (change,) = plan.changes
    assert (change.member_id, change.fields) == (2, ((Column.EMPLOYEE_NO, None, "22"),))


def test_a_phone_taken_by_another_member(languages: Languages) -> None:
    members = (known(1, "1", "王强", "13800000001"), known(2, "2", "李娜", "13800000002"))
    plan = plan_for(line("2", "李娜", "13800000001"), line("3", "赵敏", "13800000002"), members=members)
    assert reasons(plan, languages) == [
        (2, Column.PHONE, "这个手机号在名册上是另一个人的"),
        (3, Column.PHONE, "这个手机号在名册上是另一个人的"),
    ]
    assert (plan.new, plan.changes) == ((), ())


def test_phones_may_be_swapped_within_a_file() -> None:
    members = (known(1, "1", "王强", "13800000001"), known(2, "2", "李娜", "13800000002"))
    plan = plan_for(line("1", "王强", "13800000002"), line("2", "李娜", "13800000001"), members=members)
    assert [change.person.phone_hash for change in plan.changes] == ["13800000002", "13800000001"]
    assert plan.bad == ()


def test_somebody_who_left_returns() -> None:
    members = (known(1, "1", "王强", left=True), known(2, "2", "李娜", "13800000002", left=True))
    by_number, by_phone = plan_for(
        line("1", "王强"), line("22", "李娜", "13800000002"), members=members
    ).changes
    assert (by_number.member_id, by_number.returned, by_number.fields) == (1, True, ())
    assert (by_phone.member_id, by_phone.returned) == (2, True)
    assert by_phone.fields == ((Column.EMPLOYEE_NO, "2", "22"),)


def test_the_phone_of_somebody_who_left_may_be_somebody_elses_now() -> None:
    members = (known(2, "2", "李娜", "13800000002", left=True),)
    plan = plan_for(line("3", "赵敏", "13800000002"), members=members)
    assert [joiner.person.name for joiner in plan.new] == ["赵敏"]
    assert plan.released == (2,)


def test_two_rows_about_one_member(languages: Languages) -> None:
    members = (known(1, "1", "王强", "13800000001"),)
    plan = plan_for(line("1", "王强"), line("", "王强", "13800000001"), members=members)
    assert reasons(plan, languages) == [(3, Column.PHONE, "和第 2 行是同一个人")]


@pytest.mark.parametrize(
    "bad",
    [
        line("3", "赵敏", "139", dues="20"),
        line("", "赵敏", "13800000003", status="?"),
        line("", "赵敏", ""),
        line("3", "", ""),
    ],
)
def test_nobody_is_missing_because_of_a_bad_row(bad: tuple[str, ...]) -> None:
    members = (known(1, "1", "王强"), known(3, "3", "赵敏", "13800000003"))
    plan = plan_for(line("1", "王强"), bad, members=members)
    assert plan.bad
    assert plan.missing == ()


def test_a_row_set_aside_for_its_phone_makes_neither_of_the_two_missing() -> None:
    members = (known(1, "1", "王强", "13800000001"), known(2, "2", "李娜", "13800000002"))
    plan = plan_for(line("2", "李娜", "13800000001"), members=members)
    assert plan.missing == ()


def test_a_branch_without_its_line_above_is_found_by_name(languages: Languages) -> None:
    header = ("工号", "姓名", "党支部")
    plan = plan_for(("1", "王强", "采油四队党支部"), header=header)
    assert plan.new[0].person.branch == SIBLING
    assert plan.units == ()
    nowhere = plan_for(("1", "王强", "采油四队党支部"), header=header, units=False)
    assert [(cell.row, cell.column) for cell in nowhere.bad] == [(2, Column.COMMITTEE)]
    twice = (COMMITTEE, "第二党总支", "采油四队党支部")
    found, raw = columns.find(sheets.read(csv_bytes(("1", "王强", "采油四队党支部"), header=header)))
    doubled = compare(check(found, raw), Roster({**UNITS, twice: UnitKind.BRANCH}, ()), str)
    assert reasons(doubled, languages) == [(2, Column.GENERAL, "有好几个同名支部，请把党总支也写上")]


def test_a_branch_may_stand_right_under_the_committee(languages: Languages) -> None:
    plan = plan_for(line("1", "王强", branch="直属党支部", general="", post="书记"))
    assert plan.units == (((COMMITTEE, "直属党支部"), UnitKind.BRANCH),)
    wrong = plan_for(line("1", "王强", branch="直属党支部", general="", post="总支书记"))
    assert reasons(wrong, languages) == [(2, Column.POST, "这个支部上面没有党总支，不能写这个职务")]


def test_a_general_branch_is_no_branch(languages: Languages) -> None:
    plan = plan_for(line("1", "王强", branch=GENERAL, general=""))
    assert reasons(plan, languages) == [(2, Column.BRANCH, "这个名字已经是另一级单位的了")]


def test_a_plan_is_the_same_text_whenever_it_is_made() -> None:
    members = tuple(
        known(number, str(number), f"王{number}", posts=frozenset(Placed(BRANCH, role) for role in Role))
        for number in range(5)
    )
    rows = [line(str(number), f"王{number}", dues="1", post="书记、委员、总支书记") for number in range(8)]
    again = tuple(
        dataclasses.replace(member, posts=frozenset(list(member.posts)[::-1])) for member in members
    )
    assert repr(plan_for(*rows, members=members)) == repr(plan_for(*rows, members=again))
