"""Rows of the import: the roster as it is compared, and the changes in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.kit.database import Parameters, Reader, Session
from bot.roster.importing.compare import Change, Known, Person, Roster
from bot.roster.importing.places import Path, Placed
from bot.roster.model import Category, Role, Status, Unit, UnitKind
from bot.roster.store import units as all_units


async def paths(reader: Reader) -> Mapping[int, Path]:
    """Every unit's path, by id."""
    units = {unit.id: unit for unit in await all_units(reader)}

    def path(unit: Unit) -> Path:
        return (unit.name,) if unit.parent_id is None else (*path(units[unit.parent_id]), unit.name)

    return {unit.id: path(unit) for unit in units.values()}


async def roster(reader: Reader) -> Roster:
    """All units and all members, those who have left as well."""
    path_of = await paths(reader)
    kinds = {path_of[unit.id]: unit.kind for unit in await all_units(reader)}
    posts: dict[int, set[Placed]] = {}
    for row in await reader.all("SELECT member_id, unit_id, role FROM post WHERE until IS NULL"):
        posts.setdefault(row["member_id"], set()).add(Placed(path_of[row["unit_id"]], Role(row["role"])))
    members = [
        Known(
            id=row["id"],
            employee_no=row["employee_no"],
            name=row["name"],
            phone_hash=row["phone_hash"],
            branch=path_of[row["branch_id"]],
            status=Status(row["status"]),
            category=Category(row["category"]),
            monthly_dues=row["monthly_dues"],
            left=row["left_at"] is not None,
            posts=frozenset(posts.get(row["id"], ())),
            accepted_on=None if row["accepted_on"] is None else date.fromisoformat(row["accepted_on"]),
        )
        async for row in reader.stream(
            "SELECT id, employee_no, name, phone_hash, branch_id, status, category, monthly_dues, left_at,"
            " accepted_on FROM member ORDER BY id"
        )
    ]
    return Roster(kinds, members)


async def add_unit(
    session: Session, path: Path, kind: UnitKind, parent_id: int | None, token: str
) -> int | None:
    """The new unit's id; None when the token is another unit's already."""
    row = await session.first(
        "INSERT INTO unit (name, kind, parent_id, join_token) VALUES (:name, :kind, :parent, :token)"
        " ON CONFLICT (join_token) DO NOTHING RETURNING id",
        name=path[-1],
        kind=str(kind),
        parent=parent_id,
        token=token,
    )
    return None if row is None else int(row["id"])


async def free_phones(session: Session, members: Iterable[int], *, now: int) -> None:
    """Takes the phones off these members, so that they can be given to others within the same transaction."""
    await session.run_many(
        "UPDATE member SET phone_hash = NULL, phone_encrypted = NULL, updated_at = :now WHERE id = :id",
        [{"id": member_id, "now": now} for member_id in members],
    )


async def add_members(
    session: Session,
    people: Iterable[Person],
    *,
    unit_ids: Mapping[Path, int],
    sealed: Mapping[str, str],
    now: int,
) -> None:
    """`sealed` has the encrypted phones by fingerprint."""
    await session.run_many(
        "INSERT INTO member (employee_no, name, phone_encrypted, phone_hash, branch_id, status, category,"
        " monthly_dues, accepted_on, created_at, updated_at) VALUES (:employee_no, :name, :phone, :hash, :branch,"
        " :status, :category, :dues, :accepted, :now, :now)",
        [_values(person, unit_ids, sealed, now) for person in people],
    )


async def change_members(
    session: Session,
    changes: Iterable[Change],
    *,
    unit_ids: Mapping[Path, int],
    sealed: Mapping[str, str],
    now: int,
) -> None:
    """A phone the file does not have stays as it is. Whoever stands in the file has not left."""
    await session.run_many(
        "UPDATE member SET employee_no = :employee_no, name = :name, phone_hash = :hash,"
        " phone_encrypted = COALESCE(:phone, phone_encrypted), branch_id = :branch, status = :status,"
        " category = :category, monthly_dues = :dues, accepted_on = :accepted, left_at = NULL, updated_at = :now WHERE id = :id",
        [{**_values(change.person, unit_ids, sealed, now), "id": change.member_id} for change in changes],
    )


async def mark_left(session: Session, members: Iterable[int], *, now: int) -> None:
    """Marks members as left and ends their posts."""
    rows = [{"id": member_id, "now": now} for member_id in members]
    await session.run_many("UPDATE member SET left_at = :now, updated_at = :now WHERE id = :id", rows)
    await session.run_many("UPDATE post SET until = :now WHERE member_id = :id AND until IS NULL", rows)


async def ids_of(session: Session, people: Sequence[Person]) -> Mapping[Person, int]:
    """The ids of members just added."""
    by_number: dict[str, int] = {}
    by_phone: dict[str, int] = {}
    for row in await session.all("SELECT id, employee_no, phone_hash FROM member"):
        by_number[row["employee_no"]] = row["id"]
        by_phone[row["phone_hash"]] = row["id"]
    return {
        person: by_number[person.employee_no]
        if person.employee_no is not None
        else by_phone[person.phone_hash or ""]
        for person in people
    }


async def menus_are_due(session: Session, members: Iterable[int]) -> None:
    await session.run_many(
        "UPDATE account SET menu_due = 1 WHERE member_id = :id", [{"id": member_id} for member_id in members]
    )


def _values(person: Person, unit_ids: Mapping[Path, int], sealed: Mapping[str, str], now: int) -> Parameters:
    return {
        "employee_no": person.employee_no,
        "name": person.name,
        "phone": None if person.phone_hash is None else sealed.get(person.phone_hash),
        "hash": person.phone_hash,
        "branch": unit_ids[person.branch],
        "status": str(person.status),
        "category": str(person.category),
        "dues": person.monthly_dues,
        "accepted": None if person.accepted_on is None else person.accepted_on.isoformat(),
        "now": now,
    }
