"""What the router promises of groups: their own handlers, the person as actor, what Telegram tells of the group itself."""

import asyncio
from typing import Any

import pytest

from bot.kit.errors import NotAllowed
from bot.kit.messages import Message
from tests.kit.room import Agree, Ctx, Kit, Naming, Person, Pick

ANNA, GROUP = 11, -33
ANONYMOUS_ID = 1_087_968_824
ANONYMOUS = {"id": ANONYMOUS_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
BOT = {"id": 1000, "is_bot": True, "first_name": "Zhibu", "username": "zhibu_bot"}
RIGHTS = dict.fromkeys(
    (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    True,
)


def person(person_id: int) -> dict[str, Any]:
    return {"id": person_id, "is_bot": False, "first_name": "P"}


def chat(chat_id: int = GROUP, *, forum: bool = False) -> dict[str, Any]:
    return {"id": chat_id, "type": "supergroup", "title": "三队", **({"is_forum": True} if forum else {})}


def written(update_id: int, **content: Any) -> dict[str, Any]:
    base = {"message_id": update_id, "date": 1_700_000_000, "chat": chat(), "from": person(ANNA)}
    return {"update_id": update_id, "message": base | content}


def command(update_id: int, text: str, **content: Any) -> dict[str, Any]:
    entities = [{"type": "bot_command", "offset": 0, "length": len(text)}]
    return written(update_id, text=text, entities=entities, **content)


def tapped(update_id: int, data: str, **content: Any) -> dict[str, Any]:
    query = {"id": "q", "from": person(ANNA), "chat_instance": "1", "data": data}
    card = written(7, text="a card", **{"from": BOT}, **content)["message"]
    return {"update_id": update_id, "callback_query": query | {"message": card}}


def standing(status: str, **rights: bool) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {"kicked": {"until_date": 0}, "administrator": dict(RIGHTS)}
    more = known.get(status, {})
    return {"user": BOT, "status": status, **more, **rights}


def became(
    update_id: int, new: dict[str, Any], old: dict[str, Any], *, forum: bool = False
) -> dict[str, Any]:
    changed = {
        "chat": chat(forum=forum),
        "from": ANONYMOUS,
        "date": 1_700_000_000,
        "old_chat_member": old,
        "new_chat_member": new,
    }
    return {"update_id": update_id, "my_chat_member": changed}


async def test_commands_of_groups_and_of_private_chats_are_apart(kit: Kit) -> None:
    await kit.take(
        command(1, "/team"),
        command(2, "/team@zhibu_bot"),
        command(3, "/team@other_bot"),
        command(4, "/go"),
        written(5, text="/team", chat={"id": ANNA, "type": "private", "first_name": "P"}),
    )
    assert sorted(await kit.noted()) == [
        "heard /go",
        "heard /team@other_bot",
        "team of -11",
        "team of -11",
        "text /team",
    ]


async def test_who_writes_in_a_group_is_only_recognised(kit: Kit) -> None:
    seen: list[Person] = []

    async def look(context: Ctx) -> None:
        seen.append(context.actor)

    kit.room.acts["heard"] = look
    await kit.take(written(1, text="hello?"))
    assert await kit.noted() == ["heard hello?"]
    assert seen == [Person(-ANNA, "en")]


async def test_an_anonymous_administrator_is_nobody_we_know(kit: Kit) -> None:
    await kit.take(command(1, "/team", **{"from": ANONYMOUS}, sender_chat=chat()))
    assert await kit.noted() == [f"team of {-ANONYMOUS_ID}"]


async def test_a_dialogue_is_private(kit: Kit) -> None:
    async def expect(context: Ctx) -> None:
        await context.expect(Naming(3))

    kit.room.acts["team"] = expect
    await kit.take(command(1, "/team"), written(2, text="hello"))
    await kit.take(written(3, text="Anna", chat={"id": ANNA, "type": "private", "first_name": "P"}))
    assert await kit.noted() == ["team of -11", "heard hello", "named 3 Anna"]


async def test_an_answer_stays_in_the_topic_in_which_somebody_wrote(kit: Kit) -> None:
    async def answer(context: Ctx) -> None:
        await context.reply(Message("yes"))

    kit.room.acts["heard"] = answer
    await kit.take(
        written(1, text="in a topic", chat=chat(forum=True), message_thread_id=5, is_topic_message=True),
        # Outside forums Telegram numbers threads of replies, too; nothing can be sent there.
        written(2, text="a reply", message_thread_id=6),
    )
    first, second = kit.server.called("sendMessage")
    assert (first["chat_id"], first["message_thread_id"]) == (GROUP, 5)
    assert (second["chat_id"], second.get("message_thread_id")) == (GROUP, None)


async def test_a_refusal_in_a_group_answers_whom_it_refuses(kit: Kit) -> None:
    async def refuse(context: Ctx) -> None:
        raise NotAllowed

    kit.room.acts["team"] = refuse
    await kit.take(command(9, "/team"))
    (sent,) = kit.server.called("sendMessage")
    assert sent["chat_id"] == GROUP
    assert sent["reply_parameters"]["message_id"] == 9


async def test_edits_and_reactions_come_through(kit: Kit) -> None:
    edited = written(1, text="better", edit_date=1_700_000_001)
    changed = {"date": 1, "message_id": 1, "old_reaction": [], "new_reaction": []}
    private = {"id": ANNA, "type": "private", "first_name": "P"}
    await kit.take(
        {"update_id": 1, "edited_message": edited["message"]},
        {"update_id": 2, "message_reaction": changed | {"chat": chat(), "user": person(ANNA)}},
        {"update_id": 4, "message_reaction": changed | {"chat": chat(), "actor_chat": chat()}},
    )
    await kit.take({"update_id": 3, "message_reaction": changed | {"chat": private, "user": person(ANNA)}})
    assert await kit.noted() == ["reheard better", "reacted", "reacted"]


# Taps


async def test_a_button_tapped_before_everybody_goes_on_in_private(kit: Kit) -> None:
    async def act(context: Ctx) -> None:
        await context.reply(Message("said"))
        await context.replace(Message("a menu"))
        await context.take_buttons_away()

    kit.room.acts["picked"] = act
    await kit.take(tapped(1, Pick(1).encode()))
    assert [(sent["chat_id"], sent["text"]) for sent in kit.server.called("sendMessage")] == [
        (ANNA, "said"),
        (ANNA, "a menu"),
    ]
    assert not kit.server.called("editMessageText")
    assert not kit.server.called("editMessageReplyMarkup")
    (answer,) = kit.server.called("answerCallbackQuery")
    assert answer["text"] == "I have gone on in our private chat."


async def test_a_handlers_own_answer_to_such_a_tap_counts(kit: Kit) -> None:
    async def act(context: Ctx) -> None:
        context.answer("done")

    kit.room.acts["picked"] = act
    await kit.take(tapped(1, Pick(1).encode()))
    (answer,) = kit.server.called("answerCallbackQuery")
    assert answer["text"] == "done"


async def test_a_button_of_the_group_is_settled_there(kit: Kit) -> None:
    async def act(context: Ctx) -> None:
        await context.replace(Message("agreed"))

    kit.room.acts["agreed"] = act
    await kit.take(tapped(1, Agree().encode()))
    (edit,) = kit.server.called("editMessageText")
    assert (edit["chat_id"], edit["message_id"], edit["text"]) == (GROUP, 7, "agreed")


async def test_groups_do_not_wait_for_one_another_nor_for_people(kit: Kit) -> None:
    held = asyncio.Event()

    async def wait(context: Ctx) -> None:
        async def slow() -> None:
            await held.wait()

        await context.outside("slow", slow)

    kit.room.acts["team"] = wait
    await kit.runtime.intake.offer(
        [
            command(1, "/team"),
            written(2, text="behind it"),
            written(3, text="elsewhere", chat=chat(-44)),
            written(4, text="?", chat={"id": ANNA, "type": "private", "first_name": "P"}),
        ]
    )
    async with asyncio.timeout(5):
        while len(await kit.noted()) < 2:
            await asyncio.sleep(0)
    assert sorted(await kit.noted()) == ["heard elsewhere", "question"]
    held.set()
    await kit.runtime.rested()
    assert (await kit.noted())[-2:] == ["team of -11", "heard behind it"]


# What Telegram tells of the group


@pytest.mark.parametrize(
    ("new", "old", "told"),
    [
        ("member", "left", "anew=True, manages_topics=False"),
        ("administrator", "member", "anew=False, manages_topics=False"),
        ("member", "administrator", "anew=False, manages_topics=False"),
        ("member", "kicked", "anew=True, manages_topics=False"),
    ],
)
async def test_what_the_bot_may_do_is_told(kit: Kit, new: str, old: str, told: str) -> None:
    await kit.take(became(1, standing(new), standing(old)))
    assert await kit.noted() == [
        f"news LetIn(group=Group(chat_id=-33, title='三队', has_topics=False), {told})"
    ]


async def test_the_right_to_manage_topics_is_told(kit: Kit) -> None:
    await kit.take(
        became(1, standing("administrator", can_manage_topics=True), standing("member"), forum=True)
    )
    (noted,) = await kit.noted()
    assert noted.endswith("has_topics=True), anew=False, manages_topics=True)")


async def test_a_group_that_puts_the_bot_out_is_not_written_to_until_it_is_let_in(kit: Kit) -> None:
    await kit.take(became(1, standing("kicked"), standing("member")))
    assert await kit.noted() == [
        "news PutOut(group=Group(chat_id=-33, title='三队', has_topics=False), reason='kicked')"
    ]
    assert await kit.rows("SELECT reason FROM chat WHERE chat_id = -33") == ["kicked"]
    await kit.take(became(2, standing("member"), standing("kicked")))
    assert await kit.rows("SELECT unreachable_since FROM chat WHERE chat_id = -33") == [None]


@pytest.mark.parametrize(
    "told",
    [
        written(1, migrate_to_chat_id=-1001),
        written(1, migrate_from_chat_id=GROUP, chat=chat(-1001)),
    ],
    ids=["in the old group", "in the new one"],
)
async def test_what_waits_follows_a_group_that_moves(kit: Kit, told: dict[str, Any]) -> None:
    async with kit.foundation.works.begin() as work:
        row = await work.out.send(GROUP, Message("late"), key="late")
        await work.session.run("UPDATE outgoing SET not_before = 99999999999999 WHERE id = :row", row=row)
    await kit.take(told)
    assert await kit.noted() == ["news Migrated(old=-33, new=-1001)"]
    assert await kit.rows("SELECT chat_id FROM outgoing") == [-1001]
    async with kit.foundation.works.begin() as work:
        await work.out.send(GROUP, Message("later"), key="later")
    assert await kit.rows("SELECT chat_id FROM outgoing WHERE dedupe_key = 'later'") == [-1001]


async def test_a_topic_that_somebody_closes_is_told(kit: Kit) -> None:
    await kit.take(written(1, forum_topic_closed={}, message_thread_id=5, is_topic_message=True))
    assert await kit.noted() == ["news TopicClosed(chat_id=-33, topic_id=5)"]


async def test_news_are_told_once(kit: Kit) -> None:
    closed = written(1, forum_topic_closed={}, message_thread_id=5, is_topic_message=True)
    await kit.take(closed)
    await kit.take(closed)
    assert len(await kit.noted()) == 1
