"""What an attempt to deliver means: decisions only."""

from collections.abc import Mapping
from typing import Any

from bot.kit.clock import DAY, SECOND
from bot.kit.delivery import Outgoing, Verdict
from bot.kit.outbox import UPLOAD_PREFIX, Policy, State
from bot.kit.transport import NoAnswer, Refused

GIVE_UP_AFTER = DAY
"""A message nobody could be given for a day is given up and shown as failed."""

_LONGEST_PAUSE = 60 * SECOND

_ALREADY_SO = (
    "topic_not_modified",
    "message is not modified",
    "message to delete not found",
    "message to react not found",
)
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat was deleted",
    "bot is not a member",
)


def delivered(outgoing: Outgoing, result: Any) -> Verdict:
    named = "message_thread_id" if outgoing.method == "createForumTopic" else "message_id"
    made = outgoing.is_message or outgoing.method == "createForumTopic"
    message_id = result.get(named) if made and isinstance(result, Mapping) else None
    is_album = outgoing.rows and isinstance(result, list)
    return Verdict(
        outgoing,
        State.SENT,
        message_id=message_id,
        message_ids=[int(each["message_id"]) for each in result] if is_album else (),
        uploaded=_uploaded(outgoing, result),
    )


def refused(outgoing: Outgoing, refusal: Refused, *, now: int) -> Verdict:
    """The verdict on an error that Telegram reported. It was not delivered, whatever the policy, unless the error
    came from a server that broke down over it.
    """
    description = refusal.description.lower()
    if refusal.code == 429:
        again = now + round((refusal.retry_after or 1) * SECOND)
        return Verdict(outgoing, State.WAITING, not_before=again, error=str(refusal))
    if refusal.migrate_to is not None:
        return Verdict(outgoing, State.WAITING, migrate_to=refusal.migrate_to)
    if any(sign in description for sign in _ALREADY_SO):
        return Verdict(outgoing, State.SENT)
    if refusal.code == 403 or any(sign in description for sign in _GONE):
        return Verdict(outgoing, State.BLOCKED, error=str(refusal), unreachable=refusal.description)
    if refusal.code >= 500:
        return _unsure(outgoing, str(refusal), now=now)
    if refusal.code in (401, 404):
        # The token is wrong or revoked: nobody's fault that a message has, and an operator can mend it.
        return _later(outgoing, str(refusal), now=now)
    return Verdict(outgoing, State.FAILED, error=str(refusal))


def no_answer(outgoing: Outgoing, failure: NoAnswer, *, now: int) -> Verdict:
    if failure.may_have_arrived:
        return _unsure(outgoing, str(failure), now=now)
    return _later(outgoing, str(failure), now=now)


def pause_after(attempts: int) -> int:
    """Milliseconds before the attempt after `attempts` failed ones: 1 s, 2 s, 4 s … at most a minute."""
    return min(_LONGEST_PAUSE, SECOND << min(attempts, 10))


def _unsure(outgoing: Outgoing, error: str, *, now: int) -> Verdict:
    if outgoing.policy is Policy.AT_MOST_ONCE:
        return Verdict(outgoing, State.UNKNOWN, error=error)
    return _later(outgoing, error, now=now)


def _later(outgoing: Outgoing, error: str, *, now: int) -> Verdict:
    if now - outgoing.created_at > GIVE_UP_AFTER:
        return Verdict(outgoing, State.FAILED, error=error)
    return Verdict(outgoing, State.WAITING, not_before=now + pause_after(outgoing.attempts), error=error)


def _uploaded(outgoing: Outgoing, result: Any) -> tuple[str, str] | None:
    """The file id Telegram gave to the file that this message was the first to carry."""
    if not isinstance(result, Mapping):
        return None
    sources = [*outgoing.parameters.values(), (outgoing.parameters.get("media") or {})]
    for source in sources:
        reference = source.get("media") if isinstance(source, Mapping) else source
        if isinstance(reference, str) and reference.startswith(UPLOAD_PREFIX):
            file_id = _file_id(result)
            return None if file_id is None else (reference.removeprefix(UPLOAD_PREFIX), file_id)
    return None


def _file_id(message: Mapping[str, Any]) -> str | None:
    for kind in ("document", "voice", "video", "audio", "animation", "video_note", "sticker"):
        if kind in message:
            return str(message[kind]["file_id"])
    sizes = message.get("photo")
    return str(sizes[-1]["file_id"]) if sizes else None
