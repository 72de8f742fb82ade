"""Inline mode: what the bot may offer, and what becomes of it."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Person, PersonError, Sandbox
from bot.sandbox.world import Json
from tests.sandbox.helpers import PNG, TOKEN, HandClock, Raw

WORDS = {"message_text": "<b>这样</b>交", "parse_mode": "HTML"}
BAD = "Bad Request: "


def article(number: object = 1, **more: Any) -> Json:
    return {
        "type": "article",
        "id": str(number),
        "title": "怎么交",
        "input_message_content": WORDS,
        **more,
    }


async def test_a_result_becomes_the_persons_own_message_via_the_bot(
    raw: Raw, mei: Person, sandbox: Sandbox
) -> None:
    li = sandbox.add_person(first_name="李")
    group = sandbox.add_group("三队", [mei, li], bot="member")
    await raw("getUpdates")
    sandbox.core.updates.drop()
    query_id = await mei.asks_inline("党费", chat=group)
    (update,) = (await raw("getUpdates")).result
    assert update["inline_query"] == {
        "id": query_id,
        "from": update["inline_query"]["from"],
        "query": "党费",
        "offset": "",
        "chat_type": "group",
    }
    button = {"text": "去问支部帮手", "start_parameter": "ask"}
    answered = await raw(
        "answerInlineQuery",
        inline_query_id=query_id,
        results=[article(7, description="打开 App")],
        cache_time=5,
        is_personal=True,
        next_offset="10",
        button=button,
    )
    assert answered.result is True
    answer = await mei.answer(query_id)
    assert answer is not None
    assert [(each.id, each.title, each.description) for each in answer.results] == [
        ("7", "怎么交", "打开 App")
    ]
    assert answer.switch is not None
    assert (answer.switch.text, answer.switch.start_parameter) == ("去问支部帮手", "ask")
    assert answer.next_offset == "10"

    sent = await mei.takes(query_id, "7", chat=group)
    assert (sent.html, sent.via_bot, sent.from_bot, sent.sender_id) == ("<b>这样</b>交", True, False, mei.id)
    assert li.last(group).text == "这样交"
    updates = (await raw("getUpdates", offset=update["update_id"] + 1)).result
    message, chosen = updates[0]["message"], updates[1]["chosen_inline_result"]
    assert message["via_bot"]["id"] == 1000, "seen in a group even by a bot that is a mere member"
    assert (chosen["result_id"], chosen["query"], chosen["from"]["id"]) == ("7", "党费", mei.id)
    with pytest.raises(PersonError, match="own messages"):
        await mei.edits(sent, "anders", chat=group)
    with pytest.raises(PersonError, match="no such result"):
        await mei.takes(query_id, "8", chat=group)
    with pytest.raises(PersonError, match="on the screen"):
        await li.takes(query_id, "7", chat=group)


async def test_a_file_the_bot_has_sent_before_can_be_a_result(
    raw: Raw, mei: Person, sandbox: Sandbox
) -> None:
    await mei.sends_photo(PNG)
    photo = mei.last().file_id
    query_id = await mei.asks_inline("图")
    result = {
        "type": "photo",
        "id": "a",
        "photo_file_id": photo,
        "caption": "看<i>图</i>",
        "parse_mode": "HTML",
    }
    assert (await raw("answerInlineQuery", inline_query_id=query_id, results=[result])).result
    sent = await mei.takes(query_id, "a")
    assert (sent.kind, sent.file_id, sent.html) == ("photo", photo, "看<i>图</i>")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"results": [article(number) for number in range(51)]}, "too many inline query results specified"),
        ({"results": [article(1), article(1)]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article("")]}, 'field of inline query result "id" is required'),
        ({"results": [article("支" * 22)]}, "RESULT_ID_INVALID"),
        ({"results": [article(title="")]}, 'field of inline query result "title" is required'),
        ({"results": [article(colour="red")]}, 'unknown field of inline query result "colour"'),
        ({"results": [article(input_message_content={})]}, "message text is empty"),
        ({"results": [article(input_message_content={"message_text": "支" * 4097})]}, "message is too long"),
        (
            {"results": [article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})]},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"results": [article(type="game")]}, "the sandbox knows no inline query results of type game"),
        (
            {"results": [{"type": "photo", "id": "1", "photo_file_id": "nothing"}]},
            "wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        (
            {"results": [article(reply_markup={"inline_keyboard": [[{"text": "好", "url": "t.me"}]]})]},
            "the sandbox knows no buttons under inline results",
        ),
        ({"results": [], "next_offset": "1" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "cache_time": -1}, "CACHE_TIME_INVALID"),
        ({"results": [], "button": {"text": "去", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"text": "去", "start_parameter": "a" * 65}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"text": "去"}}, 'field of button "start_parameter" is required'),
        ({}, 'parameter "results" is required'),
    ],
)
async def test_what_telegram_would_not_take_is_refused_and_the_query_can_still_be_answered(
    raw: Raw, mei: Person, given: Json, reason: str
) -> None:
    query_id = await mei.asks_inline("党费")
    refused = await raw("answerInlineQuery", inline_query_id=query_id, **given)
    assert refused.description == BAD + reason
    assert (await raw("answerInlineQuery", inline_query_id=query_id, results=[])).result


async def test_a_query_is_answered_once_in_time_and_as_what_it_is(
    raw: Raw, mei: Person, clock: HandClock
) -> None:
    too_old = BAD + "query is too old and response timeout expired or query ID is invalid"
    first, late = await mei.asks_inline("一"), await mei.asks_inline("二")
    assert (await raw("answerCallbackQuery", callback_query_id=first)).description == too_old
    assert (await raw("answerInlineQuery", inline_query_id=first, results=[])).result
    for query_id in (first, "1", ""):
        again = await raw("answerInlineQuery", inline_query_id=query_id, results=[])
        assert again.description == too_old
    clock.forward(20)
    assert (await raw("answerInlineQuery", inline_query_id=late, results=[])).description == too_old


async def test_a_bot_that_is_not_inline_is_asked_nothing(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    assert (await raw("getMe")).result["supports_inline_queries"] is True
    sandbox.core.world.bot.inline = False
    assert (await raw("getMe")).result["supports_inline_queries"] is False
    with pytest.raises(PersonError, match="no inline queries"):
        await mei.asks_inline("党费")
    assert (await raw("getUpdates")).result == []


async def test_over_http_as_the_page_does_it(
    raw: Raw, mei: Person, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    root = f"{sandbox.page_url}sandbox/people/{mei.id}/"
    group = sandbox.add_group("三队", [mei], bot=None)

    async def post(path: str, **body: Any) -> tuple[int, Any]:
        async with session.post(root + path, json=body) as response:
            return response.status, await response.json()

    async def serve() -> None:
        (update,) = (await raw("getUpdates", timeout=5, allowed_updates=["inline_query"])).result
        await raw("answerInlineQuery", inline_query_id=update["inline_query"]["id"], results=[article(7)])

    serving = asyncio.create_task(serve())
    status, found = await post("inline", chat_id=group.id, query="党费")
    await serving
    assert (status, found["button"], found["next_offset"]) == (200, None, "")
    assert found["results"] == [{"id": "7", "type": "article", "title": "怎么交", "description": ""}]
    chosen = {"query_id": found["query_id"], "result_id": "7", "chat_id": group.id}
    status, message = await post("inline/choose", **chosen)
    assert (status, message["text"], message["via_bot"]) == (200, "这样交", "zhibu_bot")
    assert await post("inline/choose", **chosen | {"result_id": "8"}) == (
        400,
        {"error": "There is no such result"},
    )
    pending = sandbox.core.updates.pending
    assert [update.kind for update in pending.values()] == ["inline_query"], (
        "what is not asked for does not come"
    )


async def test_what_was_sent_through_the_bot_is_saved_as_such(
    raw: Raw, mei: Person, sandbox: Sandbox, saved: Path, clock: HandClock
) -> None:
    query_id = await mei.asks_inline("党费")
    await raw("answerInlineQuery", inline_query_id=query_id, results=[article(7)])
    await mei.takes(query_id, "7")
    sandbox.save(saved)
    other = Sandbox(token=TOKEN, clock=clock)
    other.load(saved)
    assert other.person(mei.id).last().via_bot
