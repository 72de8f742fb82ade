"""The helpdesk's rows: tickets."""

import json
from collections.abc import Sequence
from typing import Any

from bot.helpdesk import holdings
from bot.helpdesk.model import CloseReason, Fact, Holder, Line, Origin, Rating, Rung, State, Ticket, Why
from bot.helpdesk.rules import Timing
from bot.kit.database import Reader, Row, Session
from bot.kit.errors import Outdated

_STAFFED = (
    " EXISTS (SELECT 1 FROM post WHERE post.member_id = :me AND post.until IS NULL"
    " AND post.unit_id = ticket.branch_id AND post.role IN ('secretary', 'deputy', 'helper'))"
)
_MINE_TO_ANSWER = f"(ticket.owner_id = :me OR {_STAFFED}) AND ticket.requester_id <> :me"


async def ticket(reader: Reader, ticket_id: int) -> Ticket | None:
    row = await reader.first("SELECT * FROM ticket WHERE id = :id", id=ticket_id)
    return None if row is None else _ticket(row)


async def existing(reader: Reader, ticket_id: int) -> Ticket:
    """The ticket; `Outdated` if it is gone, as one that was dropped."""
    found = await ticket(reader, ticket_id)
    if found is None:
        raise Outdated
    return found


async def gathering(reader: Reader, requester_id: int) -> Ticket | None:
    """The member's ticket that has not been sent yet."""
    row = await reader.first(
        "SELECT * FROM ticket WHERE requester_id = :member AND state = 'gathering'", member=requester_id
    )
    return None if row is None else _ticket(row)


async def listening(reader: Reader, requester_id: int, *, now: int) -> Ticket | None:
    """The ticket to which what the member simply types belongs: the one spoken in last."""
    row = await reader.first(
        "SELECT * FROM ticket WHERE requester_id = :member AND state IN ('open', 'answered')"
        " AND listen_until > :now ORDER BY listen_until DESC, id DESC LIMIT 1",
        member=requester_id,
        now=now,
    )
    return None if row is None else _ticket(row)


async def add(
    session: Session,
    *,
    requester_id: int,
    branch_id: int,
    state: State,
    origin: Origin,
    question: str,
    question_message_id: int | None,
    facts: Sequence[Fact],
    shown: Sequence[str],
    gather_until: int | None,
    now: int,
) -> Ticket:
    row = await session.first(
        "INSERT INTO ticket (requester_id, branch_id, state, origin, question, question_message_id, facts, shown,"
        " asked_at, gather_until) VALUES (:requester, :branch, :state, :origin, :question, :message, :facts, :shown,"
        " :now, :until) RETURNING *",
        requester=requester_id,
        branch=branch_id,
        state=str(state),
        origin=str(origin),
        question=question,
        message=question_message_id,
        facts=json.dumps(facts, ensure_ascii=False),
        shown=json.dumps(shown),
        until=gather_until,
        now=now,
    )
    if row is None:
        raise LookupError("an inserted ticket came back empty")
    return _ticket(row)


async def drop(session: Session, ticket_id: int) -> None:
    """Removes a ticket that was never sent, with all that was gathered."""
    for sql in (
        "DELETE FROM ticket_copy WHERE ticket_id = :id",
        "DELETE FROM ticket_message WHERE ticket_id = :id",
        "DELETE FROM ticket WHERE id = :id",
    ):
        await session.run(sql, id=ticket_id)


async def reword(session: Session, ticket_id: int, question: str) -> None:
    await session.run(
        "UPDATE ticket SET question = :question WHERE id = :id", question=question, id=ticket_id
    )


async def send(session: Session, ticket_id: int, *, now: int) -> None:
    """Ends the gathering: from now on the ticket waits for an answer."""
    await session.run(
        "UPDATE ticket SET state = 'open', opened_at = :now, climbing_since = :now, gather_until = NULL WHERE id = :id",
        now=now,
        id=ticket_id,
    )


async def hand_to(
    session: Session, ticket_id: int, holder: Holder, timing: Timing | None, *, why: Why, now: int
) -> None:
    """Gives the ticket to `holder`, with a clock that starts anew, or stands when there is no `timing`."""
    await session.run(
        "UPDATE ticket SET owner_id = :owner, rung = :rung, deadline = :deadline, next_at = :next,"
        " warned_at = NULL, reminded_at = NULL, snoozed_until = NULL, claimed_at = :claimed WHERE id = :id",
        owner=holder.member_id,
        rung=None if holder.rung is None else str(holder.rung),
        deadline=None if timing is None else timing.deadline,
        next=None if timing is None else timing.next_at,
        claimed=now if why in (Why.ANSWERED, Why.CLAIMED) else None,
        id=ticket_id,
    )
    await holdings.begin(session, ticket_id, holder, why=why, now=now)


async def note_warned(session: Session, ticket_id: int, next_at: int, *, now: int) -> None:
    await session.run(
        "UPDATE ticket SET warned_at = :now, next_at = :next WHERE id = :id",
        now=now,
        next=next_at,
        id=ticket_id,
    )


async def note_reminded(session: Session, ticket_id: int, timing: Timing, *, now: int) -> None:
    await session.run(
        "UPDATE ticket SET reminded_at = :now, deadline = :deadline, next_at = :next WHERE id = :id",
        now=now,
        deadline=timing.deadline,
        next=timing.next_at,
        id=ticket_id,
    )


async def note_answered(session: Session, ticket_id: int, *, listen_until: int, now: int) -> None:
    """A person has answered: the clock stands."""
    await session.run(
        "UPDATE ticket SET state = 'answered', answered_at = :now, listen_until = :until,"
        " first_answered_at = COALESCE(first_answered_at, :now), deadline = NULL, next_at = NULL,"
        " warned_at = NULL, reminded_at = NULL, closed_at = NULL, closed_by = NULL, close_reason = NULL,"
        " claimed_at = COALESCE(claimed_at, :now), climbing_since = NULL, snoozed_until = NULL WHERE id = :id",
        now=now,
        until=listen_until,
        id=ticket_id,
    )


async def listen(session: Session, ticket_id: int, until: int) -> None:
    """Until then, what the member simply types belongs here."""
    await session.run("UPDATE ticket SET listen_until = :until WHERE id = :id", until=until, id=ticket_id)


async def reopen(
    session: Session, ticket_id: int, timing: Timing, *, listen_until: int | None, now: int
) -> None:
    """The member waits again: open, with a clock that starts anew. `listen_until` None leaves it as it was."""
    await session.run(
        "UPDATE ticket SET state = 'open', deadline = :deadline, next_at = :next, warned_at = NULL,"
        " reminded_at = NULL, listen_until = COALESCE(:until, listen_until), closed_at = NULL, closed_by = NULL,"
        " close_reason = NULL, climbing_since = :now, snoozed_until = NULL WHERE id = :id",
        now=now,
        deadline=timing.deadline,
        next=timing.next_at,
        until=listen_until,
        id=ticket_id,
    )


async def close(session: Session, ticket_id: int, reason: CloseReason, *, by: int | None, now: int) -> None:
    await session.run(
        "UPDATE ticket SET state = 'closed', closed_at = :now, closed_by = :by, close_reason = :reason,"
        " gather_until = NULL, deadline = NULL, next_at = NULL, warned_at = NULL, reminded_at = NULL,"
        " listen_until = NULL, climbing_since = NULL, snoozed_until = NULL WHERE id = :id",
        now=now,
        by=by,
        reason=str(reason),
        id=ticket_id,
    )


async def rate(session: Session, ticket_id: int, rating: Rating) -> None:
    await session.run("UPDATE ticket SET rating = :rating WHERE id = :id", rating=str(rating), id=ticket_id)


async def note_unreachable_told(session: Session, ticket_id: int, *, now: int) -> None:
    await session.run("UPDATE ticket SET unreachable_told_at = :now WHERE id = :id", now=now, id=ticket_id)


async def note_undelivered_told(session: Session, ticket_id: int, *, now: int) -> None:
    await session.run("UPDATE ticket SET undelivered_told_at = :now WHERE id = :id", now=now, id=ticket_id)


async def forget(session: Session, ticket_id: int, *, now: int) -> None:
    """Deletes what was said in a ticket; its row stays for the counts."""
    await session.run(
        "UPDATE ticket SET question = '', facts = '[]', shown = '[]', expired_at = :now WHERE id = :id",
        now=now,
        id=ticket_id,
    )
    await session.run("UPDATE ticket_message SET text = '' WHERE ticket_id = :id", id=ticket_id)


async def gathered(reader: Reader, *, now: int, limit: int) -> Sequence[int]:
    """Tickets whose gathering time is over."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'gathering' AND gather_until <= :now ORDER BY gather_until LIMIT :limit",
        now=now,
        limit=limit,
    )


async def due(reader: Reader, *, now: int, limit: int) -> Sequence[int]:
    """Tickets the ladder is to look at."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'open' AND next_at <= :now ORDER BY next_at, id LIMIT :limit",
        now=now,
        limit=limit,
    )


async def without_reachable_owner(reader: Reader, *, after: int, limit: int) -> Sequence[int]:
    """Tickets waiting for an answer whose owner is missing, has blocked the bot or holds no post any more."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'open' AND id > :after AND NOT EXISTS ("
        " SELECT 1 FROM account JOIN post ON post.member_id = account.member_id AND post.until IS NULL"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " WHERE account.member_id = ticket.owner_id AND chat.unreachable_since IS NULL"
        " AND post.unit_id IN (SELECT id FROM unit WHERE id = ticket.branch_id"
        " UNION SELECT parent_id FROM unit WHERE id = ticket.branch_id)) ORDER BY id LIMIT :limit",
        after=after,
        limit=limit,
    )


async def with_lost_messages(reader: Reader, *, limit: int) -> Sequence[int]:
    """Tickets in work whose requester has blocked the bot, or was not reached by a message, since their owner was last
    told of such a thing.
    """
    return await _ids(
        reader,
        "SELECT ticket.id FROM ticket JOIN account ON account.member_id = ticket.requester_id"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " WHERE ticket.state IN ('open', 'answered') AND ticket.owner_id IS NOT NULL"
        " AND (chat.unreachable_since > COALESCE(ticket.unreachable_told_at, -1) OR EXISTS ("
        " SELECT 1 FROM ticket_copy JOIN outgoing ON outgoing.id = ticket_copy.outgoing_id"
        " WHERE ticket_copy.ticket_id = ticket.id AND ticket_copy.chat_id = account.id"
        " AND ticket_copy.part = 'relay' AND outgoing.state IN ('blocked', 'failed')"
        " AND outgoing.finished_at > COALESCE(ticket.unreachable_told_at, -1))) ORDER BY ticket.id LIMIT :limit",
        limit=limit,
    )


async def with_undelivered_words(reader: Reader, *, limit: int) -> Sequence[int]:
    """Tickets in work whose owner something the requester said did not reach, since the requester was last told of
    such a thing.
    """
    return await _ids(
        reader,
        "SELECT ticket.id FROM ticket JOIN account ON account.member_id = ticket.owner_id"
        " WHERE ticket.state IN ('open', 'answered') AND EXISTS ("
        " SELECT 1 FROM ticket_copy JOIN outgoing ON outgoing.id = ticket_copy.outgoing_id"
        " WHERE ticket_copy.ticket_id = ticket.id AND ticket_copy.chat_id = account.id"
        " AND ticket_copy.part IN ('card', 'relay') AND outgoing.state IN ('blocked', 'failed')"
        " AND outgoing.finished_at > COALESCE(ticket.undelivered_told_at, -1)) ORDER BY ticket.id LIMIT :limit",
        limit=limit,
    )


async def quiet(reader: Reader, *, before: int, limit: int) -> Sequence[int]:
    """Tickets answered by that moment, to which nobody has written since."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'answered' AND answered_at <= :before ORDER BY answered_at LIMIT :limit",
        before=before,
        limit=limit,
    )


async def kept_too_long(reader: Reader, *, before: int, limit: int) -> Sequence[int]:
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'closed' AND expired_at IS NULL AND closed_at < :before"
        " ORDER BY closed_at LIMIT :limit",
        before=before,
        limit=limit,
    )


async def ids_of(reader: Reader, requester_id: int) -> Sequence[int]:
    """A member's tickets whose contents are still here."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE requester_id = :member AND expired_at IS NULL ORDER BY id",
        member=requester_id,
    )


async def counts_of(reader: Reader, requester_id: int) -> tuple[int, int]:
    """How many tickets a member has that are not closed, and how many that are."""
    row = await reader.first(
        "SELECT COUNT(CASE WHEN state <> 'closed' THEN 1 END) AS running,"
        " COUNT(CASE WHEN state = 'closed' THEN 1 END) AS closed FROM ticket WHERE requester_id = :member",
        member=requester_id,
    )
    return (0, 0) if row is None else (row["running"], row["closed"])


async def own(reader: Reader, member_id: int, *, limit: int, offset: int) -> Sequence[Line]:
    """A member's own tickets, newest first."""
    rows = await reader.all(
        "SELECT ticket.id, state, question, asked_at, deadline, member.name AS other FROM ticket"
        " LEFT JOIN member ON member.id = ticket.owner_id"
        " WHERE requester_id = :me AND expired_at IS NULL ORDER BY ticket.id DESC LIMIT :limit OFFSET :offset",
        me=member_id,
        limit=limit,
        offset=offset,
    )
    return [_line(row) for row in rows]


async def inbox(reader: Reader, member_id: int, *, limit: int, offset: int) -> Sequence[Line]:
    """The tickets that wait for an answer from this person or from somebody of their branch, oldest first; below them
    those that are answered and not closed yet.
    """
    rows = await reader.all(
        "SELECT ticket.id, ticket.state, question, asked_at, deadline, member.name AS other FROM ticket"
        " JOIN member ON member.id = ticket.requester_id"
        f" WHERE ticket.state IN ('open', 'answered') AND {_MINE_TO_ANSWER}"
        " ORDER BY ticket.state DESC, ticket.asked_at, ticket.id LIMIT :limit OFFSET :offset",
        me=member_id,
        limit=limit,
        offset=offset,
    )
    return [_line(row) for row in rows]


async def inbox_counts(reader: Reader, member_id: int, *, now: int) -> tuple[int, int, int]:
    """How many tickets wait for this person or their branch, how many of them past their deadline, and how many are
    answered but not closed.
    """
    row = await reader.first(
        "SELECT COUNT(CASE WHEN state = 'open' THEN 1 END) AS waiting,"
        " COUNT(CASE WHEN state = 'open' AND (deadline < :now OR warned_at IS NOT NULL) THEN 1 END) AS pressing,"
        " COUNT(CASE WHEN state = 'answered' THEN 1 END) AS answered"
        f" FROM ticket WHERE state IN ('open', 'answered') AND {_MINE_TO_ANSWER}",
        me=member_id,
        now=now,
    )
    return (0, 0, 0) if row is None else (row["waiting"], row["pressing"], row["answered"])


async def is_unreachable(reader: Reader, account_id: int) -> bool:
    """Whether this person has blocked the bot."""
    since = await reader.value("SELECT unreachable_since FROM chat WHERE chat_id = :chat", chat=account_id)
    return since is not None


async def _ids(reader: Reader, sql: str, **parameters: Any) -> Sequence[int]:
    return [int(row["id"]) for row in await reader.all(sql, **parameters)]


def _ticket(row: Row) -> Ticket:
    return Ticket(
        **{
            **row,
            "rung": None if row["rung"] is None else Rung(row["rung"]),
            "state": State(row["state"]),
            "origin": Origin(row["origin"]),
            "facts": tuple((label, value) for label, value in json.loads(row["facts"])),
            "shown": tuple(json.loads(row["shown"])),
            "close_reason": None if row["close_reason"] is None else CloseReason(row["close_reason"]),
            "rating": None if row["rating"] is None else Rating(row["rating"]),
        }
    )


def _line(row: Row) -> Line:
    return Line(
        row["id"], State(row["state"]), row["question"], row["asked_at"], row["deadline"], row["other"]
    )
