"""The rows of requests to be let off."""

from collections.abc import Collection, Sequence

from bot.dues.model import Period
from bot.dues.waiving.model import Act, Step, Waiver
from bot.dues.waiving.rules import ends
from bot.kit.database import Reader, Row, Session

_WAIVER = (
    "SELECT dues_waiver.id, dues_waiver.member_id, dues_waiver.period, dues_waiver.chat_id, dues_waiver.message_id,"
    " dues_waiver.closed_at FROM dues_waiver"
)


async def begin(
    session: Session,
    member_id: int,
    period: Period,
    *,
    by: int,
    words: str | None,
    chat_id: int | None,
    message_id: int | None,
    now: int,
) -> int | None:
    """The new request's id; None where one is open already."""
    row = await session.first(
        "INSERT INTO dues_waiver (member_id, period, chat_id, message_id)"
        " VALUES (:member, :period, :chat, :message)"
        " ON CONFLICT (member_id, period) WHERE closed_at IS NULL DO NOTHING RETURNING id",
        member=member_id,
        period=str(period),
        chat=chat_id,
        message=message_id,
    )
    if row is None:
        return None
    waiver_id = int(row["id"])
    await add_step(session, waiver_id, Act.ASKED, by=by, now=now, words=words)
    return waiver_id


async def add_step(
    session: Session,
    waiver_id: int,
    act: Act,
    *,
    by: int | None,
    now: int,
    amount: int | None = None,
    words: str | None = None,
) -> None:
    await session.run(
        "INSERT INTO dues_waiver_step (waiver_id, act, by_member, at, amount, words)"
        " VALUES (:waiver, :act, :by, :now, :amount, :words)",
        waiver=waiver_id,
        act=str(act),
        by=by,
        now=now,
        amount=amount,
        words=words,
    )
    if ends(act):
        await session.run("UPDATE dues_waiver SET closed_at = :now WHERE id = :id", now=now, id=waiver_id)


async def waiver(reader: Reader, waiver_id: int) -> Waiver | None:
    row = await reader.first(f"{_WAIVER} WHERE dues_waiver.id = :id", id=waiver_id)
    return None if row is None else await _waiver(reader, row)


async def newest(reader: Reader, member_id: int, period: Period) -> Waiver | None:
    """The member's last request about this period, be it open or decided."""
    row = await reader.first(
        f"{_WAIVER} WHERE dues_waiver.member_id = :member AND dues_waiver.period = :period"
        " ORDER BY dues_waiver.id DESC LIMIT 1",
        member=member_id,
        period=str(period),
    )
    return None if row is None else await _waiver(reader, row)


async def open_in(reader: Reader, branches: Collection[int]) -> Sequence[Waiver]:
    """The open requests about dues that are still due, of members of these branches, oldest first."""
    rows = await reader.all(
        f"{_WAIVER} JOIN member ON member.id = dues_waiver.member_id AND member.left_at IS NULL"
        " JOIN owing ON owing.member_id = dues_waiver.member_id AND owing.period = dues_waiver.period"
        " WHERE dues_waiver.closed_at IS NULL AND owing.state = 'due'"
        f" AND member.branch_id IN ({', '.join(str(int(branch)) for branch in branches)})"
        " ORDER BY dues_waiver.id"
    )
    return [await _waiver(reader, row) for row in rows]


async def add_card(session: Session, waiver_id: int, outgoing_id: int, chat_id: int) -> None:
    """Notes a message of ours under which the request can be decided."""
    await session.run(
        "INSERT INTO dues_waiver_card (outgoing_id, waiver_id, chat_id) VALUES (:outgoing, :waiver, :chat)"
        " ON CONFLICT (outgoing_id) DO NOTHING",
        outgoing=outgoing_id,
        waiver=waiver_id,
        chat=chat_id,
    )


async def take_cards(session: Session, waiver_id: int) -> Sequence[tuple[int, int]]:
    """The chats and outgoing rows of these messages, which are forgotten with this."""
    rows = await session.all(
        "DELETE FROM dues_waiver_card WHERE waiver_id = :waiver RETURNING chat_id, outgoing_id",
        waiver=waiver_id,
    )
    return [(row["chat_id"], row["outgoing_id"]) for row in rows]


async def open_of(reader: Reader, member_id: int) -> Sequence[Waiver]:
    rows = await reader.all(
        f"{_WAIVER} WHERE dues_waiver.member_id = :member AND dues_waiver.closed_at IS NULL", member=member_id
    )
    return [await _waiver(reader, row) for row in rows]


async def forget_words(session: Session, member_id: int) -> None:
    """Deletes what the member wrote and sent. That they asked, and what was decided, is the organisation's record."""
    await session.run(
        "UPDATE dues_waiver_step SET words = NULL WHERE by_member = :member AND waiver_id IN"
        " (SELECT id FROM dues_waiver WHERE member_id = :member)",
        member=member_id,
    )
    await session.run(
        "UPDATE dues_waiver SET chat_id = NULL, message_id = NULL WHERE member_id = :member", member=member_id
    )


async def _waiver(reader: Reader, row: Row) -> Waiver:
    steps = await reader.all(
        "SELECT step.act, step.by_member, member.name AS by_name, step.at, step.amount, step.words"
        " FROM dues_waiver_step AS step LEFT JOIN member ON member.id = step.by_member"
        " WHERE step.waiver_id = :waiver ORDER BY step.id",
        waiver=row["id"],
    )
    return Waiver(
        id=row["id"],
        member_id=row["member_id"],
        period=Period.parse(row["period"]),
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        closed_at=row["closed_at"],
        steps=tuple(Step(**{**step, "act": Act(step["act"])}) for step in steps),
    )
