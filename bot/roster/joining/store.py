"""Rows of joining: codes, tries, requests and who was told of them."""

import dataclasses
import enum
from collections.abc import Sequence

from bot.kit.database import Reader, Row, Session
from bot.roster.joining.rules import Attempts


class Kind(enum.StrEnum):
    JOIN = "join"
    """Somebody says they belong to this branch."""
    MOVE = "move"
    """Somebody has proven to be a member whose account is another one."""


class State(enum.StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    NOT_ON_ROSTER = "not_on_roster"
    WITHDRAWN = "withdrawn"


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    id: int
    kind: Kind
    account_id: int
    unit_id: int
    member_id: int | None
    """Whom it is about; for `Kind.JOIN` the staff finds that out."""
    given_name: str
    state: State


@dataclasses.dataclass(frozen=True, slots=True)
class Notice:
    """A message to staff about a request."""

    account_id: int
    outgoing_id: int


_REQUEST = "SELECT id, kind, account_id, unit_id, member_id, given_name, state FROM join_request"


async def attempts(reader: Reader, account_id: int) -> Attempts | None:
    row = await reader.first(
        "SELECT since, tries FROM join_attempt WHERE account_id = :account", account=account_id
    )
    return None if row is None else Attempts(**row)


async def keep_attempts(session: Session, account_id: int, counted: Attempts) -> None:
    await session.run(
        "INSERT INTO join_attempt (account_id, since, tries) VALUES (:account, :since, :tries)"
        " ON CONFLICT (account_id) DO UPDATE SET since = excluded.since, tries = excluded.tries",
        account=account_id,
        since=counted.since,
        tries=counted.tries,
    )


async def sweep(session: Session, *, attempts_before: int, codes_before: int) -> None:
    """Deletes counts of tries that began, and codes that ended, before these moments."""
    await session.run("DELETE FROM join_attempt WHERE since <= :before", before=attempts_before)
    await session.run("DELETE FROM join_code WHERE expires_at <= :before", before=codes_before)


async def keep_code(
    session: Session, code_hash: str, *, member_id: int, issued_by: int, now: int, expires_at: int
) -> bool:
    """Keeps a code for a member; False when it is somebody's already."""
    added = await session.run(
        "INSERT INTO join_code (code_hash, member_id, issued_by, issued_at, expires_at)"
        " VALUES (:hash, :member, :by, :now, :expires) ON CONFLICT (code_hash) DO NOTHING",
        hash=code_hash,
        member=member_id,
        by=issued_by,
        now=now,
        expires=expires_at,
    )
    return added == 1


async def drop_codes(session: Session, member_id: int) -> None:
    await session.run("DELETE FROM join_code WHERE member_id = :member", member=member_id)


async def member_of_code(reader: Reader, code_hash: str, *, now: int) -> int | None:
    """The member on the roster whom a code that is still valid belongs to."""
    found = await reader.value(
        "SELECT member.id FROM join_code JOIN member ON member.id = join_code.member_id"
        " WHERE code_hash = :hash AND expires_at > :now AND member.left_at IS NULL",
        hash=code_hash,
        now=now,
    )
    return None if found is None else int(found)


async def add_request(
    session: Session,
    kind: Kind,
    *,
    account_id: int,
    unit_id: int,
    member_id: int | None,
    given_name: str,
    now: int,
) -> Request:
    row = await session.first(
        "INSERT INTO join_request (kind, account_id, unit_id, member_id, given_name, state, asked_at)"
        " VALUES (:kind, :account, :unit, :member, :name, 'open', :now)"
        " RETURNING id, kind, account_id, unit_id, member_id, given_name, state",
        kind=str(kind),
        account=account_id,
        unit=unit_id,
        member=member_id,
        name=given_name,
        now=now,
    )
    if row is None:
        raise RuntimeError("an insert returned no row")
    return _request(row)


async def request(reader: Reader, request_id: int) -> Request | None:
    row = await reader.first(f"{_REQUEST} WHERE id = :id", id=request_id)
    return None if row is None else _request(row)


async def open_request_of(reader: Reader, account_id: int) -> Request | None:
    row = await reader.first(f"{_REQUEST} WHERE account_id = :account AND state = 'open'", account=account_id)
    return None if row is None else _request(row)


async def units_with_unannounced(reader: Reader) -> Sequence[int]:
    """Units with open requests that no staff has been told of."""
    rows = await reader.all(
        "SELECT DISTINCT unit_id FROM join_request"
        " WHERE state = 'open' AND id NOT IN (SELECT request_id FROM join_notice) ORDER BY unit_id"
    )
    return [row["unit_id"] for row in rows]


async def unannounced(reader: Reader, unit_id: int, limit: int) -> Sequence[Request]:
    """The oldest of a unit's open requests that no staff has been told of."""
    rows = await reader.all(
        f"{_REQUEST} WHERE unit_id = :unit AND state = 'open'"
        " AND id NOT IN (SELECT request_id FROM join_notice) ORDER BY id LIMIT :limit",
        unit=unit_id,
        limit=limit,
    )
    return [_request(row) for row in rows]


async def close_request(
    session: Session, request_id: int, state: State, *, decided_by: int | None, now: int
) -> bool:
    """False when it was closed already."""
    changed = await session.run(
        "UPDATE join_request SET state = :state, decided_by = :by, decided_at = :now"
        " WHERE id = :id AND state = 'open'",
        state=str(state),
        by=decided_by,
        now=now,
        id=request_id,
    )
    return changed == 1


async def forget_requests(session: Session, account_id: int) -> None:
    mine = "(SELECT id FROM join_request WHERE account_id = :account)"
    await session.run(f"DELETE FROM join_notice WHERE request_id IN {mine}", account=account_id)
    await session.run("DELETE FROM join_request WHERE account_id = :account", account=account_id)


async def open_requests(reader: Reader, unit_id: int) -> Sequence[Request]:
    """A unit's requests that nobody has decided, the oldest first."""
    rows = await reader.all(f"{_REQUEST} WHERE unit_id = :unit AND state = 'open' ORDER BY id", unit=unit_id)
    return [_request(row) for row in rows]


async def drop_notice(session: Session, request_id: int, account_id: int) -> None:
    await session.run(
        "DELETE FROM join_notice WHERE request_id = :request AND account_id = :account",
        request=request_id,
        account=account_id,
    )


async def add_notice(session: Session, request_id: int, notice: Notice) -> None:
    await session.run(
        "INSERT INTO join_notice (request_id, account_id, outgoing_id) VALUES (:request, :account, :outgoing)"
        " ON CONFLICT (request_id, account_id) DO UPDATE SET outgoing_id = excluded.outgoing_id",
        request=request_id,
        account=notice.account_id,
        outgoing=notice.outgoing_id,
    )


async def notices(reader: Reader, request_id: int) -> Sequence[Notice]:
    rows = await reader.all(
        "SELECT account_id, outgoing_id FROM join_notice WHERE request_id = :request ORDER BY account_id",
        request=request_id,
    )
    return [Notice(**row) for row in rows]


async def decider_name(reader: Reader, request_id: int) -> str | None:
    """Who closed a request."""
    found = await reader.value(
        "SELECT member.name FROM join_request JOIN member ON member.id = join_request.decided_by"
        " WHERE join_request.id = :id",
        id=request_id,
    )
    return None if found is None else str(found)


def _request(row: Row) -> Request:
    return Request(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})
