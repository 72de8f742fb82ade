"""The rows of announcements and of their copies."""

from collections.abc import Mapping, Sequence
from typing import cast

from bot.dues.announcing.model import Announcement, Content, Fared, Held, Outcome, Reach, Recipient
from bot.dues.announcing.rules import OUTCOMES
from bot.kit.database import Reader, Row, Session
from bot.kit.messages import Media, MediaKind

_ANNOUNCEMENT = (
    "SELECT id, unit_id, author_id, body, media_kind, media_file, asks_read, preview_id, confirmed_at, due_at,"
    " reachable, panel_id, shown, started_at, paused_at, stopped_at, finished_at, reported_at FROM announcement"
)
_TREE = (
    "WITH RECURSIVE tree (id) AS (SELECT id FROM unit WHERE id = :unit"
    " UNION ALL SELECT unit.id FROM unit JOIN tree ON unit.parent_id = tree.id)"
)
_WITHOUT_COPY = (
    "FROM member LEFT JOIN account ON account.member_id = member.id AND account.bound_at <= :confirmed"
    " LEFT JOIN chat ON chat.chat_id = account.id"
    # The plus keeps the index of branches out of it: read in the order of ids, nothing has to be sorted.
    " WHERE member.id > :after AND +member.branch_id IN (SELECT id FROM tree) AND member.left_at IS NULL"
    " AND member.created_at <= :confirmed AND member.id <> :author"
)
_OUTCOME_OF_ITS_ROW = (
    "CASE (SELECT state FROM outgoing WHERE outgoing.id = announcement_copy.outgoing_id)"
    + "".join(f" WHEN '{state}' THEN '{outcome}'" for state, outcome in OUTCOMES.items())
    # Finished so long ago that its row is gone: what became of it was never noted.
    + f" ELSE '{Outcome.UNKNOWN}' END"
)


async def add(session: Session, unit_id: int, author_id: int, content: Content, *, now: int) -> int:
    """Keeps a new draft and returns its id."""
    return int(
        await session.value(
            "INSERT INTO announcement (unit_id, author_id, body, media_kind, media_file, written_at)"
            " VALUES (:unit, :author, :body, :kind, :file, :now) RETURNING id",
            unit=unit_id,
            author=author_id,
            now=now,
            **_columns(content),
        )
    )


async def rewrite(session: Session, announcement_id: int, content: Content, *, now: int) -> None:
    await session.run(
        "UPDATE announcement SET body = :body, media_kind = :kind, media_file = :file, written_at = :now"
        " WHERE id = :id",
        id=announcement_id,
        now=now,
        **_columns(content),
    )


def _columns(content: Content) -> Mapping[str, str | None]:
    media = content.media
    return {
        "body": content.body,
        "kind": None if media is None else media.kind,
        "file": None if media is None else media.file,
    }


async def mark(session: Session, announcement_id: int, asks_read: bool) -> None:
    await session.run(
        "UPDATE announcement SET asks_read = :asks WHERE id = :id", id=announcement_id, asks=int(asks_read)
    )


async def previewed(session: Session, announcement_id: int, outgoing_id: int) -> None:
    await session.run(
        "UPDATE announcement SET preview_id = :outgoing WHERE id = :id",
        id=announcement_id,
        outgoing=outgoing_id,
    )


async def drop(session: Session, announcement_id: int) -> None:
    """Deletes a draft."""
    await session.run("DELETE FROM announcement WHERE id = :id AND confirmed_at IS NULL", id=announcement_id)


async def drop_drafts(session: Session, *, before: int) -> None:
    """Deletes the drafts nobody has touched since."""
    await session.run(
        "DELETE FROM announcement WHERE confirmed_at IS NULL AND written_at < :before", before=before
    )


async def confirm(
    session: Session, announcement_id: int, *, due_at: int, reachable: int, panel_id: int, now: int
) -> None:
    await session.run(
        "UPDATE announcement SET confirmed_at = :now, due_at = :due, reachable = :reachable, panel_id = :panel,"
        " shown = 0 WHERE id = :id",
        id=announcement_id,
        due=due_at,
        reachable=reachable,
        panel=panel_id,
        now=now,
    )


async def take_back(session: Session, announcement_id: int, *, now: int) -> None:
    """Makes it a draft again."""
    await session.run(
        "UPDATE announcement SET confirmed_at = NULL, due_at = NULL, panel_id = NULL, paused_at = NULL,"
        " written_at = :now WHERE id = :id",
        id=announcement_id,
        now=now,
    )


async def put_off(session: Session, announcement_id: int, due_at: int) -> None:
    await session.run("UPDATE announcement SET due_at = :due WHERE id = :id", id=announcement_id, due=due_at)


async def started(session: Session, announcement_id: int, *, now: int) -> None:
    await session.run(
        "UPDATE announcement SET started_at = :now WHERE id = :id AND started_at IS NULL",
        id=announcement_id,
        now=now,
    )


async def pause(session: Session, announcement_id: int, at: int | None) -> None:
    """Pauses it; with None, it goes on."""
    await session.run("UPDATE announcement SET paused_at = :at WHERE id = :id", id=announcement_id, at=at)


async def stop(session: Session, announcement_id: int, *, now: int) -> None:
    await session.run("UPDATE announcement SET stopped_at = :now WHERE id = :id", id=announcement_id, now=now)


async def finished(session: Session, announcement_id: int, *, now: int) -> None:
    await session.run(
        "UPDATE announcement SET finished_at = :now WHERE id = :id", id=announcement_id, now=now
    )


async def reported(session: Session, announcement_id: int, *, now: int) -> None:
    await session.run(
        "UPDATE announcement SET reported_at = :now WHERE id = :id", id=announcement_id, now=now
    )


async def showed(session: Session, announcement_id: int, shown: int) -> None:
    """Notes what the author's message says now (`Announcement.shown`)."""
    await session.run(
        "UPDATE announcement SET shown = :shown WHERE id = :id", id=announcement_id, shown=shown
    )


async def announcement(reader: Reader, announcement_id: int) -> Announcement | None:
    row = await reader.first(f"{_ANNOUNCEMENT} WHERE id = :id", id=announcement_id)
    return None if row is None else _announcement(row)


async def draft_of(reader: Reader, author_id: int) -> Announcement | None:
    """The newest draft of an author."""
    row = await reader.first(
        f"{_ANNOUNCEMENT} WHERE author_id = :author AND confirmed_at IS NULL ORDER BY written_at DESC, id DESC",
        author=author_id,
    )
    return None if row is None else _announcement(row)


async def under_way(reader: Reader) -> Sequence[Announcement]:
    """What was confirmed and not reported yet, oldest first."""
    rows = await reader.all(
        f"{_ANNOUNCEMENT} WHERE confirmed_at IS NOT NULL AND reported_at IS NULL ORDER BY id"
    )
    return [_announcement(row) for row in rows]


async def confirmed_since(reader: Reader, unit_id: int, moment: int) -> int:
    """How many announcements of a unit were confirmed since then and not taken back."""
    return int(
        await reader.value(
            "SELECT COUNT(*) FROM announcement WHERE unit_id = :unit AND confirmed_at >= :moment",
            unit=unit_id,
            moment=moment,
        )
    )


async def reach(reader: Reader, unit_id: int, author_id: int) -> Reach:
    """Whom an announcement to this unit would find now, but for its author."""
    row = await reader.first(
        f"{_TREE} SELECT COUNT(CASE WHEN account.id IS NULL THEN 1 END) AS never_started,"
        " COUNT(CASE WHEN chat.unreachable_since IS NOT NULL THEN 1 END) AS blocked, COUNT(*) AS members"
        " FROM tree JOIN member ON member.branch_id = tree.id AND member.left_at IS NULL"
        " LEFT JOIN account ON account.member_id = member.id LEFT JOIN chat ON chat.chat_id = account.id"
        " WHERE member.id <> :author",
        unit=unit_id,
        author=author_id,
    )
    if row is None:
        return Reach(0, 0, 0)
    unreached = row["blocked"] + row["never_started"]
    return Reach(row["members"] - unreached, row["blocked"], row["never_started"])


async def next_recipients(reader: Reader, found: Announcement, limit: int) -> Sequence[Recipient]:
    """Members without a copy yet, by id from after the last who has one: those who were on the roster when it was
    confirmed, but for its author. Whoever started the bot later counts as not having started it.
    """
    rows = await reader.all(
        f"{_TREE} SELECT member.id AS member_id, account.id AS account_id, account.language, chat.unreachable_since"
        f" {_WITHOUT_COPY} ORDER BY member.id LIMIT :limit",
        limit=limit,
        **await _without_copy(reader, found),
    )
    return [_recipient(row) for row in rows]


async def whose_turn_never_came(reader: Reader, found: Announcement) -> int:
    """Members who could be written to and had no copy when it was stopped."""
    return int(
        await reader.value(
            f"{_TREE} SELECT COUNT(*) {_WITHOUT_COPY} AND account.id IS NOT NULL"
            " AND chat.unreachable_since IS NULL",
            **await _without_copy(reader, found),
        )
    )


async def _without_copy(reader: Reader, found: Announcement) -> Mapping[str, int | None]:
    after = await reader.value(
        "SELECT MAX(member_id) FROM announcement_copy WHERE announcement_id = :id", id=found.id
    )
    return {
        "unit": found.unit_id,
        "after": after or 0,
        "confirmed": found.confirmed_at,
        "author": found.author_id,
    }


async def held(reader: Reader, announcement_id: int, limit: int) -> Sequence[Held]:
    """Copies that were called back before they left."""
    rows = await reader.all(
        "SELECT announcement_copy.member_id, announcement_copy.tries, account.id AS account_id, account.language,"
        " chat.unreachable_since FROM announcement_copy"
        " LEFT JOIN account ON account.member_id = announcement_copy.member_id"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " WHERE announcement_id = :id AND outcome IS NULL AND outgoing_id IS NULL"
        " ORDER BY announcement_copy.member_id LIMIT :limit",
        id=announcement_id,
        limit=limit,
    )
    return [Held(_recipient(row), row["tries"]) for row in rows]


async def on_the_way(reader: Reader, announcement_id: int) -> int:
    """Copies that were queued and have not left."""
    return int(
        await reader.value(
            "SELECT COUNT(*) FROM announcement_copy"
            " WHERE announcement_id = :id AND outcome IS NULL AND outgoing_id IS NOT NULL",
            id=announcement_id,
        )
    )


async def add_copy(
    session: Session,
    announcement_id: int,
    member_id: int,
    *,
    outgoing_id: int | None,
    outcome: Outcome | None,
) -> None:
    await session.run(
        "INSERT INTO announcement_copy (announcement_id, member_id, outgoing_id, outcome)"
        " VALUES (:id, :member, :outgoing, :outcome)",
        id=announcement_id,
        member=member_id,
        outgoing=outgoing_id,
        outcome=outcome,
    )


async def queue_again(
    session: Session,
    announcement_id: int,
    member_id: int,
    *,
    outgoing_id: int | None,
    outcome: Outcome | None,
) -> None:
    await session.run(
        "UPDATE announcement_copy SET outgoing_id = :outgoing, outcome = :outcome, tries = tries + 1"
        " WHERE announcement_id = :id AND member_id = :member",
        id=announcement_id,
        member=member_id,
        outgoing=outgoing_id,
        outcome=outcome,
    )


async def settle(session: Session, announcement_id: int) -> None:
    """Notes what became of the copies whose messages are finished; those called back are held."""
    await session.run(
        "UPDATE announcement_copy SET outgoing_id = NULL WHERE announcement_id = :id AND outcome IS NULL"
        " AND outgoing_id IN (SELECT id FROM outgoing WHERE state = 'cancelled'"
        " AND outgoing.id = announcement_copy.outgoing_id)",
        id=announcement_id,
    )
    await session.run(
        f"UPDATE announcement_copy SET outcome = {_OUTCOME_OF_ITS_ROW}"
        " WHERE announcement_id = :id AND outcome IS NULL AND outgoing_id IS NOT NULL AND NOT EXISTS ("
        " SELECT 1 FROM outgoing WHERE outgoing.id = announcement_copy.outgoing_id"
        " AND outgoing.state IN ('waiting', 'sending'))",
        id=announcement_id,
    )


async def give_up_held(session: Session, announcement_id: int) -> None:
    await session.run(
        "UPDATE announcement_copy SET outcome = :outcome"
        " WHERE announcement_id = :id AND outcome IS NULL AND outgoing_id IS NULL",
        id=announcement_id,
        outcome=Outcome.NOT_SENT,
    )


async def fared(reader: Reader, announcement_id: int) -> Fared:
    rows = await reader.all(
        "SELECT outcome, COUNT(*) AS members FROM announcement_copy"
        " WHERE announcement_id = :id AND outcome IS NOT NULL GROUP BY outcome",
        id=announcement_id,
    )
    return Fared({Outcome(row["outcome"]): row["members"] for row in rows}, 0)


async def readers(reader: Reader, announcement_id: int) -> int:
    """How many have said that they read it."""
    return int(
        await reader.value(
            "SELECT COUNT(read_at) FROM announcement_copy WHERE announcement_id = :id", id=announcement_id
        )
    )


async def by_branch(reader: Reader, announcement_id: int, branches: Sequence[int]) -> Mapping[int, Fared]:
    """How it fared in each of a few branches; those where nobody was to have it are left out."""
    found: dict[int, Fared] = {}
    for branch in branches:
        rows = await reader.all(
            "SELECT outcome, COUNT(*) AS members, COUNT(read_at) AS read FROM member"
            " JOIN announcement_copy ON announcement_copy.member_id = member.id"
            " AND announcement_copy.announcement_id = :id"
            " WHERE member.branch_id = :branch AND outcome IS NOT NULL GROUP BY outcome",
            id=announcement_id,
            branch=branch,
        )
        if rows:
            counts = {Outcome(row["outcome"]): row["members"] for row in rows}
            found[branch] = Fared(counts, sum(row["read"] for row in rows))
    return found


async def names(reader: Reader, announcement_id: int, outcomes: Sequence[Outcome]) -> Sequence[str]:
    """Whose copies fared so, by name."""
    wanted = {f"outcome{number}": str(outcome) for number, outcome in enumerate(outcomes)}
    rows = await reader.all(
        "SELECT member.name FROM announcement_copy JOIN member ON member.id = announcement_copy.member_id"
        f" WHERE announcement_id = :id AND outcome IN ({', '.join(f':{name}' for name in wanted)})"
        " ORDER BY member.name, member.id",
        id=announcement_id,
        **wanted,
    )
    return [row["name"] for row in rows]


async def unread(reader: Reader, announcement_id: int) -> Sequence[str]:
    """Who has a copy and has not said that they read it, by name."""
    rows = await reader.all(
        "SELECT member.name FROM announcement_copy JOIN member ON member.id = announcement_copy.member_id"
        " WHERE announcement_id = :id AND outcome = 'delivered' AND read_at IS NULL"
        " ORDER BY member.name, member.id",
        id=announcement_id,
    )
    return [row["name"] for row in rows]


async def note_read(session: Session, announcement_id: int, member_id: int, *, now: int) -> bool:
    """Notes that the member has read their copy, which has therefore arrived; False if they were sent none."""
    changed = await session.run(
        "UPDATE announcement_copy SET read_at = COALESCE(read_at, :now),"
        " outcome = CASE WHEN outcome = 'unknown' THEN 'delivered' ELSE outcome END"
        " WHERE announcement_id = :id AND member_id = :member AND outgoing_id IS NOT NULL",
        id=announcement_id,
        member=member_id,
        now=now,
    )
    return changed == 1


async def received(reader: Reader, member_id: int) -> tuple[int, int]:
    """How many announcements are noted as sent to the member, and how many of them as read."""
    row = await reader.first(
        "SELECT COUNT(outgoing_id) AS sent, COUNT(read_at) AS read FROM announcement_copy WHERE member_id = :member",
        member=member_id,
    )
    return (0, 0) if row is None else (row["sent"], row["read"])


async def forget(session: Session, member_id: int) -> None:
    """Deletes the member's drafts, and what is kept about the announcements they were sent."""
    await session.run(
        "DELETE FROM announcement WHERE author_id = :member AND confirmed_at IS NULL", member=member_id
    )
    await session.run(
        "DELETE FROM announcement_copy WHERE member_id = :member AND outcome IS NOT NULL", member=member_id
    )


def _announcement(row: Row) -> Announcement:
    kind, file = row["media_kind"], row["media_file"]
    return Announcement(
        id=row["id"],
        unit_id=row["unit_id"],
        author_id=row["author_id"],
        content=Content(row["body"], None if kind is None else Media(cast(MediaKind, kind), file)),
        asks_read=bool(row["asks_read"]),
        preview_id=row["preview_id"],
        confirmed_at=row["confirmed_at"],
        due_at=row["due_at"],
        reachable=row["reachable"],
        panel_id=row["panel_id"],
        shown=row["shown"],
        started_at=row["started_at"],
        paused_at=row["paused_at"],
        stopped_at=row["stopped_at"],
        finished_at=row["finished_at"],
        reported_at=row["reported_at"],
    )


def _recipient(row: Row) -> Recipient:
    return Recipient(
        row["member_id"], row["account_id"], row["language"], is_reachable=row["unreachable_since"] is None
    )
