"""Groups: what the bot gets to see and may do, topics, coming and going, becoming a supergroup."""

from typing import Any

import pytest

from bot.sandbox import Group, Person, PersonError, Sandbox
from tests.sandbox.helpers import Raw


async def seen(raw: Raw) -> list[tuple[str, Any]]:
    """Kind and text of pending updates, confirmed."""
    pending = (
        await raw(
            "getUpdates", allowed_updates=["message", "edited_message", "my_chat_member", "chat_member"]
        )
    ).result
    if pending:
        await raw("getUpdates", offset=pending[-1]["update_id"] + 1)
    kinds = []
    for update in pending:
        kind = next(name for name in update if name != "update_id")
        kinds.append((kind, update[kind].get("text")))
    return kinds


@pytest.fixture
async def li(sandbox: Sandbox) -> Person:
    return sandbox.add_person(first_name="李", id=502)


@pytest.fixture
async def group(sandbox: Sandbox, mei: Person, li: Person, raw: Raw) -> Group:
    group = sandbox.add_group("采油三队", [mei, li], bot="member")
    await seen(raw)
    return group


@pytest.fixture
async def forum(sandbox: Sandbox, mei: Person, li: Person, raw: Raw) -> Group:
    forum = sandbox.add_group("采油三队", [mei, li], is_forum=True, bot="administrator")
    await seen(raw)
    return forum


async def test_a_bot_brought_along_is_told(sandbox: Sandbox, mei: Person, raw: Raw) -> None:
    await raw("getUpdates", allowed_updates=["message", "my_chat_member"])
    group = sandbox.add_group("组", [mei], bot="member")
    membership, message = (await raw("getUpdates")).result
    change = membership["my_chat_member"]
    assert (change["chat"]["id"], change["chat"]["type"]) == (group.id, "group")
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("left", "member")
    assert message["message"]["new_chat_members"][0]["id"] == 1000


async def test_a_mere_member_sees_commands_replies_and_service_only(
    raw: Raw, sandbox: Sandbox, group: Group, mei: Person, li: Person
) -> None:
    await mei.says("大家好", chat=group)
    await mei.says("/help", chat=group)
    await mei.says("/help@zhibu_bot", chat=group)
    await mei.says("/help@other_bot", chat=group)
    await mei.says("看 /help", chat=group)
    said = (await raw("sendMessage", chat_id=group.id, text="好")).result
    await li.says("回复", reply_to=said["message_id"], chat=group)
    await sandbox.add_person(first_name="赵").joins(group)
    assert await seen(raw) == [
        ("message", "/help"),
        ("message", "/help@zhibu_bot"),
        ("message", "回复"),
        ("message", None),
    ]


async def test_an_administrator_sees_everything(
    raw: Raw, group: Group, mei: Person, sandbox: Sandbox
) -> None:
    await group.bot_becomes("administrator")
    await seen(raw)
    message = await mei.says("大家好", chat=group)
    await mei.edits(message, "您好")
    await sandbox.add_person(first_name="赵").joins(group)
    assert await seen(raw) == [
        ("message", "大家好"),
        ("edited_message", "您好"),
        ("chat_member", None),
        ("message", None),
    ]


async def test_people_see_what_is_said_in_their_groups_only(
    group: Group, sandbox: Sandbox, raw: Raw, li: Person
) -> None:
    await raw("sendMessage", chat_id=group.id, text="各位好")
    assert li.last(group).text == "各位好"
    with pytest.raises(PersonError, match="not in this chat"):
        sandbox.add_person(first_name="赵").chat(group)


@pytest.mark.parametrize(
    ("status", "description"),
    [
        ("kicked", "Forbidden: bot was kicked from the group chat"),
        ("left", "Forbidden: bot is not a member of the group chat"),
    ],
)
async def test_a_bot_outside_cannot_write(raw: Raw, group: Group, status: str, description: str) -> None:
    await group.bot_becomes(status)
    reply = await raw("sendMessage", chat_id=group.id, text="好")
    assert (reply.status, reply.description) == (403, description)


async def test_a_bot_kicked_from_a_supergroup(raw: Raw, forum: Group) -> None:
    await forum.bot_becomes("kicked")
    reply = await raw("sendMessage", chat_id=forum.id, text="好")
    assert reply.description == "Forbidden: bot was kicked from the supergroup chat"


async def test_rights_of_a_mere_member(raw: Raw, group: Group, mei: Person) -> None:
    message = await mei.says("大家好", chat=group)
    where = {"chat_id": group.id, "message_id": message.message_id}
    pinned = await raw("pinChatMessage", **where)
    assert pinned.description == "Bad Request: not enough rights to manage pinned messages in the chat"
    assert (await raw("deleteMessage", **where)).description == "Bad Request: message can't be deleted"
    await group.bot_becomes("administrator")
    assert (await raw("pinChatMessage", **where)).result is True
    assert (await raw("deleteMessage", **where)).result is True


async def test_contacts_are_asked_for_in_private_only(raw: Raw, group: Group) -> None:
    keyboard = {"keyboard": [[{"text": "好", "request_contact": True}]]}
    reply = await raw("sendMessage", chat_id=group.id, text="好", reply_markup=keyboard)
    assert reply.description == "Bad Request: phone number can be requested in private chats only"


async def test_a_group_becomes_a_supergroup(raw: Raw, group: Group, mei: Person) -> None:
    await mei.says("/before", chat=group)
    await seen(raw)
    successor = await group.upgrade()
    old, new = (update["message"] for update in (await raw("getUpdates")).result)
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (group.id, successor.id)
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (successor.id, group.id)
    reply = await raw("sendMessage", chat_id=group.id, text="好")
    assert reply.body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": successor.id},
    }
    assert (await raw("sendMessage", chat_id=successor.id, text="好")).status == 200
    with pytest.raises(PersonError, match="supergroup"):
        await mei.says("好", chat=group)


async def test_a_topic_from_opening_to_deletion(raw: Raw, forum: Group, mei: Person) -> None:
    topic = (await raw("createForumTopic", chat_id=forum.id, name="李建国 · 登录")).result
    thread = topic["message_thread_id"]
    where = {"chat_id": forum.id, "message_thread_id": thread}
    sent = (await raw("sendMessage", **where, text="问题")).result
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread, True)
    assert sent["reply_to_message"]["forum_topic_created"]["name"] == "李建国 · 登录"
    await mei.says("答", chat=forum, thread=thread)
    await mei.says("再答", chat=forum, reply_to=sent["message_id"])
    first, second = (update["message"] for update in (await raw("getUpdates")).result)
    assert (first["message_thread_id"], first["reply_to_message"]["message_id"]) == (thread, thread)
    assert (second["message_thread_id"], second["reply_to_message"]["text"]) == (thread, "问题")
    assert (await raw("editForumTopic", **where, name="已答")).result is True
    assert (
        await raw("editForumTopic", **where, name="已答")
    ).description == "Bad Request: TOPIC_NOT_MODIFIED"
    assert (await raw("closeForumTopic", **where)).result is True
    assert (await raw("closeForumTopic", **where)).description == "Bad Request: TOPIC_NOT_MODIFIED"
    assert (await raw("sendMessage", **where, text="administrators may")).status == 200
    assert (await raw("reopenForumTopic", **where)).result is True
    assert (await raw("deleteForumTopic", **where)).result is True
    gone = await raw("sendMessage", **where, text="好")
    assert gone.description == "Bad Request: message thread not found"
    assert (await raw("closeForumTopic", **where)).description == "Bad Request: TOPIC_ID_INVALID"


async def test_a_closed_topic_is_closed_to_members(raw: Raw, forum: Group, li: Person) -> None:
    thread = (await raw("createForumTopic", chat_id=forum.id, name="题")).result["message_thread_id"]
    await raw("closeForumTopic", chat_id=forum.id, message_thread_id=thread)
    with pytest.raises(PersonError, match="closed"):
        await li.says("好", chat=forum, thread=thread)
    await forum.bot_becomes("member")
    reply = await raw("sendMessage", chat_id=forum.id, message_thread_id=thread, text="好")
    assert reply.description == "Bad Request: TOPIC_CLOSED"


@pytest.mark.parametrize(
    ("name", "description"), [(" ", "title must be non-empty"), ("题" * 129, "TOPIC_TITLE_TOO_LONG")]
)
async def test_names_of_topics(raw: Raw, forum: Group, name: str, description: str) -> None:
    reply = await raw("createForumTopic", chat_id=forum.id, name=name)
    assert reply.description == f"Bad Request: {description}"


async def test_topics_need_the_right_and_a_forum(raw: Raw, forum: Group, group: Group) -> None:
    reply = await raw("createForumTopic", chat_id=group.id, name="题")
    assert reply.description == "Bad Request: the chat is not a forum"
    await forum.bot_becomes("member")
    reply = await raw("createForumTopic", chat_id=forum.id, name="题")
    assert reply.description == "Bad Request: not enough rights to create a topic"


async def test_selective_keyboards_reach_whom_they_answer(
    raw: Raw, group: Group, mei: Person, li: Person
) -> None:
    asked = await li.says("/help", chat=group)
    keyboard = {"keyboard": [["好"]], "selective": True}
    reply = {"message_id": asked.message_id}
    await raw("sendMessage", chat_id=group.id, text="选", reply_markup=keyboard, reply_parameters=reply)
    assert set(group.state.reply_keyboards) == {li.id}


async def test_a_person_leaves(raw: Raw, group: Group, li: Person) -> None:
    await li.leaves(group)
    (update,) = (await raw("getUpdates")).result
    assert update["message"]["left_chat_member"]["id"] == li.id
    assert (await raw("getChatMember", chat_id=group.id, user_id=li.id)).result["status"] == "left"


async def test_an_administrator_may_write_in_the_groups_name(
    raw: Raw, forum: Group, mei: Person, li: Person
) -> None:
    await mei.says("/team", chat=forum, anonymously=True)
    message = (await raw("getUpdates")).result[0]["message"]
    assert message["from"] == {
        "id": 1_087_968_824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }
    assert message["sender_chat"]["id"] == forum.id
    with pytest.raises(PersonError, match="Only an administrator"):
        await li.says("好", chat=forum, anonymously=True)
    with pytest.raises(PersonError, match="Only an administrator"):
        await mei.start()
        await mei.says("好", anonymously=True)


async def test_an_administrator_needs_the_right_to_manage_topics(raw: Raw, forum: Group) -> None:
    made = (await raw("createForumTopic", chat_id=forum.id, name="一")).result["message_thread_id"]
    await forum.bot_becomes("administrator", manages_topics=False)
    changed = (await raw("getUpdates")).result[-1]["my_chat_member"]
    assert changed["old_chat_member"]["can_manage_topics"] is True
    assert changed["new_chat_member"]["can_manage_topics"] is False
    reply = await raw("createForumTopic", chat_id=forum.id, name="二")
    assert reply.description == "Bad Request: not enough rights to create a topic"
    reply = await raw("closeForumTopic", chat_id=forum.id, message_thread_id=made)
    assert reply.description == "Bad Request: not enough rights to manage topics"
    assert (await raw("sendMessage", chat_id=forum.id, text="好", message_thread_id=made)).status == 200


async def test_of_a_topic_that_its_owner_closes_the_bot_is_told_and_of_a_deleted_one_not(
    raw: Raw, forum: Group
) -> None:
    made = (await raw("createForumTopic", chat_id=forum.id, name="一")).result["message_thread_id"]
    await forum.closes_topic(made)
    (update,) = (await raw("getUpdates")).result
    assert update["message"]["forum_topic_closed"] == {}
    assert update["message"]["message_thread_id"] == made
    assert (await raw("sendMessage", chat_id=forum.id, text="好", message_thread_id=made)).status == 200, (
        "administrators write in closed topics, too"
    )
    await raw("getUpdates", offset=update["update_id"] + 1)
    await forum.deletes_topic(made)
    assert (await raw("getUpdates")).result == []
    reply = await raw("sendMessage", chat_id=forum.id, text="好", message_thread_id=made)
    assert reply.description == "Bad Request: message thread not found"
    with pytest.raises(PersonError, match="topic is gone"):
        await forum.deletes_topic(made)


async def test_a_mere_member_cannot_write_in_a_closed_topic(raw: Raw, forum: Group) -> None:
    made = (await raw("createForumTopic", chat_id=forum.id, name="一")).result["message_thread_id"]
    await forum.closes_topic(made)
    await forum.bot_becomes("member")
    reply = await raw("sendMessage", chat_id=forum.id, text="好", message_thread_id=made)
    assert reply.description == "Bad Request: TOPIC_CLOSED"
