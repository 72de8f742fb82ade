"""The roster's rows."""

from collections.abc import AsyncIterator, Collection, Sequence

from bot.kit.database import Reader, Row, Session
from bot.roster.model import (
    Account,
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


async def account(reader: Reader, account_id: int) -> Account | None:
    row = await reader.first(
        "SELECT id, member_id, language, display_name, invited_to, bound_at FROM account WHERE id = :id",
        id=account_id,
    )
    return None if row is None else Account(**row)


async def note_account(
    session: Session, account_id: int, *, display_name: str, language: str | None = None, now: int
) -> None:
    """Notes that this Telegram user has started the bot; keeps what is known already."""
    await session.run(
        "INSERT INTO account (id, display_name, language, first_seen_at, menu_due)"
        " VALUES (:id, :name, :language, :now, 1) ON CONFLICT (id) DO NOTHING",
        id=account_id,
        name=display_name,
        language=language,
        now=now,
    )


async def set_language(session: Session, account_id: int, language: str) -> None:
    await session.run(
        "UPDATE account SET language = :language, menu_due = 1 WHERE id = :id",
        language=language,
        id=account_id,
    )


async def invite(session: Session, account_id: int, unit_id: int) -> None:
    """Notes the unit by whose deep link the person came."""
    await session.run(
        "UPDATE account SET invited_to = :unit WHERE id = :id AND member_id IS NULL",
        unit=unit_id,
        id=account_id,
    )


async def bind(session: Session, account_id: int, member_id: int, *, now: int) -> None:
    """Binds the account to the member, and any other account of that member no longer."""
    await session.run(
        "UPDATE account SET member_id = NULL, bound_at = NULL, menu_due = 1 WHERE member_id = :member",
        member=member_id,
    )
    await session.run(
        "UPDATE account SET member_id = :member, bound_at = :now, display_name = '', invited_to = NULL,"
        " menu_due = 1 WHERE id = :id",
        member=member_id,
        now=now,
        id=account_id,
    )


async def forget_account(session: Session, account_id: int) -> None:
    await session.run("DELETE FROM account WHERE id = :id", id=account_id)


async def menus_due(reader: Reader, limit: int) -> Sequence[int]:
    """Accounts whose command menu no longer fits their posts or language."""
    rows = await reader.all("SELECT id FROM account WHERE menu_due = 1 ORDER BY id LIMIT :limit", limit=limit)
    return [row["id"] for row in rows]


async def menu_told(session: Session, account_id: int) -> None:
    await session.run("UPDATE account SET menu_due = 0 WHERE id = :id", id=account_id)


async def appoint(session: Session, member_id: int, post: Post, *, now: int) -> None:
    """Gives the member this post; nothing changes if they hold it."""
    await session.run(
        "INSERT INTO post (member_id, unit_id, role, since) VALUES (:member, :unit, :role, :now)"
        " ON CONFLICT (member_id, unit_id, role) WHERE until IS NULL DO NOTHING",
        member=member_id,
        unit=post.unit_id,
        role=str(post.role),
        now=now,
    )
    await _menu_of_member_is_due(session, member_id)


async def dismiss(session: Session, member_id: int, post: Post, *, now: int) -> None:
    """Ends this post of the member's; nothing changes if they do not hold it."""
    await session.run(
        "UPDATE post SET until = :now"
        " WHERE member_id = :member AND unit_id = :unit AND role = :role AND until IS NULL",
        member=member_id,
        unit=post.unit_id,
        role=str(post.role),
        now=now,
    )
    await _menu_of_member_is_due(session, member_id)


async def _menu_of_member_is_due(session: Session, member_id: int) -> None:
    await session.run("UPDATE account SET menu_due = 1 WHERE member_id = :member", member=member_id)


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


async def children(reader: Reader, unit_id: int | None) -> Sequence[Unit]:
    """The units right below one, by id; of None, the top ones."""
    if unit_id is None:
        rows = await reader.all(f"{_UNIT} WHERE parent_id IS NULL ORDER BY id")
    else:
        rows = await reader.all(f"{_UNIT} WHERE parent_id = :parent ORDER BY id", parent=unit_id)
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


async def by_phone(reader: Reader, phone_hash: str) -> Person | None:
    """The member on the roster with this phone (its fingerprint by the vault)."""
    row = await reader.first(
        f"{_PERSON} WHERE member.phone_hash = :hash AND member.left_at IS NULL", hash=phone_hash
    )
    return None if row is None else _person(row)


async def encrypted_phone(reader: Reader, member_id: int) -> str | None:
    """The member's phone as the vault has encrypted it."""
    found = await reader.value("SELECT phone_encrypted FROM member WHERE id = :id", id=member_id)
    return None if found is None else str(found)


async def members_of(reader: Reader, branch_id: int) -> Sequence[Person]:
    """The members on a branch's roster, by name."""
    rows = await reader.all(
        f"{_PERSON} WHERE member.branch_id = :branch AND member.left_at IS NULL ORDER BY member.name, member.id",
        branch=branch_id,
    )
    return [_person(row) for row in rows]


async def unbound_members_of(reader: Reader, branch_id: int) -> Sequence[Member]:
    """The members on a branch's roster who have no account yet, by name."""
    people = await members_of(reader, branch_id)
    return [person.member for person in people if person.account_id is None]


async def unbound_staff_of(reader: Reader, unit_id: int) -> Sequence[Member]:
    """Who holds a post in this unit or below and has no account yet, by name."""
    rows = await reader.all(
        "WITH RECURSIVE tree (id) AS (SELECT id FROM unit WHERE id = :id"
        " UNION ALL SELECT unit.id FROM unit JOIN tree ON unit.parent_id = tree.id)"
        f" SELECT DISTINCT {_MEMBER} FROM post JOIN member ON member.id = post.member_id"
        " LEFT JOIN account ON account.member_id = member.id"
        " WHERE post.unit_id IN (SELECT id FROM tree) AND post.until IS NULL AND member.left_at IS NULL"
        " AND account.id IS NULL ORDER BY member.name, member.id",
        id=unit_id,
    )
    return [_member(row) for row in rows]


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


async def staff_right_below(reader: Reader, unit_id: int, role: Role) -> Sequence[tuple[Staff, Unit]]:
    """Who holds this post in the units right below one, with their units, by unit and in order of appointment."""
    rows = await reader.all(
        f"SELECT {_MEMBER}, account.id AS account_id, account.language, post.unit_id, post.role,"
        " unit.id, unit.name AS unit_name, unit.kind, unit.parent_id, unit.join_token FROM unit"
        " JOIN post ON post.unit_id = unit.id AND post.until IS NULL AND post.role = :role"
        " JOIN member ON member.id = post.member_id AND member.left_at IS NULL"
        " LEFT JOIN account ON account.member_id = member.id"
        " WHERE unit.parent_id = :unit ORDER BY unit.id, post.since, post.id",
        unit=unit_id,
        role=str(role),
    )
    return [
        (
            Staff(_person(row), Post(row["unit_id"], Role(row["role"]))),
            Unit(row["id"], row["unit_name"], UnitKind(row["kind"]), row["parent_id"], row["join_token"]),
        )
        for row in rows
    ]


async def posts_of(reader: Reader, member_id: int) -> Sequence[tuple[Post, Unit]]:
    """The posts a member holds, with their units, in order of appointment."""
    rows = await reader.all(
        "SELECT post.role, unit.id, unit.name, unit.kind, unit.parent_id, unit.join_token FROM post"
        " JOIN unit ON unit.id = post.unit_id WHERE post.member_id = :member AND post.until IS NULL"
        " ORDER BY post.since, post.id",
        member=member_id,
    )
    return [(Post(row["id"], Role(row["role"])), _unit(row)) for row in rows]


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
