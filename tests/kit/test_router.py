"""The router's promises, through python-telegram-bot's real application: which handler, and the frame around it."""

import asyncio
from typing import Any

import pytest

from bot.kit import inbox
from bot.kit.clock import DAY
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.i18n import Languages
from bot.kit.messages import Message
from tests.kit.bot_api import refused
from tests.kit.fakes import (
    command,
    edited_message,
    membership,
    private_message,
    tap,
)
from tests.kit.room import Counting, Ctx, Kit, Naming, Person, Pick

ANNA, BERT = 11, 22
GROUP = {"id": -33, "type": "supergroup", "title": "三队"}
CHANNEL = {"id": -44, "type": "channel", "title": "C"}


class TooMany(Refusal):
    """Only {most} of {what}."""


def in_english(update: dict[str, Any]) -> dict[str, Any]:
    for content in update.values():
        if isinstance(content, dict):
            content["from"]["language_code"] = "en"
    return update


async def say(context: Ctx) -> None:
    await context.reply(Message("one"))
    await context.reply(Message("two"))


async def test_a_command_runs_and_its_replies_have_keys_of_their_own(kit: Kit) -> None:
    kit.room.acts["go"] = say
    await kit.take(command(5, ANNA, "/go"), command(6, BERT, "/go@zhibu_bot now"))
    assert await kit.noted() == ["go", "go"]
    assert sorted(await kit.rows("SELECT dedupe_key FROM outgoing")) == [
        f"update:{number}:reply{n}" for number in (5, 6) for n in (1, 2)
    ]
    assert sorted(await kit.said()) == ["one", "one", "two", "two"]


async def test_an_unknown_command_is_a_text_like_any_other(kit: Kit) -> None:
    await kit.take(command(1, ANNA, "/nonsense"), command(2, BERT, "/go@other_bot"))
    assert sorted(await kit.noted()) == ["text /go@other_bot", "text /nonsense"]


async def test_pressing_start_shows_that_a_person_is_back(kit: Kit) -> None:
    await kit.take(membership(1, ANNA, "kicked"), command(2, ANNA, "/start"))
    assert await kit.rows("SELECT unreachable_since FROM chat WHERE chat_id = 11") == [None]


async def test_a_repeat_does_nothing(kit: Kit) -> None:
    kit.room.acts["go"] = say
    await kit.take(command(5, ANNA, "/go"))
    await kit.take(command(5, ANNA, "/go"))
    assert await kit.noted() == ["go"]
    assert await kit.said() == ["one", "two"]


async def test_what_another_process_has_applied_meanwhile_is_not_applied_here(kit: Kit) -> None:
    update = inbox.received(tap(5, ANNA, Pick(7).encode()))
    async with kit.foundation.works.begin() as work:
        await inbox.keep(work.session, [update], now=work.now)
    await asyncio.gather(*(kit.runtime._apply(update) for _ in range(5)))
    await kit.runtime.rested()
    assert await kit.noted() == ["picked 7"]
    assert len(kit.server.called("answerCallbackQuery")) == 1


def test_a_name_is_registered_once(kit: Kit) -> None:
    with pytest.raises(ValueError, match="'go' is registered twice"):
        kit.router.command("go", say, about="Go")


def test_the_menu_shows_what_a_person_may_use(kit: Kit, languages: Languages) -> None:
    anybody, first = Person(2, "en"), Person(1, "en")
    assert [entry.command for entry in kit.router.menu.entries_for(anybody)] == ["start", "go"]
    call = kit.router.menu.call_for(first, ANNA, languages["en"])
    assert call.parameters["scope"] == {"type": "chat", "chat_id": ANNA}
    assert call.parameters["commands"] == [
        {"command": "start", "description": "Start"},
        {"command": "go", "description": "Go"},
        {"command": "other", "description": "Other"},
    ]


# Buttons


async def test_a_tap_brings_the_buttons_value_and_is_answered_once_and_silently(kit: Kit) -> None:
    await kit.take(tap(1, ANNA, Pick(-7, "支~").encode()))
    assert await kit.noted() == ["picked -7支~"]
    (answer,) = kit.server.called("answerCallbackQuery")
    assert answer["callback_query_id"] == "query1"
    assert not answer.get("text")


async def test_a_tap_is_answered_with_the_handlers_words_cut_to_what_is_shown(kit: Kit) -> None:
    async def answer(context: Ctx) -> None:
        context.answer("支" * 300, alert=True)

    kit.room.acts["picked"] = answer
    await kit.take(tap(1, ANNA, Pick(7).encode()))
    (answered,) = kit.server.called("answerCallbackQuery")
    assert answered["text"] == "支" * 200
    assert answered["show_alert"] in (True, "true")


async def test_the_card_under_the_tapped_button_can_be_replaced(kit: Kit) -> None:
    async def replace(context: Ctx) -> None:
        await context.replace(Message("new card"))

    kit.room.acts["picked"] = replace
    await kit.take(tap(1, ANNA, Pick(7).encode()))
    (edit,) = kit.server.called("editMessageText")
    assert (edit["message_id"], edit["text"]) == (7, "new card")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "t.pick",
        "t.pick:x!:a",
        "t.pick:1",
        "t.gone:1",
        "t.pick:1:a:b",
        "支部",
        ":",
        f"t.pick:{'z' * 40}:a",
        "t.pick:~:a",
    ],
)
async def test_a_button_of_another_day_is_answered_kindly(kit: Kit, languages: Languages, data: str) -> None:
    await kit.take(tap(1, ANNA, data), in_english(tap(2, BERT, data)))
    assert await kit.noted() == []
    assert await kit.states() == ["applied", "applied"]
    answers = {each["callback_query_id"]: each for each in kit.server.called("answerCallbackQuery")}
    assert answers["query1"]["text"] == languages["zh_CN"].plain(Outdated.message)
    assert answers["query2"]["text"] == Outdated.message
    assert answers["query1"]["show_alert"] in (True, "true")


async def test_a_button_under_a_message_too_old_to_touch_is_outdated(kit: Kit) -> None:
    await kit.take(in_english(tap(1, ANNA, Pick(7).encode(), accessible=False)))
    assert await kit.noted() == []
    assert kit.server.called("answerCallbackQuery")[0]["text"] == Outdated.message


async def test_an_answer_that_comes_too_late_costs_nothing(kit: Kit) -> None:
    kit.server.answers["answerCallbackQuery"] = lambda _: refused(400, "Bad Request: query is too old")
    kit.room.acts["picked"] = say
    await kit.take(tap(1, ANNA, Pick(7).encode()))
    assert await kit.said() == ["one", "two"]
    assert await kit.states() == ["applied"]


async def test_typing_is_shown_when_asked_for(kit: Kit) -> None:
    async def typing(context: Ctx) -> None:
        context.typing = True

    kit.room.acts["go"] = typing
    await kit.take(command(1, ANNA, "/go"), command(2, ANNA, "/other"))
    (action,) = kit.server.called("sendChatAction")
    assert (action["chat_id"], action["action"]) == (str(ANNA), "typing")


# Dialogues and claims


async def test_a_dialogue_takes_the_next_message_before_any_claim(kit: Kit) -> None:
    async def begin(context: Ctx) -> None:
        await context.expect(Naming(3))

    async def end(context: Ctx) -> None:
        await context.end_dialogue()

    kit.room.acts = {"go": begin, "named": end}
    await kit.take(command(1, ANNA, "/go"), command(2, ANNA, "/other"), private_message(3, ANNA, "who?"))
    await kit.take(private_message(4, ANNA, "who?"), private_message(5, BERT, "hello"))
    assert await kit.noted() == ["go", "other", "named 3 who?", "question", "text hello"]


async def test_a_dialogue_is_over_after_a_day(kit: Kit) -> None:
    async def begin(context: Ctx) -> None:
        await context.expect(Naming(3))

    kit.room.acts["go"] = begin
    await kit.take(command(1, ANNA, "/go"))
    await kit.clock.move_to(kit.clock.now() + DAY)
    await kit.take(private_message(2, ANNA, "hello"))
    assert await kit.noted() == ["go", "text hello"]


@pytest.mark.parametrize("data", ['["x", "y"]', "[]"])
async def test_a_dialogue_written_by_an_earlier_version_holds_nobody_up(kit: Kit, data: str) -> None:
    async with kit.foundation.works.begin() as work:
        await work.session.run(
            "INSERT INTO dialogue (person_id, tag, data, touched_at) VALUES (:id, 't.name', :data, :now)",
            id=ANNA,
            data=data,
            now=work.now,
        )
    await kit.take(private_message(1, ANNA, "hello"))
    assert await kit.noted() == ["text hello"]


async def test_a_dialogue_of_a_room_that_is_gone_holds_nobody_up(kit: Kit) -> None:
    async def begin(context: Ctx) -> None:
        await context.expect(Counting())

    kit.room.acts["go"] = begin
    await kit.take(command(1, ANNA, "/go"), private_message(2, ANNA, "hello"))
    assert await kit.noted() == ["go", "text hello"]


async def test_the_first_claim_that_says_yes_has_it(kit: Kit) -> None:
    await kit.take(private_message(1, ANNA, "why?"), private_message(2, ANNA, "so"))
    assert await kit.noted() == ["question", "text so"]


async def test_what_is_neither_text_nor_command_is_offered_too(kit: Kit) -> None:
    photo = private_message(1, ANNA)
    del photo["message"]["text"]
    photo["message"]["photo"] = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    await kit.take(photo)
    assert await kit.noted() == ["text None"]


async def test_an_edited_message_goes_to_those_who_follow_edits(kit: Kit) -> None:
    await kit.take(edited_message(1, ANNA, "/go again"), edited_message(2, ANNA, "better"))
    assert await kit.noted() == ["edited /go again", "edited better"]


# Refusals, failures, work outside


async def test_a_refusal_takes_the_effects_back_and_is_told(kit: Kit, languages: Languages) -> None:
    async def refuse(context: Ctx) -> None:
        await context.reply(Message("never"))
        context.answer("never")
        raise NotAllowed

    kit.room.acts = {"go": refuse, "picked": refuse, "text": refuse, "edited": refuse}
    await kit.take(command(1, ANNA, "/go"), tap(2, ANNA, Pick(7).encode()), edited_message(3, ANNA, "x"))
    assert await kit.noted() == []
    assert await kit.states() == ["applied"] * 3
    in_chinese = languages["zh_CN"].plain(NotAllowed.message)
    assert await kit.said() == [in_chinese], "an edit is not talked about"
    assert [each["text"] for each in kit.server.called("answerCallbackQuery")] == [in_chinese]


@pytest.mark.parametrize(
    ("refusal", "then"), [(NotAllowed, "text again"), (Outdated, "text again"), (TooMany, "named 3 again")]
)
async def test_a_refusal_that_no_other_text_would_change_lets_out_of_the_dialogue(
    kit: Kit, refusal: type[Refusal], then: str
) -> None:
    async def begin(context: Ctx) -> None:
        await context.expect(Naming(3))

    async def refuse(context: Ctx) -> None:
        raise refusal(most=3, what="x")

    kit.room.acts = {"go": begin, "named": refuse}
    await kit.take(command(1, ANNA, "/go"), private_message(2, ANNA, "well"))
    kit.room.acts = {}
    await kit.take(private_message(3, ANNA, "again"))
    assert await kit.noted() == ["go", then]
    assert len(await kit.said()) == 1


async def test_a_refusal_outside_a_dialogue_leaves_it_standing(kit: Kit) -> None:
    async def begin(context: Ctx) -> None:
        await context.expect(Naming(3))

    async def refuse(context: Ctx) -> None:
        raise NotAllowed

    kit.room.acts = {"go": begin, "other": refuse, "picked": refuse}
    await kit.take(command(1, ANNA, "/go"), command(2, ANNA, "/other"), tap(3, ANNA, Pick(7).encode()))
    kit.room.acts = {}
    await kit.take(private_message(4, ANNA, "again"))
    assert await kit.noted() == ["go", "named 3 again"]


async def test_a_refusals_details_are_escaped_in_a_message_and_plain_in_an_alert(kit: Kit) -> None:
    async def refuse(context: Ctx) -> None:
        raise TooMany(most=3, what="<A&B>")

    kit.room.acts = {"go": refuse, "picked": refuse}
    await kit.take(command(1, ANNA, "/go"), tap(2, ANNA, Pick(7).encode()))
    assert await kit.said() == ["Only 3 of &lt;A&amp;B&gt;."]
    assert kit.server.called("answerCallbackQuery")[0]["text"] == "Only 3 of <A&B>."


async def test_a_failure_leaves_nothing_and_succeeds_later(kit: Kit) -> None:
    failures = [ValueError("one"), KeyError("two")]

    async def fail(context: Ctx) -> None:
        await context.reply(Message("done"))
        if failures:
            raise failures.pop()

    kit.room.acts["go"] = fail
    await kit.take(command(1, ANNA, "/go"))
    assert await kit.noted() == ["go"]
    assert await kit.said() == ["done"]


async def test_a_handler_that_always_fails_is_given_up_and_said_sorry_for(kit: Kit) -> None:
    async def fail(context: Ctx) -> None:
        await context.reply(Message("done"))
        raise ValueError("always")

    kit.room.acts["go"] = fail
    await kit.take(command(1, ANNA, "/go"), command(2, ANNA, "/other"))
    assert await kit.noted() == ["other"]
    assert await kit.states() == ["parked", "applied"]
    assert await kit.said() == ["sorry"]
    assert kit.runtime._failures == {}


async def test_work_outside_is_done_once_outside_any_transaction(kit: Kit) -> None:
    done: list[str] = []

    async def slow() -> str:
        done.append("slow")
        async with asyncio.timeout(1), kit.writer:  # the writer is free
            return "a picture"

    async def slower() -> str:
        done.append("slower")
        return "another"

    async def act(context: Ctx) -> None:
        first, second = await context.outside("a", slow), await context.outside("b", slower)
        await context.reply(Message(f"{first} and {second}"))

    kit.room.acts["go"] = act
    await kit.take(command(1, ANNA, "/go"))
    assert done == ["slow", "slower"]
    assert await kit.said() == ["a picture and another"]
    assert await kit.noted() == ["go"]


async def test_work_outside_may_refuse(kit: Kit) -> None:
    async def too_large() -> None:
        raise TooMany(most=20, what="MB")

    async def act(context: Ctx) -> None:
        await context.outside("a", too_large)

    kit.room.acts["go"] = act
    await kit.take(command(1, ANNA, "/go"))
    assert await kit.said() == ["Only 20 of MB."]
    assert await kit.states() == ["applied"]


async def test_work_outside_that_fails_is_tried_again(kit: Kit) -> None:
    failures = [OSError("net")]

    async def slow() -> str:
        if failures:
            raise failures.pop()
        return "fine"

    async def act(context: Ctx) -> None:
        await context.reply(Message(await context.outside("a", slow)))

    kit.room.acts["go"] = act
    await kit.take(command(1, ANNA, "/go"))
    assert await kit.said() == ["fine"]


# Everything else that Telegram may send


async def test_blocking_and_coming_back_are_noted(kit: Kit) -> None:
    await kit.take(membership(1, ANNA, "kicked"))
    assert await kit.rows("SELECT chat_id, reason FROM chat WHERE unreachable_since IS NOT NULL") == [
        {"chat_id": ANNA, "reason": "kicked"}
    ]
    await kit.take(membership(2, ANNA, "member"))
    assert await kit.rows("SELECT chat_id FROM chat WHERE unreachable_since IS NOT NULL") == []
    assert await kit.noted() == ["membership", "membership"]


PERSON = {"id": ANNA, "is_bot": False, "first_name": "P"}
OTHERS: list[dict[str, Any]] = [
    {},
    {"a_kind_of_the_future": {"chat": {"id": 5}, "what": [1, {}]}},
    {"channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "x"}},
    {"edited_channel_post": {"message_id": 1, "date": 1, "edit_date": 2, "chat": CHANNEL, "text": "x"}},
    {
        "callback_query": {
            "id": "q",
            "from": PERSON,
            "chat_instance": "1",
            "inline_message_id": "i",
            "data": "t.pick:1:",
        }
    },
    {"callback_query": {"id": "q", "from": PERSON, "chat_instance": "1", "game_short_name": "g"}},
    {"chat_join_request": {"chat": GROUP, "from": PERSON, "user_chat_id": 1, "date": 1}},
    {
        "chat_member": {
            "chat": GROUP,
            "from": PERSON,
            "date": 1,
            "old_chat_member": {"user": PERSON, "status": "left"},
            "new_chat_member": {"user": PERSON, "status": "left"},
        }
    },
]


@pytest.mark.parametrize("content", OTHERS, ids=lambda content: next(iter(content), "nothing"))
async def test_whatever_else_arrives_is_applied_without_effect_and_holds_nobody_up(
    kit: Kit, content: dict[str, Any]
) -> None:
    content = {kind: {k: v for k, v in inner.items() if v is not None} for kind, inner in content.items()}
    await kit.take({"update_id": 1} | content, command(2, ANNA, "/go"))
    assert await kit.states() == ["applied", "applied"]
    assert await kit.noted() == ["go"]
    assert await kit.said() == []


@pytest.mark.parametrize(
    "content",
    [
        {"message": {"message_id": 5}},
        {"message": "text"},
        {"message": {"chat": {"id": ANNA}}},
        {"callback_query": {}},
        {"message": []},
    ],
    ids=str,
)
async def test_an_update_that_cannot_be_read_is_set_aside(kit: Kit, content: dict[str, Any]) -> None:
    await kit.take({"update_id": 1} | content, command(2, ANNA, "/go"))
    assert (await kit.states())[1] == "applied"
    assert (await kit.states())[0] in ("parked", "applied")
    assert await kit.noted() == ["go"]
    assert kit.runtime.intake.backlog == 0
