"""What a Telegram client makes of what somebody types or picks: content of messages, or a PersonError."""

from collections.abc import Callable

from bot.sandbox.entities import MAX_CAPTION, MAX_TEXT, Formatted, found_in
from bot.sandbox.errors import PersonError
from bot.sandbox.html_markup import utf16
from bot.sandbox.methods_media import MOST_IN_ALBUM, may_be_album
from bot.sandbox.sending import without_caption
from bot.sandbox.world import MEDIA_KINDS, Chat, Json, Message, User


def typed_text(text: str) -> Json:
    """Content of a text message, with the commands and links found in it."""
    return _found(_typed(text, MAX_TEXT), "text", "entities")


def typed_caption(caption: str) -> Json:
    """The caption's part of a file's content; empty without one."""
    return _found(_typed(caption, MAX_CAPTION), "caption", "caption_entities") if caption.strip() else {}


def edited_content(message: Message, text: str) -> Json:
    """The message's content with another text or caption."""
    if message.kind == "text":
        return typed_text(text)
    if message.kind not in MEDIA_KINDS:
        raise PersonError("This message has no text to edit")
    return without_caption(message.content) | typed_caption(text)


def check_album(chat: Chat, album: str, kind: str) -> None:
    """Refuses what a client would not put together with what is in the album already."""
    earlier = [each for each in chat.messages.values() if each.media_group_id == album]
    if len(earlier) >= MOST_IN_ALBUM:
        raise PersonError(f"An album holds at most {MOST_IN_ALBUM} files")
    if not may_be_album({kind, *(each.kind for each in earlier)}):
        raise PersonError("These files cannot be in one album")


def button_under(message: Message, text: str | None, place: tuple[int, int] | None) -> Json:
    """The inline button with this text, or at this row and column."""
    rows = message.inline_keyboard or []
    matches: Callable[[Json, tuple[int, int]], bool] = (
        (lambda _, at: at == place) if place is not None else (lambda button, _: button["text"] == text)
    )
    for row, buttons in enumerate(rows):
        for column, button in enumerate(buttons):
            if matches(button, (row, column)):
                return button
    shown = " · ".join(button["text"] for buttons in rows for button in buttons) or "none"
    raise PersonError(f"There is no such button; the message has: {shown}")


def contact_card(user: User) -> Json:
    """Content of a message that shares this person's number."""
    if not user.phone:
        raise PersonError(f"{user.name} has no phone number")
    contact: Json = {"phone_number": _international(user.phone), "first_name": user.first_name}
    if user.last_name:
        contact["last_name"] = user.last_name
    return {"contact": contact | {"user_id": user.id}}


def _found(text: str, field: str, entities: str) -> Json:
    found = found_in(Formatted(text, []))
    return {field: found.text} | ({entities: found.entities} if found.entities else {})


def _typed(text: str, most: int) -> str:
    typed = text.strip()
    if not typed:
        raise PersonError("There is nothing to send")
    if utf16(typed) > most:
        raise PersonError(f"A message holds at most {most} characters")
    return typed


def _international(phone: str) -> str:
    """As Telegram hands numbers on: with the country code, without a plus. Mainland mobiles may be given short."""
    digits = "".join(character for character in phone if character.isdigit())
    return (
        f"86{digits}"
        if len(digits) == 11 and digits.startswith("1") and not phone.startswith("+")
        else digits
    )
