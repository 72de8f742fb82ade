"""Messages out, the writing half: every outgoing message is a row of the transaction that causes it.

The courier (`kit.courier`) delivers the rows after the commit. Messages of one chat leave in the order of their
rows. A dedupe key makes writing safe to repeat: the second row with a key is not written.

Bulk messages take turns. Each is written with the number of its turn: the next after its flow's last, but never one that
is over already. Whoever reads them in the order of their turns takes one of each flow after another, so that a round of
forty is not kept behind one of a million that was written before it, and keeps no account of the flows.
"""

import dataclasses
import enum
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.kit.clock import SECOND
from bot.kit.database import Reader, Session
from bot.kit.messages import Call, Message

ALBUM_GATHERS = SECOND
"""Milliseconds in which a further item of an album still joins those that wait: Telegram brings each by itself."""


class Urgency(enum.IntEnum):
    """Whose turn it is when not everything can leave at once; lower goes first."""

    INTERACTIVE = 0
    TICKET = 1
    BULK = 2


class Policy(enum.StrEnum):
    """What happens to a send whose outcome a crash or a broken connection left unknown."""

    AT_LEAST_ONCE = "at_least_once"
    """It is sent again."""
    AT_MOST_ONCE = "at_most_once"
    """It is shown as unknown and never repeated."""


class State(enum.StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    """At most once only: handed to the network, outcome not yet recorded."""
    SENT = "sent"
    FAILED = "failed"
    """Telegram refused it for good, or it could not be delivered in time."""
    BLOCKED = "blocked"
    """The person has blocked the bot, never started it, or the bot is no longer in the group."""
    UNKNOWN = "unknown"
    SUPERSEDED = "superseded"
    """A newer edit of the same message took its place before it left."""
    CANCELLED = "cancelled"


@dataclasses.dataclass(frozen=True, slots=True)
class Delivered:
    """A message in the chat, by Telegram's id."""

    message_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class Queued:
    """A message by its outgoing row, delivered or not yet."""

    outgoing_id: int


Target = Delivered | Queued


class Outbox:
    """Writes outgoing rows into one transaction."""

    def __init__(self, session: Session, now: int, wake: Callable[[], None]) -> None:
        self._session = session
        self._now = now
        self._wake = wake
        self._next_turns: dict[str | None, int] = {}
        """By flow: nobody else writes while this transaction lasts."""

    async def send(
        self,
        chat_id: int,
        message: Message,
        *,
        key: str,
        urgency: Urgency = Urgency.INTERACTIVE,
        policy: Policy = Policy.AT_LEAST_ONCE,
        reply_to: Target | None = None,
        topic: Target | None = None,
        flow: str | None = None,
        until: int | None = None,
        fleeting: bool = False,
    ) -> int:
        """Queues a message and returns the id of its outgoing row (the earlier one's if the key is known). `topic`: the
        forum topic it goes into, by its id or by the row of the `createForumTopic` that makes it. `flow`: what a bulk
        message is one of many of, such as a round; flows take turns, and one without a flow waits for nobody's. `until`: a
        message that has not left by then is cancelled. `fleeting`: its content is not kept once it has left.
        """
        return await self._put(
            chat_id,
            message.sending(),
            key,
            urgency,
            policy,
            reply_to=reply_to,
            topic=topic,
            flow=flow,
            until=until,
            fleeting=fleeting,
        )

    async def edit(
        self,
        chat_id: int,
        target: Target,
        message: Message,
        *,
        key: str,
        urgency: Urgency = Urgency.INTERACTIVE,
    ) -> int:
        """Queues an edit. Of several edits of one message that still wait, only the newest leaves."""
        return await self._change(chat_id, target, message.editing(), key, urgency)

    async def recaption(
        self,
        chat_id: int,
        target: Target,
        message: Message,
        *,
        key: str,
        urgency: Urgency = Urgency.INTERACTIVE,
    ) -> int:
        """Queues another caption (and keyboard) for a message with media; otherwise as `edit`."""
        return await self._change(chat_id, target, message.recaptioning(), key, urgency)

    async def react(self, chat_id: int, target: Target, emoji: str | None, *, key: str) -> int:
        """Queues the bot's reaction to a message, in the place of an earlier one; None takes it back."""
        reaction = [] if emoji is None else [{"type": "emoji", "emoji": emoji}]
        call = Call("setMessageReaction", {"reaction": reaction})
        return await self._change(chat_id, target, call, key, Urgency.TICKET, sort="reaction")

    async def remove_keyboard(self, chat_id: int, target: Target, *, key: str) -> int:
        """Queues taking a message's buttons away."""
        call = Call("editMessageReplyMarkup", {})
        # Takes no waiting edit's place: that one may bring another text.
        return await self._put(chat_id, call, key, Urgency.INTERACTIVE, Policy.AT_LEAST_ONCE, changes=target)

    async def delete(self, chat_id: int, target: Target, *, key: str) -> int:
        return await self._change(chat_id, target, Call("deleteMessage", {}), key, Urgency.INTERACTIVE)

    async def copy(
        self,
        chat_id: int,
        *,
        from_chat_id: int,
        message_id: int,
        key: str,
        urgency: Urgency = Urgency.TICKET,
        reply_to: Target | None = None,
        message: Message | None = None,
        topic: Target | None = None,
        album: str | None = None,
    ) -> int:
        """Queues a copy, without a link to its author, of any message the bot has seen; `message` gives a new
        caption and keyboard. `topic` as in `send`.

        Copies to one chat with the same `album` leave together, as an album, `ALBUM_GATHERS` after the last of them was
        queued; then none of them can have a new caption or answer a message (copyMessages has neither).
        """
        parameters: dict[str, Any] = {"from_chat_id": from_chat_id, "message_id": message_id}
        if message is not None:
            parameters |= {"caption": str(message.text), "parse_mode": "HTML"}
            if message.keyboard is not None:
                parameters["reply_markup"] = message.keyboard.to_dict()
        call = Call("copyMessage", parameters)
        return await self._put(
            chat_id, call, key, urgency, Policy.AT_LEAST_ONCE, reply_to=reply_to, topic=topic, album=album
        )

    async def call(
        self,
        chat_id: int,
        call: Call,
        *,
        key: str,
        urgency: Urgency = Urgency.INTERACTIVE,
        topic: Target | None = None,
    ) -> int:
        """Queues any other Bot API call that must arrive and concerns one chat, or one `topic` of it."""
        return await self._put(chat_id, call, key, urgency, Policy.AT_LEAST_ONCE, topic=topic)

    async def upload(self, name: str, content: bytes) -> str:
        """Keeps a file of ours for sending and returns what `Media.file` takes. The same content is kept, and
        uploaded to Telegram, only once.
        """
        digest = hashlib.sha256(content).hexdigest()
        await self._session.run(
            "INSERT INTO upload (digest, name, content, used_at) VALUES (:digest, :name, :content, :now)"
            " ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at",
            digest=digest,
            name=name,
            content=content,
            now=self._now,
        )
        return UPLOAD_PREFIX + digest

    async def kept(self, digest: str) -> str | None:
        """What `Media.file` takes for a file kept earlier, by the SHA-256 of its content in hexadecimal; None where it
        is not kept.
        """
        known = await self._session.run(
            "UPDATE upload SET used_at = :now WHERE digest = :digest", digest=digest, now=self._now
        )
        return UPLOAD_PREFIX + digest if known else None

    async def cancel(self, prefix: str, *, at_most: int | None = None) -> int:
        """Cancels the waiting rows whose keys start with `prefix`, or some of them, and returns how many. Where there may
        be very many: `Works.cancel`.
        """
        self._session.after_commit(self._wake)
        some = "" if at_most is None else " LIMIT :at_most"
        return await self._session.run(
            "UPDATE outgoing SET state = 'cancelled', finished_at = :now WHERE id IN (SELECT id FROM outgoing"
            f" WHERE state = 'waiting' AND dedupe_key >= :prefix AND dedupe_key < :end{some})",
            now=self._now,
            prefix=prefix,
            end=prefix + "\U0010ffff",
            at_most=at_most,
        )

    async def _change(
        self, chat_id: int, target: Target, call: Call, key: str, urgency: Urgency, *, sort: str = ""
    ) -> int:
        """`sort`: of changes that do not take one another's place."""
        collapse = f"{sort}{chat_id}/{target}"
        outgoing_id = await self._put(
            chat_id, call, key, urgency, Policy.AT_LEAST_ONCE, changes=target, collapse=collapse
        )
        # Only those before it: a repeated write, which finds its own earlier row, must take nobody's place.
        await self._session.run(
            "UPDATE outgoing SET state = 'superseded', finished_at = :now"
            " WHERE collapse_key = :collapse AND state = 'waiting' AND id < :id",
            now=self._now,
            collapse=collapse,
            id=outgoing_id,
        )
        return outgoing_id

    async def _put(
        self,
        chat_id: int,
        call: Call,
        key: str,
        urgency: Urgency,
        policy: Policy,
        *,
        reply_to: Target | None = None,
        changes: Target | None = None,
        collapse: str | None = None,
        topic: Target | None = None,
        album: str | None = None,
        flow: str | None = None,
        until: int | None = None,
        fleeting: bool = False,
    ) -> int:
        chat_id = await self._where_it_lives_now(chat_id)
        turn = await self._next_turn(flow) if urgency is Urgency.BULK else 0
        gathered = 0 if album is None else self._now + ALBUM_GATHERS
        parameters, awaited = _point(dict(call.parameters), reply_to=reply_to, changes=changes)
        if isinstance(topic, Delivered):
            parameters = {**parameters, "message_thread_id": topic.message_id}
        row = await self._session.first(
            "INSERT INTO outgoing (dedupe_key, chat_id, method, payload, urgency, policy, state, target_id,"
            " topic_id, collapse_key, album, flow, turn, until, fleeting, not_before, attempts, created_at)"
            " VALUES (:key, :chat, :method, :payload, :urgency, :policy, 'waiting', :target, :topic, :collapse,"
            " :album, :flow, :turn, :until, :fleeting, :gathered, 0, :now)"
            " ON CONFLICT (dedupe_key) DO NOTHING RETURNING id,"
            f" (SELECT COUNT(*) FROM outgoing AS earlier WHERE earlier.chat_id = :chat AND earlier.{_ON_ITS_WAY}"
            " AND (earlier.urgency, earlier.turn) > (:urgency, :turn)) AS later_turns",
            key=key,
            chat=chat_id,
            method=call.method,
            payload=json.dumps(parameters, ensure_ascii=False),
            urgency=int(urgency),
            policy=str(policy),
            target=awaited,
            topic=topic.outgoing_id if isinstance(topic, Queued) else None,
            collapse=collapse,
            album=album,
            flow=flow,
            turn=turn,
            until=until,
            fleeting=int(fleeting),
            gathered=gathered,
            now=self._now,
        )
        if row is None:
            known = await self._session.value("SELECT id FROM outgoing WHERE dedupe_key = :key", key=key)
            return int(known)
        if album is not None:
            await self._wait_for_one_another(chat_id, album, gathered)
        if row["later_turns"]:
            await self._let_earlier_ones_of_the_chat_go_first(chat_id, urgency, turn)
        if urgency is Urgency.BULK:
            self._next_turns[flow] = turn if flow is None else turn + 1
        self._session.after_commit(self._wake)
        return int(row["id"])

    async def _next_turn(self, flow: str | None) -> int:
        if flow not in self._next_turns:
            present = await self._session.value(
                f"SELECT o.turn FROM outgoing AS o WHERE {MAY_LEAVE} AND o.urgency = :bulk"
                " ORDER BY o.urgency, o.turn, o.id LIMIT 1",
                now=self._now,
                bulk=int(Urgency.BULK),
            )
            last = await self._session.value(
                "SELECT MAX(turn) FROM outgoing WHERE flow = :flow AND state = 'waiting'", flow=flow
            )
            # Not the last turn alone: it may be one that was missed, in a chat that was told to wait.
            self._next_turns[flow] = max(present or 0, -1 if last is None else int(last) + 1)
        return self._next_turns[flow]

    async def _let_earlier_ones_of_the_chat_go_first(self, chat_id: int, urgency: Urgency, turn: int) -> None:
        # Order within a chat is a promise; whatever is to leave sooner therefore lends its place to those before it.
        await self._session.run(
            "UPDATE outgoing SET urgency = :urgency, turn = :turn"
            f" WHERE chat_id = :chat AND {_ON_ITS_WAY} AND (urgency, turn) > (:urgency, :turn)",
            chat=chat_id,
            urgency=int(urgency),
            turn=turn,
        )

    async def _wait_for_one_another(self, chat_id: int, album: str, until: int) -> None:
        await self._session.run(
            "UPDATE outgoing SET not_before = :until"
            " WHERE chat_id = :chat AND album = :album AND state = 'waiting' AND not_before < :until",
            chat=chat_id,
            album=album,
            until=until,
        )

    async def _where_it_lives_now(self, chat_id: int) -> int:
        if chat_id > 0:
            return chat_id  # only groups migrate
        moved = await self._session.value("SELECT migrated_to FROM chat WHERE chat_id = :chat", chat=chat_id)
        return chat_id if moved is None else int(moved)


UPLOAD_PREFIX = "upload:"

_ON_ITS_WAY: Final = "state IN ('waiting', 'sending')"
"""In the words of the index of what is under way in a chat: in others, all that was ever sent there would be read."""

MAY_LEAVE: Final = (
    "o.state = 'waiting' AND o.not_before <= :now AND NOT EXISTS (SELECT 1 FROM outgoing AS earlier"
    f" WHERE earlier.chat_id = o.chat_id AND earlier.id < o.id AND earlier.{_ON_ITS_WAY})"
)
"""Of a row `o`: it is the next of its chat and waits for no moment."""


def _point(
    parameters: dict[str, Any], *, reply_to: Target | None, changes: Target | None
) -> tuple[Mapping[str, Any], int | None]:
    """The parameters with the target's message id where it is known, and the outgoing row to wait for where not."""
    if isinstance(reply_to, Delivered):
        parameters["reply_parameters"] = {
            "message_id": reply_to.message_id,
            "allow_sending_without_reply": True,
        }
    if isinstance(changes, Delivered):
        parameters["message_id"] = changes.message_id
    waits_for = changes if changes is not None else reply_to
    return parameters, waits_for.outgoing_id if isinstance(waits_for, Queued) else None


async def find_sent(reader: Reader, chat_id: int, message_id: int) -> int | None:
    """The outgoing row that became this message, or this forum topic, if it was one of ours."""
    found = await reader.value(
        "SELECT id FROM outgoing WHERE chat_id = :chat AND message_id = :message ORDER BY id",
        chat=chat_id,
        message=message_id,
    )
    return None if found is None else int(found)


async def file_id_of(reader: Reader, digest: str) -> str | None:
    """Telegram's id of a file of ours, by the digest of its content; None while Telegram does not have it."""
    found = await reader.value("SELECT file_id FROM upload WHERE digest = :digest", digest=digest)
    return None if found is None else str(found)


async def message_id_of(reader: Reader, outgoing_id: int) -> int | None:
    """Telegram's id of a sent message; None while it waits or when it was never sent."""
    found = await reader.value("SELECT message_id FROM outgoing WHERE id = :id", id=outgoing_id)
    return None if found is None else int(found)
