"""Reply markups: what Telegram takes, and what it refuses with which words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.links import checked_link, mentioned_user
from bot.sandbox.world import Json

MAX_INLINE_BUTTONS = 100
MAX_INLINE_ROW = 8
MAX_KEYBOARD_BUTTONS = 300
MAX_KEYBOARD_ROW = 12
MAX_DATA_BYTES = 64

_INLINE_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
_INLINE_FIELDS = {"text", "style", "icon_custom_emoji_id", *_INLINE_ACTIONS}
_REQUESTS = {
    "request_contact": "Phone number",
    "request_location": "Location",
    "request_poll": "Poll",
    "request_users": "Users",
    "request_chat": "Chats",
    "web_app": "Web App buttons",
}
_KEYBOARD_FIELDS = {"text", "style", "icon_custom_emoji_id", *_REQUESTS}
_MARKUPS = {
    "inline_keyboard": {"inline_keyboard"},
    "keyboard": {
        "keyboard",
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
    },
    "remove_keyboard": {"remove_keyboard", "selective"},
    "force_reply": {"force_reply", "input_field_placeholder", "selective"},
}


@dataclass(frozen=True, slots=True)
class Markup:
    """A checked reply markup. `inline`: the rows of an inline keyboard. `other`: any other markup, as given."""

    inline: list[list[Json]] | None = None
    other: Json | None = None


NO_MARKUP = Markup()


def checked_markup(given: Json | None, private: bool) -> Markup:
    """`private`: whether it goes to a private chat, where alone contacts and locations can be asked for."""
    if not given:
        return NO_MARKUP
    for name, fields in _MARKUPS.items():
        if name in given:
            unknown = set(given) - fields
            if unknown:
                raise bad_request(f'unknown field of reply_markup "{min(unknown)}"')
            _booleans(given, fields - {"inline_keyboard", "keyboard", "input_field_placeholder"})
            break
    else:
        raise bad_request(f'unknown field of reply_markup "{min(given)}"')
    if name == "inline_keyboard":
        rows = [[_inline_button(button) for button in row] for row in _rows(given, name)]
        rows = [row for row in rows if row]
        if sum(map(len, rows)) > MAX_INLINE_BUTTONS or any(len(row) > MAX_INLINE_ROW for row in rows):
            raise bad_request("reply markup is too long")
        return Markup(inline=rows or None)
    if name == "keyboard":
        keyboard = [[_keyboard_button(button, private) for button in row] for row in _rows(given, name)]
        too_long = any(len(row) > MAX_KEYBOARD_ROW for row in keyboard)
        if too_long or sum(map(len, keyboard)) > MAX_KEYBOARD_BUTTONS:
            raise bad_request("reply markup is too long")
        keyboard = [row for row in keyboard if row]
        return Markup(other=given | {"keyboard": keyboard}) if keyboard else NO_MARKUP
    return Markup(other=given) if given[name] is True else NO_MARKUP


def _booleans(given: Json, names: Iterable[str]) -> None:
    for name in names:
        if not isinstance(given.get(name, False), bool):
            raise bad_request(f'Field "{name}" must be of type Boolean')


def _rows(given: Json, name: str) -> list[list[Any]]:
    rows = given[name]
    if not isinstance(rows, list):
        raise bad_request(f'Field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        owner = " of the InlineKeyboardMarkup" if name == "inline_keyboard" else ""
        raise bad_request(f'Field "{name}"{owner} must be an Array of Arrays')
    return rows


def _text(button: Json, noun: str) -> str:
    if "text" not in button:
        raise bad_request(f"can't parse {noun}: Can't find field \"text\"")
    text = button["text"]
    if not isinstance(text, str):
        raise bad_request(f'can\'t parse {noun}: Field "text" must be of type String')
    if not text.strip():
        raise bad_request(f"{noun} text must be non-empty")
    return text


def _known(button: Json, fields: set[str], noun: str) -> None:
    unknown = set(button) - fields
    if unknown:
        raise bad_request(f'can\'t parse {noun}: unknown field "{min(unknown)}"')


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    _known(button, _INLINE_FIELDS, "inline keyboard button")
    _text(button, "inline keyboard button")
    actions = [name for name in _INLINE_ACTIONS if name in button and button[name] not in ("", None)]
    switches = [
        name for name in ("switch_inline_query", "switch_inline_query_current_chat") if name in button
    ]
    if not actions and not switches:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action must be given")
    data = button.get("callback_data")
    if data is not None and (not isinstance(data, str) or len(data.encode()) > MAX_DATA_BYTES):
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url:
        if not isinstance(url, str):
            raise bad_request('can\'t parse inline keyboard button: Field "url" must be of type String')
        link = url if mentioned_user(url) is not None else checked_link(url)
        if link is None:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return button | {"url": link}
    return button


def _keyboard_button(button: Any, private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    _known(button, _KEYBOARD_FIELDS, "keyboard button")
    _text(button, "keyboard button")
    _booleans(button, ("request_contact", "request_location"))
    if not private:
        for name, noun in _REQUESTS.items():
            if button.get(name):
                verb = "used" if name == "web_app" else "requested"
                raise bad_request(f"{noun} can be {verb} in private chats only")
    return button
