"""answerInlineQuery: what may be offered to somebody who types the bot's name in any chat."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.sandbox import schema
from bot.sandbox.core import Core
from bot.sandbox.errors import bad_request
from bot.sandbox.files import media_content, take
from bot.sandbox.method import Method
from bot.sandbox.queries import Answer, Result, Switch
from bot.sandbox.sending import LinkPreview, caption_content, text_content
from bot.sandbox.world import Json

MOST_RESULTS: Final = 50
_MOST_ID_BYTES = 64
_MOST_OFFSET_BYTES = 64
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLACE = "inline query result"


@dataclass(slots=True, kw_only=True)
class TextContent:
    """InputTextMessageContent."""

    message_text: str = ""
    parse_mode: str | None = None
    entities: list[Json] | None = None
    link_preview_options: LinkPreview | None = None


@dataclass(slots=True, kw_only=True)
class Article:
    """InlineQueryResultArticle."""

    type: str
    id: str
    title: str
    input_message_content: TextContent
    url: str = ""
    description: str = ""
    thumbnail_url: str = ""
    thumbnail_width: int = 0
    thumbnail_height: int = 0


@dataclass(slots=True, kw_only=True)
class Cached:
    """A result that is a file Telegram has already."""

    type: str
    id: str
    title: str = ""
    description: str = ""
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[Json] | None = None
    show_caption_above_media: bool = False
    input_message_content: TextContent | None = None


@dataclass(slots=True, kw_only=True)
class CachedPhoto(Cached):
    photo_file_id: str


@dataclass(slots=True, kw_only=True)
class CachedVideo(Cached):
    title: str
    video_file_id: str


@dataclass(slots=True, kw_only=True)
class CachedDocument(Cached):
    title: str
    document_file_id: str


_CACHED: Mapping[str, type[Cached]] = {
    "photo": CachedPhoto,
    "video": CachedVideo,
    "document": CachedDocument,
}


@dataclass(slots=True, kw_only=True)
class Button:
    """InlineQueryResultsButton."""

    text: str
    start_parameter: str


@dataclass(slots=True, kw_only=True)
class AnswerInlineQuery:
    inline_query_id: str
    results: list[Json]
    cache_time: int = 300
    is_personal: bool = False
    next_offset: str = ""
    button: Button | None = None


def answer_inline_query(core: Core, p: AnswerInlineQuery) -> bool:
    if len(p.results) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    results = tuple(_result(core, given) for given in p.results)
    if len({result.id for result in results}) != len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if p.cache_time < 0:
        raise bad_request("CACHE_TIME_INVALID")
    if len(p.next_offset.encode()) > _MOST_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    switch = None if p.button is None else _switch(p.button)
    answer = Answer(results=results, switch=switch, next_offset=p.next_offset)
    core.queries.answer(p.inline_query_id, answer, core.clock.now(), inline=True)
    return True


def _switch(button: Button) -> Switch:
    if not _START_PARAMETER.fullmatch(button.start_parameter):
        raise bad_request("START_PARAM_INVALID")
    return Switch(button.text, button.start_parameter)


def _result(core: Core, given: Json) -> Result:
    if given.get("reply_markup"):
        raise bad_request("the sandbox knows no buttons under inline results")
    given = {name: value for name, value in given.items() if name != "reply_markup"}
    kind = str(given.get("type", ""))
    if kind == "article":
        article = schema.read_object(Article, given, _PLACE)
        content = _text(core, article.input_message_content)
        return Result(_id(article.id), "article", article.title, article.description, "text", content)
    if kind not in _CACHED:
        raise bad_request(f"the sandbox knows no inline query results of type {kind}")
    cached = schema.read_object(_CACHED[kind], given, _PLACE)
    return Result(_id(cached.id), kind, cached.title, cached.description, *_message(core, kind, cached))


def _id(given: str) -> str:
    if len(given.encode()) > _MOST_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    return given


def _message(core: Core, kind: str, cached: Any) -> tuple[str, Json]:
    """The kind and content of the message that a file becomes; words may stand in the file's place."""
    file = take(core, kind, getattr(cached, f"{kind}_file_id"))
    if cached.input_message_content is not None:
        return "text", _text(core, cached.input_message_content)
    above = cached.show_caption_above_media
    caption = caption_content(core, cached.caption, cached.parse_mode, cached.caption_entities, above)
    return kind, media_content(file, kind) | caption


def _text(core: Core, content: TextContent) -> Json:
    return text_content(
        core, content.message_text, content.parse_mode, content.entities, content.link_preview_options
    )


METHODS: tuple[Method[Any], ...] = (Method(AnswerInlineQuery, answer_inline_query),)
