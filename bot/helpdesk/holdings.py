"""The helpdesk's rows: who has had a ticket, and who was asked to help with it."""

from collections.abc import Sequence

from bot.helpdesk.model import Holder, Holding, Rung, Why
from bot.kit.database import Reader, Row, Session


async def begin(session: Session, ticket_id: int, holder: Holder, *, why: Why, now: int) -> int:
    """From now on this person has the ticket, and nobody else. Returns the number of this holding."""
    await end(session, ticket_id, now=now)
    number = await session.value(
        "INSERT INTO ticket_holding (ticket_id, member_id, rung, why, instead_of, since)"
        " VALUES (:ticket, :member, :rung, :why, :instead, :now) RETURNING id",
        ticket=ticket_id,
        member=holder.member_id,
        rung=None if holder.rung is None else str(holder.rung),
        why=str(why),
        instead=holder.instead_of,
        now=now,
    )
    return int(number)


async def end(session: Session, ticket_id: int, *, now: int) -> None:
    """Nobody has the ticket any more."""
    await session.run(
        "UPDATE ticket_holding SET until = :now WHERE ticket_id = :ticket AND until IS NULL",
        now=now,
        ticket=ticket_id,
    )


async def of_ticket(reader: Reader, ticket_id: int, *, since: int = 0) -> Sequence[Holding]:
    """Who has had the ticket since a moment, in order."""
    rows = await reader.all(
        "SELECT ticket_id, member_id, rung, why, instead_of, since, until FROM ticket_holding"
        " WHERE ticket_id = :ticket AND since >= :since ORDER BY id",
        ticket=ticket_id,
        since=since,
    )
    return [_holding(row) for row in rows]


async def add_guest(session: Session, ticket_id: int, member_id: int, *, asked_by: int, now: int) -> bool:
    """Lets somebody see and answer a ticket that stays its owner's; False if they could already."""
    return bool(
        await session.run(
            "INSERT INTO ticket_guest (ticket_id, member_id, asked_by, since) VALUES (:ticket, :member, :by, :now)"
            " ON CONFLICT (ticket_id, member_id) WHERE until IS NULL DO NOTHING",
            ticket=ticket_id,
            member=member_id,
            by=asked_by,
            now=now,
        )
    )


async def end_guests(session: Session, ticket_id: int, *, now: int) -> None:
    """Whoever helped with the ticket sees it no longer."""
    await session.run(
        "UPDATE ticket_guest SET until = :now WHERE ticket_id = :ticket AND until IS NULL",
        now=now,
        ticket=ticket_id,
    )


async def end_guest(session: Session, ticket_id: int, member_id: int, *, now: int) -> bool:
    """False if they did not help with it."""
    return bool(
        await session.run(
            "UPDATE ticket_guest SET until = :now"
            " WHERE ticket_id = :ticket AND member_id = :member AND until IS NULL",
            now=now,
            ticket=ticket_id,
            member=member_id,
        )
    )


async def guests(reader: Reader, ticket_id: int) -> Sequence[int]:
    """The members who help with the ticket, in the order in which they were asked."""
    rows = await reader.all(
        "SELECT member_id FROM ticket_guest WHERE ticket_id = :ticket AND until IS NULL ORDER BY id",
        ticket=ticket_id,
    )
    return [row["member_id"] for row in rows]


def _holding(row: Row) -> Holding:
    return Holding(
        row["ticket_id"],
        row["member_id"],
        None if row["rung"] is None else Rung(row["rung"]),
        Why(row["why"]),
        row["instead_of"],
        row["since"],
        row["until"],
    )
