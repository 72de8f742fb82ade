"""How what somebody said reads at the other side, and what is told of it when it does not get there."""

from collections.abc import Iterable

from markupsafe import Markup

from bot.helpdesk.model import Content, Direction, Entry, Holder, Kind
from bot.helpdesk.texts import said
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message

_BROUGHT = {
    Kind.PHOTO: N_("{name} sends a picture"),
    Kind.VOICE: N_("{name} sends a voice message"),
    Kind.VIDEO: N_("{name} sends a video"),
    Kind.DOCUMENT: N_("{name} sends a file"),
    Kind.AUDIO: N_("{name} sends a recording"),
    Kind.ANIMATION: N_("{name} sends an animation"),
    Kind.VIDEO_NOTE: N_("{name} sends a video"),
    Kind.LOCATION: N_("{name} sends a location"),
    Kind.STICKER: N_("{name} sends a sticker"),
}

_ALBUMS = {
    Kind.PHOTO: N_("{name} sends pictures"),
    Kind.VIDEO: N_("{name} sends several videos"),
}

_FILES = N_("{name} sends several files")

_SOMETHING_DELETED = N_("{name} sent something and deleted it afterwards.")

_DELETED = {
    Kind.PHOTO: N_("{name} sent a picture and deleted it afterwards."),
    Kind.VOICE: N_("{name} sent a voice message and deleted it afterwards."),
    Kind.VIDEO: N_("{name} sent a video and deleted it afterwards."),
    Kind.DOCUMENT: N_("{name} sent a file and deleted it afterwards."),
}


def words_of(entries: Iterable[Entry]) -> Markup:
    """What was said in these entries, one below the other, with its formatting."""
    return Markup("\n").join(_words(entry.content) for entry in entries)


def text_of(entries: Iterable[Entry]) -> str:
    """The same without any formatting."""
    return "\n".join(entry.content.text for entry in entries)


def linked(name: str, account_id: int) -> Markup:
    """A name that leads to the person's own account."""
    return Markup('<a href="tg://user?id={}">{}</a>').format(account_id, name)


def brought(_: Words, name: str, entry: Entry, *, apart: bool = False) -> Markup:
    """What stands above or under a copied message; `apart`: its own words stay with the copy."""
    content = entry.content
    if content.album is not None:
        return _(_ALBUMS.get(content.kind, _FILES), name=name)
    if content.text or content.kind is Kind.TEXT:
        return said(_, name, "" if apart else _words(content))
    if content.kind is Kind.PHOTO and entry.direction is Direction.ASKED:
        return _("{name} sends a screenshot", name=name)
    return _(_BROUGHT[content.kind], name=name)


def deleted(_: Words, name: str, kind: Kind) -> Message:
    """Told to the one who was to see it: its author has deleted it before it could be brought."""
    return Message(_(_DELETED.get(kind, _SOMETHING_DELETED), name=name))


def too_large(_: Words, name: str, *, is_text: bool) -> Message:
    """Told to the one who sent it."""
    if is_text:
        return Message(
            _("This is too long for one message, {name} has not got it. Please send it in parts.", name=name)
        )
    return Message(
        _(
            "This file is too large, {name} has not got it. Please send a smaller one, or a screenshot of it.",
            name=name,
        )
    )


def unwanted(_: Words, name: str) -> Message:
    """Told to the one who sent a voice or video message."""
    return Message(
        _(
            "{name} takes no voice messages on their phone and has not got this. Please write it instead.",
            name=name,
        )
    )


def still_trying(_: Words, name: str) -> Message:
    """Told to the one who wrote it, once."""
    return Message(
        _("This has not reached {name} yet. I keep trying; you need not send it again.", name=name)
    )


def slowed(_: Words, owner: Holder | None, wait: Markup) -> Message:
    """Told once to a member who writes faster than anybody can read."""
    if owner is None:
        return Message(_("I have all of it. What comes now I pass on together."))
    return Message(
        _(
            "I have all of it. So that {name} can read along, I bring what comes now together, in {wait}.",
            name=owner.name,
            wait=wait,
        )
    )


def _words(content: Content) -> Markup:
    # The HTML was made from Telegram's entities, which escapes the text (see `updates`).
    return Markup("{}").format(content.text) if content.html is None else Markup(content.html)  # noqa: S704
