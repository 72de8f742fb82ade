"""The helpdesk's rows: tickets."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.helpdesk import holdings
from bot.helpdesk.model import CloseReason, Fact, Holder, Line, Origin, Rating, Rung, State, Ticket, Why
from bot.helpdesk.rules import Timing
from bot.kit.database import Reader, Row, Session
from bot.kit.errors import Outdated


async def ticket(reader: Reader, ticket_id: int) -> Ticket | None:
    row = await reader.first("SELECT * FROM ticket WHERE id = :id", id=ticket_id)
    return None if row is None else _ticket(row)


async def existing(reader: Reader, ticket_id: int) -> Ticket:
    """The ticket; `Outdated` if it is gone, as one that was dropped."""
    found = await ticket(reader, ticket_id)
    if found is None:
        raise Outdated
    return found


async def living(reader: Reader, ticket_id: int) -> Ticket:
    """The ticket, or the one in which it goes on since they were merged; `Outdated` if it is gone."""
    found = await existing(reader, ticket_id)
    return found if found.merged_into is None else await existing(reader, found.merged_into)


async def gathering(reader: Reader, requester_id: int) -> Ticket | None:
    """The member's ticket that has not been sent yet."""
    row = await reader.first(
        "SELECT * FROM ticket WHERE requester_id = :member AND state = 'gathering'", member=requester_id
    )
    return None if row is None else _ticket(row)


async def earlier(reader: Reader, ticket: Ticket, *, since: int) -> Ticket | None:
    """The newest other ticket of the same member to which they may still add: one that is with the staff, or was closed
    after `since`.
    """
    row = await reader.first(
        "SELECT * FROM ticket WHERE requester_id = :member AND id <> :id AND expired_at IS NULL"
        " AND (state IN ('open', 'answered') OR (state = 'closed' AND close_reason <> 'merged' AND closed_at >= :since))"
        " ORDER BY id DESC LIMIT 1",
        member=ticket.requester_id,
        id=ticket.id,
        since=since,
    )
    return None if row is None else _ticket(row)


async def listening(reader: Reader, requester_id: int, *, now: int) -> Ticket | None:
    """The ticket to which what the member simply types belongs: the one spoken in last."""
    row = await reader.first(
        "SELECT * FROM ticket WHERE requester_id = :member AND state <> 'gathering'"
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
    follows_id: int | None = None,
) -> Ticket:
    row = await session.first(
        "INSERT INTO ticket (requester_id, branch_id, state, origin, question, question_message_id, facts, shown,"
        " asked_at, gather_until, follows_id) VALUES (:requester, :branch, :state, :origin, :question, :message, :facts,"
        " :shown, :now, :until, :follows) RETURNING *",
        requester=requester_id,
        branch=branch_id,
        state=str(state),
        origin=str(origin),
        question=question,
        message=question_message_id,
        facts=json.dumps(facts, ensure_ascii=False),
        shown=json.dumps(shown),
        until=gather_until,
        follows=follows_id,
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


async def add_facts(session: Session, ticket_id: int, facts: Sequence[Fact], shown: Sequence[str]) -> None:
    """What is known about the question from now on, and the FAQ entries that did not help."""
    await session.run(
        "UPDATE ticket SET facts = :facts, shown = :shown WHERE id = :id",
        facts=json.dumps(facts, ensure_ascii=False),
        shown=json.dumps(shown),
        id=ticket_id,
    )


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
) -> int:
    """Gives the ticket to `holder`, with a clock that starts anew, or stands when there is no `timing`. Returns the
    number of the holding that begins.
    """
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
    return await holdings.begin(session, ticket_id, holder, why=why, now=now)


async def release(session: Session, ticket_id: int, *, now: int) -> None:
    """Nobody has the ticket any more, and no clock runs."""
    await session.run(
        "UPDATE ticket SET owner_id = NULL, rung = NULL, deadline = NULL, next_at = NULL, warned_at = NULL,"
        " reminded_at = NULL, snoozed_until = NULL, claimed_at = NULL WHERE id = :id",
        id=ticket_id,
    )
    await holdings.end(session, ticket_id, now=now)


async def change_branch(session: Session, ticket_id: int, branch_id: int, *, now: int) -> None:
    """The ticket belongs to another branch from now on, and its climb begins anew."""
    await session.run(
        "UPDATE ticket SET branch_id = :branch,"
        " climbing_since = CASE WHEN climbing_since IS NULL THEN NULL ELSE :now END WHERE id = :id",
        branch=branch_id,
        now=now,
        id=ticket_id,
    )


async def note_next(session: Session, ticket_id: int, next_at: int) -> None:
    await session.run("UPDATE ticket SET next_at = :next WHERE id = :id", next=next_at, id=ticket_id)


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


async def listen(session: Session, ticket_id: int, until: int | None) -> None:
    """Until then, what the member simply types belongs here; None: no longer."""
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
        " listen_until = NULL, climbing_since = NULL, snoozed_until = NULL, claimed_at = NULL WHERE id = :id",
        now=now,
        by=by,
        reason=str(reason),
        id=ticket_id,
    )


async def rate(session: Session, ticket_id: int, rating: Rating) -> None:
    await session.run("UPDATE ticket SET rating = :rating WHERE id = :id", rating=str(rating), id=ticket_id)


async def add_rating_words(session: Session, ticket_id: int, words: str) -> None:
    await session.run("UPDATE ticket SET rating_words = :words WHERE id = :id", words=words, id=ticket_id)


async def gathered(reader: Reader, *, now: int) -> Sequence[int]:
    """Tickets whose gathering time is over."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'gathering' AND gather_until <= :now ORDER BY gather_until",
        now=now,
    )


async def due(reader: Reader, *, now: int) -> Sequence[int]:
    """Tickets the ladder is to look at."""
    return await _ids(
        reader, "SELECT id FROM ticket WHERE state = 'open' AND next_at <= :now ORDER BY next_at", now=now
    )


async def without_fit_owner(reader: Reader, *, now: int) -> Sequence[int]:
    """Tickets waiting for an answer whose owner is missing, is on no roster any more, has blocked the bot, is away or
    holds no post near the branch.
    """
    return await _ids(
        reader,
        "SELECT ticket.id FROM ticket WHERE ticket.state IN ('open', 'answered') AND ticket.state = 'open'"
        " AND (NOT EXISTS (SELECT 1 FROM account JOIN member ON member.id = account.member_id"
        " LEFT JOIN chat ON chat.chat_id = account.id WHERE account.member_id = ticket.owner_id"
        " AND member.left_at IS NULL AND chat.unreachable_since IS NULL)"
        " OR NOT EXISTS (SELECT 1 FROM post JOIN unit AS place ON place.id = post.unit_id"
        " JOIN unit ON unit.id = ticket.branch_id"
        " WHERE post.member_id = ticket.owner_id AND post.until IS NULL AND (place.id = unit.id"
        " OR (place.id = unit.parent_id AND post.role = 'general')"
        " OR (place.parent_id = unit.parent_id AND post.role = 'secretary')))"
        " OR EXISTS (SELECT 1 FROM absence WHERE absence.member_id = ticket.owner_id"
        " AND absence.ended_at IS NULL AND absence.from_at <= :now AND absence.until_at > :now))",
        now=now,
    )


async def before_outsiders(reader: Reader, *, ended_after: int) -> Sequence[int]:
    """Tickets in work that stand in the chat of somebody whose post in their branch has ended since that moment."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state IN ('open', 'answered') AND EXISTS (SELECT 1 FROM post"
        " JOIN account ON account.member_id = post.member_id"
        " JOIN ticket_copy ON ticket_copy.ticket_id = ticket.id AND ticket_copy.chat_id = account.id"
        " WHERE post.unit_id = ticket.branch_id AND post.until > :ended"
        " AND ticket_copy.part IN ('card', 'relay') AND post.member_id <> ticket.requester_id"
        " AND NOT EXISTS (SELECT 1 FROM post AS other WHERE other.member_id = post.member_id"
        " AND other.unit_id = post.unit_id AND other.until IS NULL))",
        ended=ended_after,
    )


async def strayed(reader: Reader) -> Sequence[int]:
    """Tickets not closed yet whose member belongs to another branch by now, or to none."""
    strays = (
        "EXISTS (SELECT 1 FROM member WHERE member.id = ticket.requester_id"
        " AND (member.left_at IS NOT NULL OR member.branch_id <> ticket.branch_id))"
    )
    return await _ids(
        reader,
        f"SELECT id FROM ticket WHERE state IN ('open', 'answered') AND {strays}"
        f" UNION ALL SELECT id FROM ticket WHERE state = 'gathering' AND {strays}",
    )


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


async def loads(reader: Reader, members: Collection[int]) -> Mapping[int, int]:
    """How many waiting tickets each of these people has."""
    return {
        member: int(
            await reader.value(
                "SELECT COUNT(*) FROM ticket"
                " WHERE owner_id = :owner AND state IN ('open', 'answered') AND state = 'open'",
                owner=member,
            )
        )
        for member in members
    }


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
