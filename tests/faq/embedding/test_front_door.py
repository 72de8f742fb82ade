"""With a server that understands, questions find their answers in words that stand nowhere; without it, all goes on."""

import dataclasses
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.faq import content
from bot.faq.embedding.line import FAILURES
from bot.faq.model import Entry
from bot.kit.clock import ManualClock
from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.faq.conftest import FOLDER
from tests.faq.embedding.standin import MODEL, Standin
from tests.harness import House, open_house


def read(slug: str) -> Entry:
    file = FOLDER / "entries" / f"{slug}.zh.md"
    return content.parse_entry(file.name, file.read_text(encoding="utf-8"))


def said(slug: str) -> str:
    """How members ask for an entry: its longest phrasing among the first few."""
    return max(read(slug).phrasings[:5], key=len)


FOREIGN = "Как заплатить взносы?"
"""Shares nothing with what the topics are asked by."""
MEANT = said("pay-how")
KNOWN = said("login-sms")
"""Is answered without any help."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The walk-through and a few of the entries, each with a few of its phrasings."""
    folder = tmp_path_factory.mktemp("content")
    for file in FOLDER.glob("*.yaml"):
        shutil.copy(file, folder)
    shutil.copytree(FOLDER / "steps", folder / "steps")
    (folder / "entries").mkdir()
    for slug in ("pay-how", "pay-deadline", "login-sms", "install-where", "install-update", "use-meeting"):
        entry = read(slug)
        few = dataclasses.replace(entry, phrasings=entry.phrasings[:5])
        (folder / "entries" / f"{slug}.zh.md").write_text(content.write_entry(few), encoding="utf-8")
    return folder


@pytest.fixture
async def house(
    clock: ManualClock,
    database_path: Path,
    folder: Path,
    standin: Standin,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[House]:
    """The real application with embeddings switched on."""
    standin.means[FOREIGN] = MEANT
    async with open_house(
        clock,
        database_path.parent,
        content_dir=folder,
        embeddings_url=standin.url,
        embeddings_model=MODEL,
        embeddings_timeout=5,
    ) as opened:
        yield opened
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not errors, [(record.getMessage(), record.exc_info) for record in errors]


@pytest.fixture
async def li(house: House) -> Person:
    """李建国, whose secretary is 王梅."""
    person, secretary = house.person("李建国"), house.person("王梅")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        posts = ((tree.branch, Role.SECRETARY),)
        await factories.member(work.session, "王梅", tree.branch, account=secretary.id, posts=posts)
        await factories.member(work.session, "李建国", tree.branch, account=person.id)
    await person.start()
    await house.advance(seconds=1)  # the phrasings get their vectors
    return person


async def decisions(house: House) -> list[tuple[str, str]]:
    rows = await house.rows("SELECT decision, shown FROM faq_question ORDER BY id")
    return [(row["decision"], row["shown"]) for row in rows]


async def ask(house: House, person: Person, text: str) -> None:
    await person.says(text)
    await house.settle()


async def test_words_that_stand_nowhere_are_understood(house: House, li: Person, standin: Standin) -> None:
    await ask(house, li, FOREIGN)
    assert standin.asked[-1] == [FOREIGN]
    ((decision, shown),) = await decisions(house)
    assert decision in ("answer", "suggest")
    assert "pay-how" in shown
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_with_the_server_down_they_are_handed_over_and_the_rest_is_answered(
    house: House, li: Person, standin: Standin
) -> None:
    await standin.stop()
    await ask(house, li, KNOWN)
    await ask(house, li, FOREIGN)
    assert [decision for decision, _ in await decisions(house)] == ["answer", "handover"]
    assert "王梅" in li.last().text


async def test_a_server_that_never_answers_is_waited_for_three_times(
    house: House, li: Person, standin: Standin
) -> None:
    await house.close()
    house.settings = house.settings.model_copy(update={"embeddings_timeout": 0.05})
    await house.open()
    await house.advance(seconds=1)
    standin.answer = standin.never
    asked = len(standin.asked)
    for _ in range(FAILURES + 2):
        await ask(house, li, KNOWN)
    assert [decision for decision, _ in await decisions(house)] == ["answer"] * (FAILURES + 2)
    assert len(standin.asked) == asked + FAILURES
    standin.answer = standin.well
    await house.advance(minutes=1)
    await ask(house, li, FOREIGN)
    assert [decision for decision, _ in await decisions(house)][-1] != "handover"


async def test_a_second_start_asks_for_no_phrasing_again(house: House, li: Person, standin: Standin) -> None:
    assert MEANT in standin.texts
    standin.asked.clear()
    await house.restart()
    await house.advance(seconds=1)
    assert standin.asked == []
    await ask(house, li, FOREIGN)
    assert standin.asked == [[FOREIGN]]
    assert [decision for decision, _ in await decisions(house)] != ["handover"]
