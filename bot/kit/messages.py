"""What may be sent, as plain values: wording and keyboard, before anyone decides when and how it leaves."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
MediaKind = Literal["photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker"]

_WITHOUT_CAPTION = ("video_note", "sticker")
_METHODS: Mapping[MediaKind, str] = {
    "photo": "sendPhoto",
    "document": "sendDocument",
    "voice": "sendVoice",
    "video": "sendVideo",
    "audio": "sendAudio",
    "animation": "sendAnimation",
    "video_note": "sendVideoNote",
    "sticker": "sendSticker",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Media:
    """A file Telegram already has (its file id), or one of ours waiting to be uploaded (see `Outbox.upload`)."""

    kind: MediaKind
    file: str


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call: the method's name and its parameters, JSON values only."""

    method: str
    parameters: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """Text in Telegram's HTML, with an optional keyboard and an optional picture or file that it captions."""

    text: str
    keyboard: Keyboard | None = None
    media: Media | None = None

    def sending(self) -> Call:
        if self.media is None:
            return Call("sendMessage", {**self._text("text"), "link_preview_options": {"is_disabled": True}})
        caption = {} if self.media.kind in _WITHOUT_CAPTION else self._text("caption")
        return Call(_METHODS[self.media.kind], {self.media.kind: self.media.file, **caption})

    def editing(self) -> Call:
        """The call that turns an earlier message of the same kind (with or without media) into this one."""
        if self.media is None:
            return Call(
                "editMessageText", {**self._text("text"), "link_preview_options": {"is_disabled": True}}
            )
        media = {
            "type": self.media.kind,
            "media": self.media.file,
            "caption": str(self.text),
            "parse_mode": "HTML",
        }
        return Call("editMessageMedia", {"media": media, **self._markup()})

    def recaptioning(self) -> Call:
        """The call that gives a message with media this text for its caption; the media stay."""
        return Call("editMessageCaption", self._text("caption"))

    def _text(self, field: str) -> dict[str, Any]:
        return {field: str(self.text), "parse_mode": "HTML", **self._markup()}

    def _markup(self) -> dict[str, Any]:
        return {} if self.keyboard is None else {"reply_markup": self.keyboard.to_dict()}


def rows(*lines: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """An inline keyboard; empty lines are left out."""
    return InlineKeyboardMarkup([line for line in lines if line])
