"""The helpdesk's rows: the staff's lists of tickets."""

from collections.abc import Sequence
from typing import Final

from bot.helpdesk.inbox.model import Counts, Filter, Item
from bot.helpdesk.model import Line, State, Ticket
from bot.helpdesk.scope import HELPED, OWN_BRANCHES, RUNNING, SENT, mine, visible
from bot.kit.database import Reader, Row

_OPEN: Final = "ticket.state = 'open' AND ticket.snoozed_until IS NULL"
_PRESSING: Final = f"{_OPEN} AND (ticket.deadline < :now OR ticket.warned_at IS NOT NULL)"
_SNOOZED: Final = "ticket.state = 'open' AND ticket.snoozed_until IS NOT NULL"
_FITS: Final = {
    Filter.ALL: "ticket.id = ticket.id",
    Filter.WAITING: f"{_OPEN} AND (ticket.owner_id = :me OR ticket.id IN {HELPED})",
    Filter.PRESSING: _PRESSING,
    Filter.ANSWERED: "ticket.state = 'answered'",
    Filter.SNOOZED: _SNOOZED,
    Filter.BRANCH: f"ticket.branch_id IN {OWN_BRANCHES}",
}
REACH: Final = 400
"""Tickets of one person that are searched, so that nobody waits however long the branch has kept them."""

_SEARCHED: Final = (
    f"SELECT id FROM ({visible('1 = 1')}) AS theirs"
    " UNION ALL SELECT ticket.id FROM ticket WHERE ticket.requester_id = :me"
)
"""Read from indexes alone; what is not sent yet is left out of the few that are looked at."""
_LINE: Final = (
    "ticket.id, ticket.state, ticket.question, ticket.asked_at, ticket.deadline, member.name AS other"
)


async def counts(reader: Reader, member_id: int, *, now: int) -> tuple[Counts, int]:
    """How many tickets each filter leaves to this person, and how many wait for an answer of somebody."""
    sums = ", ".join(f"COUNT(CASE WHEN {fits} THEN 1 END) AS n_{key}" for key, fits in _FITS.items())
    row = await reader.first(
        f"SELECT {sums}, COUNT(CASE WHEN {_OPEN} THEN 1 END) AS waiting_for_any"
        f" FROM ticket WHERE {mine(RUNNING)}",
        me=member_id,
        now=now,
    )
    if row is None:
        return dict.fromkeys(Filter, 0), 0
    return {key: row[f"n_{key}"] for key in Filter}, row["waiting_for_any"]


async def items(
    reader: Reader, member_id: int, chosen: Filter, *, now: int, limit: int, offset: int
) -> Sequence[Item]:
    """What waits for an answer first, what was promised earliest before the rest; then what is answered, then what is
    put aside.
    """
    rows = await reader.all(
        f"SELECT {_LINE}, CASE WHEN {_PRESSING} THEN 1 ELSE 0 END AS pressing,"
        f" CASE WHEN {_SNOOZED} THEN 1 ELSE 0 END AS snoozed"
        " FROM ticket JOIN member ON member.id = ticket.requester_id"
        f" WHERE {mine(RUNNING)} AND {_FITS[chosen]}"
        f" ORDER BY CASE WHEN {_SNOOZED} THEN 2 WHEN ticket.state = 'answered' THEN 1 ELSE 0 END,"
        " COALESCE(ticket.deadline, ticket.asked_at), ticket.id LIMIT :limit OFFSET :offset",
        me=member_id,
        now=now,
        limit=limit,
        offset=offset,
    )
    return [Item(_line(row), bool(row["pressing"]), bool(row["snoozed"])) for row in rows]


async def past(
    reader: Reader, member_id: int, requester_id: int, *, before: int, limit: int, offset: int = 0
) -> Sequence[Line]:
    """What a member had asked before the ticket `before`, newest first: of that, what this person may see."""
    rows = await reader.all(
        f"SELECT {_LINE} FROM ticket JOIN member ON member.id = ticket.requester_id"
        " WHERE ticket.requester_id = :requester AND ticket.id < :before AND ticket.expired_at IS NULL"
        f" AND {mine(f'{SENT} AND ticket.requester_id = :requester')}"
        " ORDER BY ticket.id DESC LIMIT :limit OFFSET :offset",
        me=member_id,
        requester=requester_id,
        before=before,
        limit=limit,
        offset=offset,
    )
    return [_line(row) for row in rows]


async def before(reader: Reader, ticket: Ticket) -> tuple[int, Line | None]:
    """How many tickets of the same branch their member had before this one, and the last of them."""
    condition = (
        f"ticket.requester_id = :requester AND ticket.id < :id AND ticket.branch_id = :branch AND {SENT}"
        " AND ticket.expired_at IS NULL"
    )
    rows = await reader.all(
        f"SELECT {_LINE}, (SELECT COUNT(*) FROM ticket WHERE {condition}) AS earlier"
        f" FROM ticket JOIN member ON member.id = ticket.requester_id WHERE {condition}"
        " ORDER BY ticket.id DESC LIMIT 1",
        requester=ticket.requester_id,
        id=ticket.id,
        branch=ticket.branch_id,
    )
    return (rows[0]["earlier"], _line(rows[0])) if rows else (0, None)


async def found(
    reader: Reader, member_id: int, words: Sequence[str], *, limit: int, offset: int
) -> Sequence[Line]:
    """The tickets that this person may see as staff, or asked themselves, in which every one of these words (in lower
    case) stands: in the question or what was said, in the member's name; or is its number or the member's employee
    number. Newest first; of all their tickets only the newest `REACH` are looked at. In one's own questions what the
    staff noted for themselves is not looked at.
    """
    named = {f"word{number}": f"%{_escaped(word)}%" for number, word in enumerate(words)}
    numbers = {f"number{number}": _number(word) for number, word in enumerate(words)}
    exact = {f"exact{number}": word for number, word in enumerate(words)}
    holds = " AND ".join(_holds(number) for number in range(len(words)))
    rows = await reader.all(
        f"SELECT {_LINE} FROM ticket JOIN member ON member.id = ticket.requester_id"
        f" WHERE ticket.id IN (SELECT DISTINCT id FROM ({_SEARCHED}) AS searched ORDER BY id DESC LIMIT :reach)"
        f" AND {SENT} AND ticket.expired_at IS NULL AND {holds}"
        " ORDER BY ticket.id DESC LIMIT :limit OFFSET :offset",
        me=member_id,
        reach=REACH,
        limit=limit,
        offset=offset,
        **named,
        **numbers,
        **exact,
    )
    return [_line(row) for row in rows]


async def goes_beyond_reach(reader: Reader, member_id: int) -> bool:
    """Whether this person has tickets that `found` does not look at."""
    older = await reader.value(
        f"SELECT DISTINCT id FROM ({_SEARCHED}) AS searched LIMIT 1 OFFSET :reach",
        me=member_id,
        reach=REACH,
    )
    return older is not None


def _holds(number: int) -> str:
    like = f"LIKE :word{number} ESCAPE '!'"
    return (
        f"(ticket.id = :number{number} OR LOWER(member.name) {like} OR LOWER(member.employee_no) = :exact{number}"
        f" OR LOWER(ticket.question) {like} OR EXISTS (SELECT 1 FROM ticket_message AS said"
        f" WHERE said.ticket_id = ticket.id AND LOWER(said.text) {like} AND (said.direction IN ('asked', 'answered')"
        " OR (said.direction = 'noted' AND ticket.requester_id <> :me))))"
    )


def _escaped(word: str) -> str:
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in word)


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else None


def _line(row: Row) -> Line:
    return Line(
        row["id"], State(row["state"]), row["question"], row["asked_at"], row["deadline"], row["other"]
    )
