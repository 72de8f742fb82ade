"""The helpdesk's rows: who wants a digest, when, and on which day the last one went."""

import dataclasses
from collections.abc import Sequence

from bot.kit.database import Reader, Session


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    member_id: int
    minute: int
    """Of the day, local time."""
    sent_on: str | None
    """The last local day that was seen to: '2026-11-02'."""


async def chosen(reader: Reader, member_id: int) -> int | None:
    """At which minute of the day this person gets their digest; None: they get none."""
    found = await reader.value("SELECT minute FROM staff_digest WHERE member_id = :member", member=member_id)
    return None if found is None else int(found)


async def choose(session: Session, member_id: int, minute: int | None, *, sent_on: str | None) -> None:
    """From now on the digest comes at this minute of the day, or not at all; never for the day `sent_on`."""
    await session.run(
        "INSERT INTO staff_digest (member_id, minute, sent_on) VALUES (:member, :minute, :on)"
        " ON CONFLICT (member_id) DO UPDATE SET minute = excluded.minute, sent_on = excluded.sent_on",
        member=member_id,
        minute=minute,
        on=sent_on,
    )


async def note_seen_to(session: Session, member_id: int, day: str) -> None:
    await session.run(
        "UPDATE staff_digest SET sent_on = :day WHERE member_id = :member", day=day, member=member_id
    )


async def wishes(
    reader: Reader, *, minute: int, earliest: int, day: str, after: int, limit: int
) -> Sequence[Wish]:
    """Who wants a digest at a minute of the day from `earliest` to `minute` and has not been seen to on this day, by
    member id from `after` on.
    """
    rows = await reader.all(
        "SELECT member_id, minute, sent_on FROM staff_digest WHERE minute BETWEEN :earliest AND :minute"
        " AND (sent_on IS NULL OR sent_on <> :day) AND member_id > :after ORDER BY member_id LIMIT :limit",
        minute=minute,
        earliest=earliest,
        day=day,
        after=after,
        limit=limit,
    )
    return [Wish(row["member_id"], row["minute"], row["sent_on"]) for row in rows]


async def wish_of(reader: Reader, member_id: int) -> Wish | None:
    row = await reader.first(
        "SELECT member_id, minute, sent_on FROM staff_digest WHERE member_id = :member AND minute IS NOT NULL",
        member=member_id,
    )
    return None if row is None else Wish(row["member_id"], row["minute"], row["sent_on"])
