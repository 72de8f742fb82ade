"""What is typed behind the bot's name in any chat, and cards that change their kind."""

import json

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent

from bot.kit.errors import NotAllowed
from bot.kit.messages import Media, Message
from tests.kit.bot_api import refused
from tests.kit.fakes import chosen_result, inline_query, private_message, tap
from tests.kit.room import Ctx, Kit, Pick

ANNA = 11


async def test_an_inline_query_is_answered_with_what_is_offered_and_for_that_person_alone(kit: Kit) -> None:
    async def offer(context: Ctx) -> None:
        article = InlineQueryResultArticle("7", "Paying", InputTextMessageContent("Like this."))
        context.offer([article], InlineQueryResultsButton("Write to me", start_parameter="ask"))

    kit.room.acts["inline"] = offer
    await kit.take(inline_query(1, ANNA, "dues"))
    await kit.take(inline_query(1, ANNA, "dues"))
    assert await kit.noted() == ["inline dues of -11"], "applied once, by somebody who is only recognised"
    (answer,) = kit.server.called("answerInlineQuery")
    assert answer["inline_query_id"] == "query1"
    assert [each["title"] for each in json.loads(answer["results"])] == ["Paying"]
    assert json.loads(answer["button"])["start_parameter"] == "ask"
    assert answer["is_personal"] in (True, "true")
    assert 0 <= int(answer["cache_time"]) <= 10


async def test_an_inline_query_is_answered_after_the_commit_and_late_answers_cost_nothing(kit: Kit) -> None:
    failures = [ValueError("once")]

    async def fail(context: Ctx) -> None:
        context.offer([])
        if failures:
            raise failures.pop()

    kit.server.answers["answerInlineQuery"] = lambda _: refused(400, "Bad Request: query is too old")
    kit.room.acts["inline"] = fail
    await kit.take(inline_query(1, ANNA, "dues"), chosen_result(2, ANNA, "7"))
    assert len(kit.server.called("answerInlineQuery")) == 1
    assert await kit.states() == ["applied", "applied"]
    assert await kit.noted() == ["inline dues of -11", "chosen 7"]


async def test_a_refused_inline_query_is_answered_with_nothing(kit: Kit) -> None:
    async def refuse(context: Ctx) -> None:
        raise NotAllowed

    kit.room.acts["inline"] = refuse
    await kit.take(inline_query(1, ANNA, "dues"))
    (answer,) = kit.server.called("answerInlineQuery")
    assert json.loads(answer.get("results", "[]")) == []
    assert await kit.said() == []


async def test_an_answer_taken_over_inline_is_no_question_to_the_bot(kit: Kit) -> None:
    own = {"id": 1, "is_bot": True, "first_name": "Zhibu"}
    other = {"id": 2, "is_bot": True, "first_name": "Other"}
    await kit.take(
        private_message(1, ANNA, "Like this.", via_bot=own), private_message(2, ANNA, "Or so.", via_bot=other)
    )
    assert await kit.noted() == ["text Or so."]
    assert await kit.states() == ["applied", "applied"]


async def test_a_card_that_cannot_be_edited_into_another_kind_follows_below_without_the_old_buttons(
    kit: Kit,
) -> None:
    async def replace(context: Ctx) -> None:
        await context.replace(Message("seen", media=Media("photo", "file1")))

    kit.room.acts["picked"] = replace
    await kit.take(tap(1, ANNA, Pick(7).encode()))
    (edit,) = kit.server.called("editMessageReplyMarkup")
    assert edit["message_id"] == 7
    assert [each["photo"] for each in kit.server.called("sendPhoto")] == ["file1"]
    assert kit.server.called("editMessageText") == []
