"""The commands there are, for /help and for Telegram's menu button."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Generic

from bot.kit.context import A
from bot.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, Languages, Words
from bot.kit.messages import Call

Shown = Callable[[A], bool]


@dataclasses.dataclass(frozen=True, slots=True)
class Entry(Generic[A]):
    command: str
    about: str
    """A msgid, marked with `N_`."""
    shown_to: Shown[A]


class Menu(Generic[A]):
    def __init__(self) -> None:
        self._entries: list[Entry[A]] = []

    def add(self, entry: Entry[A]) -> None:
        self._entries.append(entry)

    def entries_for(self, actor: A) -> Sequence[Entry[A]]:
        return [entry for entry in self._entries if entry.shown_to(actor)]

    def call_for(self, actor: A, chat_id: int, words: Words) -> Call:
        """The call that gives this person's chat its own menu; queue it with the outbox."""
        return Call(
            "setMyCommands",
            {"commands": self.described(actor, words), "scope": {"type": "chat", "chat_id": chat_id}},
        )

    def calls_for_newcomers(self, newcomer: Callable[[str], A], languages: Languages) -> Sequence[Call]:
        """The calls that give everybody the bot has not met a menu in their language; `newcomer` makes such a person of a
        language.
        """
        scope = {"type": "all_private_chats"}
        return [
            Call(
                "setMyCommands",
                {
                    "commands": self.described(newcomer(language), languages[language]),
                    "scope": scope,
                    # Telegram falls back on the menu without a language.
                    **({} if language == DEFAULT_LANGUAGE else {"language_code": language}),
                },
            )
            for language in LANGUAGES
        ]

    def described(self, actor: A, words: Words) -> list[dict[str, Any]]:
        return [
            {"command": entry.command, "description": words.plain(entry.about)}
            for entry in self.entries_for(actor)
        ]
