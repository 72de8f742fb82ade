"""The import on the real database: applied as shown, all or nothing, and a second time without effect."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kit.errors import NotAllowed
from bot.kit.i18n import Languages
from bot.kit.vault import Vault
from bot.roster import importing, sample
from bot.roster.importing import service
from bot.roster.model import Actor, Role
from tests import factories
from tests.factories import Tree
from tests.roster.conftest import Office
from tests.roster.tables import csv_bytes, line, xlsx_bytes

FIRST = (
    line("1", "王梅", "13800000001", post="书记"),
    line("2", "李建国", "13800000002", dues="35.5"),
    line("3", "赵敏", "13800000003", branch="采油四队党支部", status="预备", category="离退休"),
)


async def test_applied_as_shown(office: Office, vault: Vault) -> None:
    shown = await office.preview(csv_bytes(*FIRST))
    assert await office.rows("SELECT 1 FROM unit UNION ALL SELECT 1 FROM member") == []
    done = await office.apply(csv_bytes(*FIRST), expected=shown.digest)
    assert (done.applied, done.plan) == (True, shown.plan)
    members = await office.rows(
        "SELECT employee_no, member.name, unit.name AS branch, status, category, monthly_dues, phone_encrypted, phone_hash"
        " FROM member JOIN unit ON unit.id = branch_id ORDER BY employee_no"
    )
    assert [tuple(row.values())[:6] for row in members] == [
        ("1", "王梅", "采油三队党支部", "full", "employed", 2000),
        ("2", "李建国", "采油三队党支部", "full", "employed", 3550),
        ("3", "赵敏", "采油四队党支部", "probationary", "retired", 2000),
    ]
    assert [vault.decrypt(row["phone_encrypted"]) for row in members] == [
        "13800000001",
        "13800000002",
        "13800000003",
    ]
    assert members[0]["phone_hash"] == vault.fingerprint("13800000001")
    assert await office.column("SELECT name FROM unit ORDER BY id") == [
        "采油一厂党委",
        "第一党总支",
        "采油三队党支部",
        "采油四队党支部",
    ]
    assert len(set(await office.column("SELECT join_token FROM unit"))) == 4
    assert await office.column("SELECT role FROM post WHERE until IS NULL") == ["secretary"]
    assert await office.column("SELECT act FROM audit ORDER BY id") == ["post.gained", "roster.imported"]


@pytest.mark.parametrize("second", [csv_bytes(*FIRST, encoding="gb18030"), xlsx_bytes(*FIRST)])
async def test_the_same_again_changes_nothing(office: Office, second: bytes) -> None:
    await office.apply(csv_bytes(*FIRST))
    before = await office.rows("SELECT * FROM member ORDER BY id")
    done = await office.apply(second, full=True)
    assert not done.changes_anything
    assert await office.rows("SELECT * FROM member ORDER BY id") == before
    assert len(await office.rows("SELECT 1 FROM audit WHERE act = 'roster.imported'")) == 1


async def test_moved_changed_returned_left_and_posts(office: Office) -> None:
    await office.apply(csv_bytes(*FIRST))
    content = csv_bytes(
        line("1", "王梅", "13800000001", branch="采油四队党支部"),
        line("2", "李建国", "13800000009", post="书记"),
    )
    done = await office.apply(content, full=True)
    assert [member.name for member in done.left] == ["赵敏"]
    held = await office.rows("SELECT member_id, role FROM post WHERE until IS NULL")
    assert [tuple(row.values()) for row in held] == [(2, "secretary")]
    assert await office.column("SELECT name FROM member WHERE left_at IS NOT NULL") == ["赵敏"]
    back = await office.apply(csv_bytes(FIRST[2]))
    assert [change.returned for change in back.plan.changes] == [True]
    assert await office.column("SELECT name FROM member WHERE left_at IS NOT NULL") == []


async def test_who_is_missing_stays_unless_told_so(office: Office) -> None:
    await office.apply(csv_bytes(*FIRST))
    done = await office.apply(csv_bytes(*FIRST[:2]))
    assert ([member.name for member in done.plan.missing], list(done.left)) == (["赵敏"], [])
    assert await office.column("SELECT COUNT(*) FROM member WHERE left_at IS NULL") == [3]


async def test_swapped_phones_and_a_phone_passed_on(office: Office, vault: Vault) -> None:
    await office.apply(csv_bytes(*FIRST))
    swapped = [
        line("1", "王梅", "13800000002", post="书记"),
        line("2", "李建国", "13800000001", dues="35.5"),
    ]
    await office.apply(csv_bytes(*swapped), full=True)
    passed_on = csv_bytes(*swapped, line("4", "孙立", "13800000003"))
    await office.apply(passed_on)
    found = await office.column("SELECT phone_encrypted FROM member ORDER BY id")
    assert [None if phone is None else vault.decrypt(phone) for phone in found] == [
        "13800000002",
        "13800000001",
        None,
        "13800000003",
    ]
    assert not (await office.preview(passed_on)).changes_anything


async def test_bad_rows_are_applied_in_no_case(office: Office) -> None:
    content = csv_bytes(*FIRST, line("5", "钱进", "1391234567"), line("6", "周正", post="厂长"))
    with pytest.raises(service.HasBadRows) as caught:
        await office.apply(content)
    assert caught.value.details == {"count": 2}
    assert await office.rows("SELECT 1 FROM unit UNION ALL SELECT 1 FROM member") == []
    await office.apply(content, skip_bad=True)
    assert await office.column("SELECT name FROM member ORDER BY id") == ["王梅", "李建国", "赵敏"]


async def test_nothing_stale_is_applied(office: Office) -> None:
    content = csv_bytes(*FIRST)
    shown = await office.preview(content)
    await office.apply(csv_bytes(line("9", "先来", "13800000009")))
    with pytest.raises(service.RosterHasChanged):
        await office.apply(content, expected=shown.digest)
    assert await office.column("SELECT name FROM member") == ["先来"]


async def test_menus_of_those_concerned_are_due(office: Office) -> None:
    await office.apply(csv_bytes(*FIRST))
    async with office.works.begin() as work:
        for account, member in ((11, 1), (12, 2), (13, 3)):
            await work.session.run(
                "INSERT INTO account (id, member_id, display_name, first_seen_at) VALUES (:id, :member, '', 0)",
                id=account,
                member=member,
            )
    await office.apply(csv_bytes(line("1", "王梅"), line("2", "李建国", dues="35.5")), full=True)
    assert await office.column("SELECT id FROM account WHERE menu_due = 1 ORDER BY id") == [11, 13]


async def test_the_json_document(office: Office, languages: Languages) -> None:
    await office.apply(csv_bytes(*FIRST))
    content = csv_bytes(
        line("1", "王梅", "13800000001", branch="采油四队党支部", post="书记"),
        line("2", "李建国", "13800000008", dues="40"),
        line("4", "孙立", "13800000004", branch="采油五队党支部"),
        line("5", "钱进", "1391234567"),
    )
    shown = importing.document(await office.preview(content, full=True), languages["zh_CN"])
    details = shown.pop("details")
    assert shown == {
        "rows": 4,
        "new": 1,
        "moved": 1,
        "changed": 1,
        "returned": 0,
        "left": 1,
        "missing": 1,
        "posts_gained": 1,
        "posts_lost": 1,
        "units_created": 1,
        "bad_rows": [
            {"row": 5, "column": "手机号", "column_no": 3, "value": "1391234567", "reason": "手机号少一位"}
        ],
        "applied": False,
        "full": True,
    }
    assert details["changed"] == [
        {
            "row": 3,
            "employee_no": "2",
            "name": "李建国",
            "fields": [{"field": "phone"}, {"field": "monthly_dues", "from": "3550", "to": "4000"}],
        }
    ]
    assert "1380000" not in json.dumps(details)


@pytest.fixture
async def tree(office: Office) -> Tree:
    """A committee with an admin (1), a general branch with staff (2), a secretary (3), a deputy (4), and 李建国 in
    the sibling branch.
    """
    async with office.works.begin() as work:
        tree = await factories.tree(work.session)
        for account, name, unit, role in (
            (1, "管理员", tree.committee, Role.ADMIN),
            (2, "总支", tree.general, Role.GENERAL),
            (3, "王梅", tree.branch, Role.SECRETARY),
            (4, "张强", tree.branch, Role.DEPUTY),
        ):
            await factories.member(work.session, name, tree.branch, account=account, posts=((unit, role),))
        await factories.member(work.session, "李建国", tree.sibling)
    return tree


async def number_of(office: Office, name: str) -> str:
    (found,) = await office.column("SELECT employee_no FROM member WHERE name = :name", name=name)
    return str(found)


NEW_HERE = line("N1", "新人")
NEW_NEXT_DOOR = line("N2", "新人", branch="采油四队党支部")
NEW_BRANCH = line("N3", "新人", branch="采油五队党支部")
NEW_GENERAL = line("N4", "新人", general="第二党总支")
ANOTHER_COMMITTEE = line("N5", "新人", committee="采油二厂党委")
NEW_ADMIN = line("N6", "新人", post="党委管理员")


@pytest.mark.parametrize(
    ("account", "row", "allowed"),
    [
        (1, NEW_NEXT_DOOR, True),
        (1, NEW_GENERAL, True),
        (1, NEW_ADMIN, True),
        (1, ANOTHER_COMMITTEE, False),
        (2, NEW_NEXT_DOOR, True),
        (2, NEW_BRANCH, True),
        (2, NEW_GENERAL, False),
        (2, NEW_ADMIN, False),
        (3, NEW_HERE, True),
        (3, NEW_NEXT_DOOR, False),
        (3, NEW_BRANCH, False),
        (3, NEW_ADMIN, False),
    ],
)
async def test_everyone_imports_their_own_units_only(
    office: Office, tree: Tree, account: int, row: tuple[str, ...], *, allowed: bool
) -> None:
    actor = await office.actor(account)
    if allowed:
        await office.apply(csv_bytes(row), by=actor)
        assert await office.column("SELECT COUNT(*) FROM member WHERE name = '新人'") == [1]
        return
    for act in (office.preview, office.apply):
        with pytest.raises(service.NotYourUnits):
            await act(csv_bytes(row), by=actor)
    assert await office.column("SELECT COUNT(*) FROM member WHERE name = '新人'") == [0]


async def test_nobody_takes_a_member_out_of_somebody_elses_branch(office: Office, tree: Tree) -> None:
    content = csv_bytes(line(await number_of(office, "李建国"), "李建国"))
    with pytest.raises(service.NotYourUnits) as caught:
        await office.preview(content, by=await office.actor(3))
    assert caught.value.details == {"units": "采油四队党支部"}
    await office.apply(content, by=await office.actor(2))


async def test_only_members_of_own_units_can_be_missing(office: Office, tree: Tree) -> None:
    content = csv_bytes(line(await number_of(office, "王梅"), "王梅", post="书记"))
    shown = await office.preview(content, by=await office.actor(3), full=True)
    assert {member.name for member in shown.left} == {"管理员", "总支", "张强"}


@pytest.mark.parametrize("account", [4, 5])
async def test_others_import_nothing(office: Office, tree: Tree, account: int) -> None:
    actor = await office.actor(4) if account == 4 else Actor(5, "zh_CN")
    with pytest.raises(NotAllowed):
        await office.preview(csv_bytes(NEW_HERE), by=actor)


async def test_the_sample_is_imported_whole_and_at_once(office: Office) -> None:
    done = await office.apply(sample.roster_csv())
    assert (done.plan.bad, len(done.plan.new)) == ((), len(sample.people()))
    kinds = await office.rows("SELECT kind, COUNT(*) AS n FROM unit GROUP BY kind ORDER BY kind")
    assert [tuple(row.values()) for row in kinds] == [("branch", 12), ("committee", 1), ("general", 3)]
    posts = await office.rows("SELECT role, COUNT(*) AS n FROM post GROUP BY role ORDER BY role")
    assert {row["role"]: row["n"] for row in posts} == {
        "admin": 1,
        "deputy": 12,
        "general": 3,
        "helper": 8,
        "secretary": 12,
    }
    again = await office.preview(sample.roster_csv(), full=True)
    assert not again.changes_anything


def test_the_sample_is_always_the_same() -> None:
    assert sample.roster_csv() == sample.roster_csv()
    people = sample.people()
    assert 280 <= len(people) <= 330
    assert len({person.name for person in people}) == len({person.phone for person in people}) == len(people)
    assert all(person.phone.startswith("1380000") for person in people)


numbers = st.sampled_from(["", "1", "2", "3", "4", "5"])
phones = st.sampled_from(["", "13800000001", "13800000002", "13800000003", "139"])
lines = st.builds(
    line,
    numbers,
    st.sampled_from(["王强", "李娜", "赵敏", ""]),
    phones,
    st.sampled_from(["一支部", "二支部", "三支部"]),
    post=st.sampled_from(["", "书记", "委员、总支书记", "厂长"]),
    status=st.sampled_from(["", "正式", "预备"]),
    dues=st.sampled_from(["", "20", "30"]),
    general=st.sampled_from(["甲总支", "乙总支", ""]),
)
files = st.lists(lines, min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.tuples(files, st.booleans()), min_size=1, max_size=4))
async def test_whatever_is_applied_is_applied_completely(
    files: list[tuple[list[tuple[str, ...]], bool]], office: Office
) -> None:
    """After applying a file, the same file has nothing left to change, and no two members share a phone."""
    async with office.works.begin() as work:
        for emptied in (
            "post",
            "member",
            "unit WHERE kind = 'branch'",
            "unit WHERE kind = 'general'",
            "unit",
        ):
            await work.session.run(f"DELETE FROM {emptied}")
    for rows, full in files:
        content = csv_bytes(*rows)
        done = await office.apply(content, full=full, skip_bad=True)
        again = await office.preview(content, full=full)
        assert not again.changes_anything
        assert again.plan.bad == done.plan.bad
