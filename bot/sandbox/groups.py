"""Groups: making one, who is in it, what the bot is there, becoming a supergroup."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.core import Core
from bot.sandbox.errors import PersonError
from bot.sandbox.posting import service
from bot.sandbox.views import SeenMessage, see
from bot.sandbox.wire import bot_json, bot_member_json, chat_json, person_member_json, sender_json, user_json
from bot.sandbox.world import BotStatus, Chat, Json, Topic, User


def make_group(
    core: Core, title: str, members: Iterable[User], *, is_forum: bool, bot: BotStatus | None
) -> Chat:
    """A group that the first member owns; a forum is a supergroup. The bot is told if it is brought along."""
    people = list(members)
    if not people:
        raise PersonError("A group needs at least one person")
    if not title.strip():
        raise PersonError("A group needs a title")
    world = core.world
    chat = Chat(
        id=world.new_chat_id(supergroup=is_forum),
        type="supergroup" if is_forum else "group",
        title=title,
        is_forum=is_forum,
        members=[person.id for person in people],
        bot_status=BotStatus.LEFT,
        instance=world.new_number(),
    )
    world.chats[chat.id] = chat
    core.chat_changed(chat)
    if bot is not None:
        set_bot_status(core, chat, bot, by=people[0].id)
    return chat


def set_bot_status(
    core: Core, chat: Chat, status: BotStatus, by: int, *, manages_topics: bool = True
) -> None:
    """Bring the bot in, promote, demote, remove it, or let it leave; the bot gets my_chat_member. `manages_topics` is the
    right of an administrator in a forum.
    """
    old = chat.bot_status
    if old is status and chat.bot_manages_topics is manages_topics:
        return
    if chat.migrated_to is not None:
        raise PersonError("This group has become a supergroup")
    bot = core.world.bot
    body: Json = {
        "chat": chat_json(core.world, chat),
        "from": sender_json(core.world, by),
        "date": core.seconds(),
        "old_chat_member": bot_member_json(bot, chat, old),
    }
    chat.bot_status, chat.bot_manages_topics = status, manages_topics
    body["new_chat_member"] = bot_member_json(bot, chat, status)
    core.updates.offer("my_chat_member", body, lane=chat.id)
    core.chat_changed(chat)
    if status.inside and not old.inside:
        service(core, chat, by, {"new_chat_members": [bot_json(bot)]})
    elif old.inside and not status.inside:
        service(core, chat, by, {"left_chat_member": bot_json(bot)})


def set_member(core: Core, chat: Chat, user: User, inside: bool) -> None:
    """A person joins or leaves; the bot sees a service message and, as administrator, chat_member."""
    if (user.id in chat.members) is inside:
        return
    old = person_member_json(chat, user)
    if inside:
        chat.members.append(user.id)
    else:
        chat.members.remove(user.id)
        chat.reply_keyboards.pop(user.id, None)
    if chat.bot_status is BotStatus.ADMINISTRATOR:
        body: Json = {
            "chat": chat_json(core.world, chat),
            "from": user_json(user),
            "date": core.seconds(),
            "old_chat_member": old,
            "new_chat_member": person_member_json(chat, user),
        }
        core.updates.offer("chat_member", body, lane=chat.id)
    content = {"new_chat_members": [user_json(user)]} if inside else {"left_chat_member": user_json(user)}
    service(core, chat, user.id, content)
    core.chat_changed(chat)


def upgrade(core: Core, chat: Chat) -> Chat:
    """The group becomes a supergroup with a new id; the old id only says where it went."""
    if chat.type != "group" or chat.migrated_to is not None:
        raise PersonError("Only a basic group can become a supergroup")
    world = core.world
    successor = Chat(
        id=world.new_chat_id(supergroup=True),
        type="supergroup",
        title=chat.title,
        members=list(chat.members),
        bot_status=chat.bot_status,
        instance=world.new_number(),
    )
    world.chats[successor.id] = successor
    service(core, chat, chat.members[0], {"migrate_to_chat_id": successor.id})
    chat.migrated_to = successor.id
    service(core, successor, chat.members[0], {"migrate_from_chat_id": chat.id})
    core.chat_changed(chat)
    core.chat_changed(successor)
    return successor


def set_topic_closed(core: Core, chat: Chat, topic_id: int, closed: bool, by: int) -> None:
    """Somebody, or the bot, closes or reopens a topic."""
    topic = _topic(chat, topic_id)
    if topic.closed is closed:
        return
    topic.closed = closed
    service(core, chat, by, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic.id)
    core.chat_changed(chat)


def delete_topic(core: Core, chat: Chat, topic_id: int) -> None:
    """A topic goes with all that was written in it; bots are not told."""
    topic = _topic(chat, topic_id)
    del chat.topics[topic.id]
    for message in [message for message in chat.messages.values() if message.thread_id == topic.id]:
        del chat.messages[message.message_id]
        core.changed("delete", message)
    core.chat_changed(chat)


def _topic(chat: Chat, topic_id: int) -> Topic:
    topic = chat.topics.get(topic_id)
    if topic is None:
        raise PersonError("This topic is gone")
    return topic


@dataclass(frozen=True, slots=True)
class Group:
    """A group, to be handed to a person's acts and changed from outside."""

    _core: Core
    id: int

    @property
    def state(self) -> Chat:
        return self._core.world.chats[self.id]

    def messages(self) -> list[SeenMessage]:
        return [see(self._core.world, message) for message in self.state.messages.values()]

    def topics(self) -> list[Topic]:
        return list(self.state.topics.values())

    async def bot_becomes(self, status: str, by: int | None = None, *, manages_topics: bool = True) -> None:
        """`administrator`, `member`, `left` or `kicked`; done by the person with the id `by`, or the owner."""
        actor = self.state.members[0] if by is None else by
        set_bot_status(self._core, self.state, BotStatus(status), actor, manages_topics=manages_topics)

    async def closes_topic(self, topic_id: int, *, closed: bool = True) -> None:
        """The owner closes a topic, or opens it again; the bot, if it gets to see it, is told."""
        set_topic_closed(self._core, self.state, topic_id, closed, self.state.members[0])

    async def deletes_topic(self, topic_id: int) -> None:
        """The owner deletes a topic; bots are not told."""
        delete_topic(self._core, self.state, topic_id)

    async def upgrade(self) -> "Group":
        """The supergroup that this group becomes."""
        return Group(self._core, upgrade(self._core, self.state).id)
