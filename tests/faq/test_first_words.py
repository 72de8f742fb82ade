"""What members type first, in a few words: nothing of it is turned away, and what is not the bot's is not answered."""

from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.faq.matcher import Index, Outcome, match
from bot.faq.model import Decision


class Said(NamedTuple):
    text: str
    wants: str
    ids: tuple[str, ...]


def read() -> list[Said]:
    lines = Path(__file__).with_name("first_words.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Said(text, wants, tuple(ids[0].split(",")) if ids else ()) for text, wants, *ids in rows]


@pytest.mark.parametrize("wants", ["entry", "person", "chat"])
def test_first_words(index: Index, wants: str) -> None:
    said = [each for each in read() if each.wants == wants]
    assert said
    assert [
        (each.text, outcome.decision) for each in said if not fits(each, outcome := match(index, each.text))
    ] == []


def fits(said: Said, outcome: Outcome) -> bool:
    shown = outcome.suggestions if outcome.decision is Decision.SUGGEST else outcome.matches[:1]
    meant = any(fnmatch(found.key, wanted) for found in shown for wanted in said.ids)
    match said.wants, outcome.decision:
        case "entry", Decision.ANSWER | Decision.SUGGEST:
            return meant
        case "person", Decision.DECLINE:
            return meant
        case "person", Decision.SUGGEST | Decision.HANDOVER:
            return True
        case "chat", Decision.SMALLTALK:
            return True
    return False
