"""Words in the reader's language, through gettext.

Source strings are English; `zh_CN` is the default language and complete. Every room has a catalogue of its own,
`bot/locale/<language>/<room>.po`, read straight from the PO files so that none can be stale.

    def greeting(_: Words, member: Member) -> Message:
        return Message(_("Hello {name}, your branch is {branch}.", name=member.name, branch=member.branch))

`_()` escapes what it inserts: msgids may hold Telegram's HTML tags, inserted values never do unless they are
`Markup` themselves.
"""

import io
from collections.abc import Mapping
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

DEFAULT_LANGUAGE: Final = "zh_CN"
SOURCE_LANGUAGE: Final = "en"
LANGUAGES: Final = (DEFAULT_LANGUAGE, SOURCE_LANGUAGE)

_LOCALE_DIR = Path(__file__).parent.parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - the name gettext's tools know
    """Marks a msgid that is translated elsewhere."""
    return message


class Words:
    """One language's wording; called as `_` so that Babel finds the msgids."""

    def __init__(self, language: str, translations: NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def __call__(self, message: str, /, **values: object) -> Markup:
        return Markup(self._translations.gettext(message)).format(**values)  # noqa: S704 - msgids are ours; values are escaped

    def plural(self, one: str, many: str, count: int, /, **values: object) -> Markup:
        """The form for `count`, which is also inserted as `{count}`."""
        chosen = self._translations.ngettext(one, many, count)
        return Markup(chosen).format(count=count, **values)  # noqa: S704 - as above

    def plain(self, message: str, /, **values: object) -> str:
        """For places without HTML: button labels, callback answers, command descriptions, file names."""
        return self._translations.gettext(message).format(**values)


class Languages:
    """All languages, loaded once at start."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._words = words

    @classmethod
    def load(cls, folder: Path = _LOCALE_DIR) -> "Languages":
        return cls({language: Words(language, _translations(folder / language)) for language in LANGUAGES})

    def __getitem__(self, language: str | None) -> Words:
        """The wording for a language code as stored or as Telegram gives it ('zh-hans', 'en-GB'); the default for
        an unknown one.
        """
        return self._words[resolve(language)]


def resolve(language: str | None) -> str:
    """The supported language nearest to a language code; the default for None and for languages not spoken here."""
    if language is None:
        return DEFAULT_LANGUAGE
    base = language.replace("_", "-").split("-")[0].lower()
    return SOURCE_LANGUAGE if base == SOURCE_LANGUAGE else DEFAULT_LANGUAGE


def _translations(folder: Path) -> NullTranslations:
    merged: NullTranslations = NullTranslations()
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as source:
            catalogue = read_po(source)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        room = GNUTranslations(compiled)
        room.add_fallback(merged)
        merged = room
    return merged
