"""Decisions about what people write: phones, names, languages."""

import enum
import re
import unicodedata

from bot.kit.i18n import DEFAULT_LANGUAGE, SOURCE_LANGUAGE

NAME_LIMIT = 40

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f]")
_APOSTROPHES = "'’‘`´"
_BETWEEN_DIGITS = re.compile(r"[\s\-‐‑–—.()_]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d+", re.IGNORECASE)


class PhoneFault(enum.Enum):
    SHORT = enum.auto()
    LONG = enum.auto()
    SCIENTIFIC = enum.auto()
    """A spreadsheet has rounded it, as 1.38E+10."""
    NOT_A_MOBILE = enum.auto()


class NotAPhone(ValueError):
    """This is no mobile number of mainland China."""

    def __init__(self, fault: PhoneFault, digits: int = 0) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.digits = digits
        """How many digits there are too few or too many."""


def clean(written: str) -> str:
    """What was meant by a cell or a short message: half-width forms, no invisible characters, no spaces around, no
    apostrophe that a spreadsheet puts before numbers.
    """
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", written))
    return visible.strip().lstrip(_APOSTROPHES).strip()


def phone(written: str) -> str:
    """The eleven digits of a mainland mobile number, with or without +86, spaces and dashes; else `NotAPhone`."""
    text = clean(written)
    if _SCIENTIFIC.fullmatch(text):
        raise NotAPhone(PhoneFault.SCIENTIFIC)
    digits = _BETWEEN_DIGITS.sub("", text.removesuffix(".0"))
    digits = digits.removeprefix("+86").removeprefix("0086")
    if len(digits) >= 13:
        digits = digits.removeprefix("86")
    if not (digits.isascii() and digits.isdigit()) or not digits.startswith("1"):
        raise NotAPhone(PhoneFault.NOT_A_MOBILE)
    if len(digits) != 11:
        fault = PhoneFault.SHORT if len(digits) < 11 else PhoneFault.LONG
        raise NotAPhone(fault, abs(11 - len(digits)))
    if not _MOBILE.fullmatch(digits):
        raise NotAPhone(PhoneFault.NOT_A_MOBILE)
    return digits


def given_name(written: str) -> str | None:
    """A person's name as they typed it, on one line; None when it can be none."""
    name = " ".join(clean(written).split())
    return name if 1 <= len(name) <= NAME_LIMIT and any(letter.isalpha() for letter in name) else None


def language_of(code: str | None) -> str | None:
    """The language to begin with for the language code of a Telegram app; None when it gives none."""
    if not code:
        return None
    return DEFAULT_LANGUAGE if code.lower().startswith("zh") else SOURCE_LANGUAGE
