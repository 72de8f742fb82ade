"""Inline mode from the people's side: typing the bot's name and something after it, and taking one of the results."""

from bot.sandbox.core import Core
from bot.sandbox.errors import PersonError
from bot.sandbox.posting import post
from bot.sandbox.queries import Result
from bot.sandbox.wire import user_json
from bot.sandbox.world import Chat, Json, Message, User

LONGEST_QUERY = 256
"""Characters of a query; a client sends no more."""


def ask(core: Core, user: User, chat: Chat | None, query: str, offset: str = "") -> str:
    """The id of a new inline query, typed in that chat (None: somewhere else)."""
    if not core.world.bot.inline:
        raise PersonError("The bot takes no inline queries")
    query_id = core.world.new_number()
    core.queries.open(query_id, user.id, core.clock.now(), inline=query[:LONGEST_QUERY])
    body: Json = {
        "id": query_id,
        "from": user_json(user),
        "query": query[:LONGEST_QUERY],
        "offset": offset,
    }
    if chat is not None:
        body["chat_type"] = "sender" if chat.is_private else chat.type
    core.updates.offer("inline_query", body, lane=user.id)
    return query_id


def choose(
    core: Core,
    user: User,
    chat: Chat,
    query_id: str,
    result_id: str,
    *,
    thread_id: int | None = None,
    reply_to: int | None = None,
) -> Message:
    """The result becomes a message of that person's in the chat; the bot hears of it."""
    typed, result = _result(core, user, query_id, result_id)
    message = post(
        core,
        chat,
        user.id,
        result.kind,
        result.content,
        thread_id=thread_id,
        reply_to=reply_to,
        via_bot=True,
    )
    if core.world.bot.inline_feedback:
        body: Json = {"result_id": result.id, "from": user_json(user), "query": typed}
        core.updates.offer("chosen_inline_result", body, lane=user.id)
    return message


def _result(core: Core, user: User, query_id: str, result_id: str) -> tuple[str, Result]:
    query = core.queries.find(query_id)
    if query is None or query.inline is None or query.answer is None or query.person_id != user.id:
        raise PersonError("There are no such results on the screen")
    for result in query.answer.results:
        if result.id == result_id:
            return query.inline, result
    raise PersonError("There is no such result")
