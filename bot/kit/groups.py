"""What Telegram tells of a group as such: whether the bot is in it and what it may do there, where the group went, what
became of its topics. No person acts in it: administrators may stay anonymous.
"""

import dataclasses

from telegram import (
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Update,
)
from telegram import Message as TelegramMessage

GROUPS = (Chat.GROUP, Chat.SUPERGROUP)

_OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """A group as an update shows it."""

    chat_id: int
    title: str
    has_topics: bool


@dataclasses.dataclass(frozen=True, slots=True)
class LetIn:
    """The bot is in the group, with these rights from now on."""

    group: Group
    anew: bool
    """It was not in it before."""
    manages_topics: bool


@dataclasses.dataclass(frozen=True, slots=True)
class PutOut:
    """The bot is no longer in the group."""

    group: Group
    reason: str
    """`left` or `kicked`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Migrated:
    """The group has become a supergroup, with another id. Its messages cannot be answered or changed any more."""

    old: int
    new: int


@dataclasses.dataclass(frozen=True, slots=True)
class TopicClosed:
    """Somebody has closed a forum topic."""

    chat_id: int
    topic_id: int


News = LetIn | PutOut | Migrated | TopicClosed


def news_of(update: Update) -> News | None:
    """What this update tells of a group; None if it is about something else."""
    changed, message = update.my_chat_member, update.message
    if changed is not None and changed.chat.type in GROUPS:
        return _membership(changed)
    if message is not None and message.chat.type in GROUPS:
        return _service(message)
    return None


def _membership(changed: ChatMemberUpdated) -> News:
    chat, old, new = changed.chat, changed.old_chat_member, changed.new_chat_member
    group = Group(chat.id, chat.title or "", bool(chat.is_forum))
    if _is_outside(new):
        return PutOut(group, str(new.status))
    return LetIn(
        group,
        anew=_is_outside(old),
        manages_topics=may_manage_topics(new),
    )


def may_manage_topics(member: ChatMember) -> bool:
    """Whether this member of a group is an administrator who may open and close its topics."""
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_manage_topics)


def _is_outside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return not member.is_member
    return member.status in _OUTSIDE


def _service(message: TelegramMessage) -> News | None:
    if message.migrate_to_chat_id is not None:
        return Migrated(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Migrated(message.migrate_from_chat_id, message.chat.id)
    if message.forum_topic_closed is not None and message.message_thread_id is not None:
        return TopicClosed(message.chat.id, message.message_thread_id)
    return None
