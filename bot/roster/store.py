"""The roster's rows."""

from collections.abc import AsyncIterator, Collection, Sequence

from bot.kit.database import Reader, Row, Session
from bot.roster.model import (
    Actor,
    Category,
    Member,
    Person,
    Post,
    Role,
    Staff,
    Status,
    Unit,
    UnitKind,
)

_MEMBER = (
    "member.id AS member_id, member.name, member.branch_id, member.employee_no, member.status, member.category,"
    " member.monthly_dues, member.left_at"
)
_PERSON = f"SELECT {_MEMBER}, account.id AS account_id, account.language FROM member LEFT JOIN account ON account.member_id = member.id"
_UNIT = "SELECT id, name, kind, parent_id, join_token FROM unit"


async def actor(reader: Reader, account_id: int, default_language: str) -> Actor | None:
    """The person behind an account; None for an account never seen. A member who has left counts as unbound."""
    rows = await reader.all(
        f"SELECT {_MEMBER}, account.language, post.unit_id, post.role FROM account"
        " LEFT JOIN member ON member.id = account.member_id AND member.left_at IS NULL"
        " LEFT JOIN post ON post.member_id = member.id AND post.until IS NULL"
        " WHERE account.id = :account ORDER BY post.id",
        account=account_id,
    )
    if not rows:
        return None
    return Actor(
        account_id=account_id,
        language=rows[0]["language"] or default_language,
        member=None if rows[0]["member_id"] is None else _member(rows[0]),
        posts=tuple(Post(row["unit_id"], Role(row["role"])) for row in rows if row["role"] is not None),
    )


async def note_account(session: Session, account_id: int, *, display_name: str, now: int) -> None:
    """Notes that this Telegram user has started the bot; keeps what is known already."""
    await session.run(
        "INSERT INTO account (id, display_name, first_seen_at) VALUES (:id, :name, :now) ON CONFLICT (id) DO NOTHING",
        id=account_id,
        name=display_name,
        now=now,
    )


async def set_language(session: Session, account_id: int, language: str) -> None:
    await session.run(
        "UPDATE account SET language = :language WHERE id = :id", language=language, id=account_id
    )


async def unit(reader: Reader, unit_id: int) -> Unit | None:
    row = await reader.first(f"{_UNIT} WHERE id = :id", id=unit_id)
    return None if row is None else _unit(row)


async def unit_by_token(reader: Reader, token: str) -> Unit | None:
    row = await reader.first(f"{_UNIT} WHERE join_token = :token", token=token)
    return None if row is None else _unit(row)


async def units(reader: Reader, kind: UnitKind | None = None) -> Sequence[Unit]:
    """All units, or those of one kind, by id."""
    if kind is None:
        rows = await reader.all(f"{_UNIT} ORDER BY id")
    else:
        rows = await reader.all(f"{_UNIT} WHERE kind = :kind ORDER BY id", kind=str(kind))
    return [_unit(row) for row in rows]


async def lineage(reader: Reader, unit_id: int) -> Sequence[Unit]:
    """The unit and those above it, itself first."""
    rows = await reader.all(
        "WITH RECURSIVE line (id, depth) AS ("
        " SELECT id, 0 FROM unit WHERE id = :id"
        " UNION ALL SELECT unit.parent_id, line.depth + 1 FROM unit JOIN line ON unit.id = line.id"
        " WHERE unit.parent_id IS NOT NULL)"
        " SELECT unit.id, unit.name, unit.kind, unit.parent_id, unit.join_token"
        " FROM line JOIN unit ON unit.id = line.id ORDER BY line.depth",
        id=unit_id,
    )
    return [_unit(row) for row in rows]


async def branches_below(reader: Reader, unit_id: int) -> Sequence[Unit]:
    """The branches under a unit, itself included if it is one."""
    rows = await reader.all(
        "WITH RECURSIVE tree (id) AS ("
        " SELECT id FROM unit WHERE id = :id"
        " UNION ALL SELECT unit.id FROM unit JOIN tree ON unit.parent_id = tree.id)"
        f" {_UNIT} WHERE kind = 'branch' AND id IN (SELECT id FROM tree) ORDER BY id",
        id=unit_id,
    )
    return [_unit(row) for row in rows]


async def person(reader: Reader, member_id: int) -> Person | None:
    """A member (also one who has left) with their account."""
    row = await reader.first(f"{_PERSON} WHERE member.id = :id", id=member_id)
    return None if row is None else _person(row)


async def members_of(reader: Reader, branch_id: int) -> Sequence[Person]:
    """The members on a branch's roster, by name."""
    rows = await reader.all(
        f"{_PERSON} WHERE member.branch_id = :branch AND member.left_at IS NULL ORDER BY member.name, member.id",
        branch=branch_id,
    )
    return [_person(row) for row in rows]


async def everyone(reader: Reader) -> AsyncIterator[Person]:
    """All members on the roster, streamed, by id."""
    async for row in reader.stream(f"{_PERSON} WHERE member.left_at IS NULL ORDER BY member.id"):
        yield _person(row)


async def staff_of(reader: Reader, unit_id: int, roles: Collection[Role] | None = None) -> Sequence[Staff]:
    """Who holds a post in this very unit (secretaries first, then deputies, then helpers, in order of appointment)."""
    rows = await reader.all(
        f"SELECT {_MEMBER}, account.id AS account_id, account.language, post.unit_id, post.role FROM post"
        " JOIN member ON member.id = post.member_id AND member.left_at IS NULL"
        " LEFT JOIN account ON account.member_id = member.id"
        " WHERE post.unit_id = :unit AND post.until IS NULL ORDER BY post.since, post.id",
        unit=unit_id,
    )
    order = list(Role)
    found = [Staff(_person(row), Post(row["unit_id"], Role(row["role"]))) for row in rows]
    return sorted(
        (staff for staff in found if roles is None or staff.post.role in roles),
        key=lambda staff: order.index(staff.post.role),
    )


def _unit(row: Row) -> Unit:
    return Unit(row["id"], row["name"], UnitKind(row["kind"]), row["parent_id"], row["join_token"])


def _member(row: Row) -> Member:
    return Member(
        id=row["member_id"],
        name=row["name"],
        branch_id=row["branch_id"],
        employee_no=row["employee_no"],
        status=Status(row["status"]),
        category=Category(row["category"]),
        monthly_dues=row["monthly_dues"],
        left_at=row["left_at"],
    )


def _person(row: Row) -> Person:
    return Person(_member(row), row["account_id"], row["language"])
