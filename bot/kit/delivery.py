"""Messages out, the rows as the courier reads and marks them."""

import dataclasses
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.kit.clock import DAY
from bot.kit.database import Parameters, Reader, Row, Session
from bot.kit.outbox import MAY_LEAVE, UPLOAD_PREFIX, Policy, State, Urgency
from bot.kit.transport import Attachment

VANISHED = "message to copy not found"
"""Telegram's words where the original of a copy was deleted."""

KEPT_AFTER_SENDING = 90 * DAY
"""Sent rows are kept this long: a reply to an older message of the bot no longer finds what it belonged to."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outgoing:
    id: int
    chat_id: int
    method: str
    parameters: Mapping[str, Any]
    urgency: Urgency
    policy: Policy
    attempts: int
    created_at: int
    target: "Sent | None"
    """The message this one edits or answers, where that is one of ours and was still waiting when this was written."""
    topic: "Sent | None" = None
    """The forum topic it goes into, where that was still to be made when this was written."""
    carries_upload: bool = False
    """Whether it may hold a file of ours (see `attachments`)."""
    album: str | None = None
    messages: int = 1
    """How many messages it becomes: those of its album that wait leave with it."""
    until: int | None = None
    """When it has become too late to send it."""
    rows: Sequence[int] = ()
    """The rows of an album that is on its way, in the order of its messages; empty for anything else."""

    @property
    def is_message(self) -> bool:
        """Whether it puts a new message into the chat."""
        return self.method.startswith(("send", "copy"))


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    message_id: int | None
    """None: it never became a message."""


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one attempt, to be written down."""

    outgoing: Outgoing
    state: State
    message_id: int | None = None
    message_ids: Sequence[int] = ()
    """Of an album's messages; fewer than its rows where some of the originals have vanished."""
    error: str | None = None
    not_before: int | None = None
    """When it is tried again; set only where the state is waiting."""
    unreachable: str | None = None
    migrate_to: int | None = None
    uploaded: tuple[str, str] | None = None
    """A digest and the file id Telegram gave it."""


async def heads(
    reader: Reader, *, now: int, passing_over: Collection[int], limit: int, least: Urgency = Urgency.BULK
) -> Sequence[Outgoing]:
    """The next message of each chat, the most urgent first, of bulk messages those whose turn it is, else the oldest; chats
    in `passing_over` are left out, and what is less urgent than `least`. Reads no more rows than it returns and passes over, however many wait.
    """
    rows = await reader.all(
        "SELECT o.id, o.chat_id, o.method, o.payload, o.urgency, o.policy, o.until, o.attempts, o.created_at,"
        " o.target_id, target.message_id AS target_message_id, o.topic_id, topic.message_id AS topic_message_id,"
        " o.album, CASE WHEN o.album IS NULL THEN 1 ELSE (SELECT COUNT(*) FROM outgoing AS item"
        " WHERE item.chat_id = o.chat_id AND item.album = o.album AND item.state = 'waiting') END AS messages"
        " FROM outgoing AS o LEFT JOIN outgoing AS target ON target.id = o.target_id"
        " LEFT JOIN outgoing AS topic ON topic.id = o.topic_id"
        f" WHERE {MAY_LEAVE} AND o.urgency <= :least ORDER BY o.urgency, o.turn, o.id LIMIT :most",
        now=now,
        least=int(least),
        most=limit + len(passing_over),  # a chat has one next message
    )
    return [_outgoing(row) for row in rows if row["chat_id"] not in passing_over][:limit]


async def anything_waits(reader: Reader) -> bool:
    """Whether any message has neither left nor been given up."""
    return (
        await reader.value("SELECT 1 FROM outgoing WHERE state IN ('waiting', 'sending') LIMIT 1") is not None
    )


async def next_attempt(reader: Reader, *, now: int) -> int | None:
    """When the first message that waits for a moment may leave; None when none does."""
    moment = await reader.value(
        "SELECT MIN(not_before) FROM outgoing WHERE state = 'waiting' AND not_before > :now", now=now
    )
    return None if moment is None else int(moment)


async def mark_sending(session: Session, outgoing_id: int) -> bool:
    """Notes, before the network is touched, that the outcome of this send may become unknown; False if it was
    cancelled meanwhile.
    """
    return bool(
        await session.run(
            "UPDATE outgoing SET state = 'sending' WHERE id = :id AND state = 'waiting'", id=outgoing_id
        )
    )


async def cancel_late(session: Session, outgoing_id: int, *, now: int) -> None:
    """It waited for too long."""
    await session.run(
        "UPDATE outgoing SET state = 'cancelled', finished_at = :now WHERE id = :id AND state = 'waiting'",
        id=outgoing_id,
        now=now,
    )


async def gather(session: Session, outgoing: Outgoing, *, now: int) -> Outgoing | None:
    """The album whose first waiting item this is, as the one call that brings all of it; what is queued from now on is
    too late for it. None where items have joined it meanwhile: it is to wait longer.
    """
    rows = await session.all(
        "UPDATE outgoing SET state = 'sending'"
        " WHERE chat_id = :chat AND album = :album AND state = 'waiting' AND not_before <= :now"
        " RETURNING id, payload",
        chat=outgoing.chat_id,
        album=outgoing.album,
        now=now,
    )
    items = sorted((json.loads(row["payload"])["message_id"], row["id"]) for row in rows)
    if not items:
        return None
    gathered = dataclasses.replace(outgoing, messages=len(items), rows=tuple(row for _, row in items))
    if len(items) == 1:
        return gathered
    kept = ("from_chat_id", "message_thread_id")
    parameters = {name: outgoing.parameters[name] for name in kept if name in outgoing.parameters}
    parameters["message_ids"] = [message_id for message_id, _ in items]
    return dataclasses.replace(gathered, method="copyMessages", parameters=parameters, target=None)


async def settle_interrupted(session: Session, *, now: int) -> int:
    """After a crash: what was handed to the network without a recorded outcome is unknown, unless it may be sent again.
    Returns how many are unknown.
    """
    await session.run(
        "UPDATE outgoing SET state = 'waiting' WHERE state = 'sending' AND policy = 'at_least_once'"
    )
    return await session.run(
        "UPDATE outgoing SET state = 'unknown', finished_at = :now WHERE state = 'sending'", now=now
    )


_RECORD = (
    "UPDATE outgoing SET state = :state, message_id = :message, error = :error, attempts = attempts + 1,"
    " not_before = :not_before, finished_at = :finished,"
    " payload = CASE WHEN fleeting = 1 AND :finished IS NOT NULL THEN '{}' ELSE payload END WHERE id = :id"
)
_RECORD_IF_WANTED = f"{_RECORD} AND state IN ('waiting', 'sending')"
"""What was cancelled or superseded while under way is not tried again; what was delivered or refused says so."""


async def record(session: Session, verdicts: Sequence[Verdict], *, now: int) -> None:
    """Writes down what became of some attempts."""
    again = [verdict for verdict in verdicts if verdict.state is State.WAITING]
    ended = [verdict for verdict in verdicts if verdict.state is not State.WAITING]
    for statement, group in ((_RECORD, ended), (_RECORD_IF_WANTED, again)):
        if group:
            recorded = [row for verdict in group for row in _recorded(verdict, now=now)]
            await session.run_many(statement, recorded)
    for verdict in verdicts:
        await _record_besides(session, verdict, now=now)


def _recorded(verdict: Verdict, *, now: int) -> Sequence[Parameters]:
    common = {
        "state": str(verdict.state),
        "message": verdict.message_id,
        "error": verdict.error,
        "not_before": now if verdict.not_before is None else verdict.not_before,
        "finished": None if verdict.state is State.WAITING else now,
    }
    rows = verdict.outgoing.rows
    if not rows:
        return [common | {"id": verdict.outgoing.id}]
    if not verdict.message_ids:
        return [common | {"id": row} for row in rows]
    # Telegram passes over what has vanished and does not say which it was: the last are counted as lost.
    lost = common | {"state": str(State.FAILED), "error": VANISHED}
    arrived = dict(zip(rows, verdict.message_ids, strict=False))
    return [(common | {"message": arrived[row]} if row in arrived else lost) | {"id": row} for row in rows]


async def _record_besides(session: Session, verdict: Verdict, *, now: int) -> None:
    """What an attempt has told of the chat or of a file."""
    chat_id = verdict.outgoing.chat_id
    if verdict.unreachable is not None:
        await note_unreachable(session, chat_id, verdict.unreachable, now=now)
    if verdict.migrate_to is not None:
        await follow(session, chat_id, verdict.migrate_to)
    if verdict.uploaded is not None:
        digest, file_id = verdict.uploaded
        await session.run(
            "UPDATE upload SET file_id = :file WHERE digest = :digest", file=file_id, digest=digest
        )


async def note_reachable(session: Session, chat_id: int) -> None:
    """The person has come back, or the bot was let in again."""
    await session.run(
        "UPDATE chat SET unreachable_since = NULL, reason = NULL"
        " WHERE chat_id = :chat AND unreachable_since IS NOT NULL",
        chat=chat_id,
    )


async def note_unreachable(session: Session, chat_id: int, reason: str, *, now: int) -> None:
    """The chat cannot be written to: the person has blocked the bot or never started it, or it was put out of the group."""
    await session.run(
        "INSERT INTO chat (chat_id, unreachable_since, reason) VALUES (:chat, :now, :reason)"
        " ON CONFLICT (chat_id) DO UPDATE SET unreachable_since = excluded.unreachable_since,"
        " reason = excluded.reason",
        chat=chat_id,
        now=now,
        reason=reason,
    )


async def follow(session: Session, old: int, new: int) -> None:
    """The group has become a supergroup with another id: what waits goes there, and whatever is queued from now on."""
    await session.run(
        "INSERT INTO chat (chat_id, migrated_to) VALUES (:old, :new)"
        " ON CONFLICT (chat_id) DO UPDATE SET migrated_to = excluded.migrated_to",
        old=old,
        new=new,
    )
    await session.run(
        "UPDATE outgoing SET chat_id = :new WHERE chat_id = :old AND state = 'waiting'", old=old, new=new
    )


async def attachments(
    reader: Reader, parameters: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Sequence[Attachment]]:
    """The parameters with our own files replaced: by Telegram's file id where it has the file, else by the file."""
    files: list[Attachment] = []

    async def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: await replaced(inner) for name, inner in value.items()}
        if not (isinstance(value, str) and value.startswith(UPLOAD_PREFIX)):
            return value
        digest = value.removeprefix(UPLOAD_PREFIX)
        row = await reader.first(
            "SELECT name, content, file_id FROM upload WHERE digest = :digest", digest=digest
        )
        if row is None:
            return value
        if row["file_id"] is not None:
            return row["file_id"]
        files.append(Attachment(f"file{len(files)}", row["name"], row["content"]))
        return f"attach://{files[-1].field}"

    return await replaced(dict(parameters)), files


async def sweep(session: Session, *, now: int, at_most: int) -> int:
    """Deletes rows finished long ago, `at_most` so many, and files that nothing has sent since; returns how many rows."""
    oldest = now - KEPT_AFTER_SENDING
    await session.run("DELETE FROM upload WHERE used_at < :oldest", oldest=oldest)
    return await session.run(
        "DELETE FROM outgoing WHERE id IN (SELECT id FROM outgoing WHERE finished_at < :oldest LIMIT :at_most)",
        oldest=oldest,
        at_most=at_most,
    )


def _outgoing(row: Row) -> Outgoing:
    return Outgoing(
        id=row["id"],
        chat_id=row["chat_id"],
        method=row["method"],
        parameters=json.loads(row["payload"]),
        urgency=Urgency(row["urgency"]),
        policy=Policy(row["policy"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        target=None if row["target_id"] is None else Sent(row["target_message_id"]),
        topic=None if row["topic_id"] is None else Sent(row["topic_message_id"]),
        carries_upload=UPLOAD_PREFIX in row["payload"],
        album=row["album"],
        messages=row["messages"],
        until=row["until"],
    )
