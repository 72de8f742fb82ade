"""A branch whose staff look after its answers, with Telegram in their hands."""

import dataclasses
import logging
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.kit.clock import ManualClock
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.content import SHIPPED
from tests.factories import Tree
from tests.harness import House, open_house


@dataclasses.dataclass(frozen=True, slots=True)
class Staff:
    house: House
    tree: Tree
    wang: Person
    """王梅, secretary of 采油三队."""
    zhang: Person
    """张强, her deputy."""
    zhao: Person
    """赵敏, secretary of 采油四队."""
    liu: Person
    """刘洋, of the general branch above."""
    chen: Person
    """陈静, of the committee."""
    li: Person
    """李建国, a member of 采油三队."""

    async def says(self, person: Person, text: str) -> SeenMessage:
        """What the bot says last after this."""
        await person.says(text)
        await self.house.settle()
        return person.last()

    async def taps(self, person: Person, message: SeenMessage, button: str) -> SeenMessage:
        """The message after the tap: changed in place, or the new one below where there is one."""
        newest = person.last().message_id
        await person.taps(person.sees(message), button)
        await self.house.settle()
        last = person.last()
        return last if last.message_id > newest else person.sees(message)

    async def walks(self, person: Person, *path: str) -> SeenMessage:
        """From /faq by tapping alone."""
        message = await self.says(person, "/faq")
        for button in path:
            message = await self.taps(person, message, button)
        return message

    async def walks_to(self, person: Person, title: str) -> SeenMessage:
        """The screen of the entry with this title, as it stands on the button."""
        await self.walks(person)
        return await self.taps(person, await self.says(person, title.removeprefix("◆ ")), title)

    async def asks(self, person: Person, question: str, title: str) -> SeenMessage:
        """The answer to a question, chosen by its title where several may be meant."""
        answer = await self.says(person, question)
        return await self.taps(person, answer, title) if title in answer.buttons else answer

    async def refused(self, person: Person, message: SeenMessage, *, data: str) -> str | None:
        """What is said to a tap on a button that an old or crafted client sends."""
        query = await person.taps(message, data=data)
        await self.house.settle()
        answer = await person.answer(query)
        return None if answer is None else answer.text


@pytest.fixture(scope="session")
def few_entries(tmp_path_factory: pytest.TempPathFactory, content_dir: Path) -> Path:
    """Part of the content: enough to find one's way in, and quickly loaded."""
    folder = tmp_path_factory.mktemp("few") / "faq"
    for source, kind, names in (
        (content_dir, "entries", "login-*"),
        (content_dir, "declines", "decline-other-apps"),
        (content_dir, "steps", "*"),
        (content_dir, "", "facts*"),
        (SHIPPED, "entries", "login-sms"),  # with all its ways of asking, which are more than a page
    ):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for path in (source / kind).glob(f"{names}.*"):
            shutil.copy(path, folder / kind)
    return folder


@pytest.fixture
def database_path(tmp_path: Path, empty_database: Path) -> Path:
    path = tmp_path / "zhibu.db"
    shutil.copy(empty_database, path)
    return path


@pytest.fixture
async def house(
    clock: ManualClock,
    database_path: Path,
    few_entries: Path,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[House]:
    """As everywhere, with these entries only."""
    async with open_house(clock, database_path.parent, content_dir=few_entries) as opened:
        yield opened
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not errors, [(record.getMessage(), record.exc_info) for record in errors]


@pytest.fixture
async def staff(house: House) -> Staff:
    names = ("王梅", "张强", "赵敏", "刘洋", "陈静", "李建国")
    people = [house.person(name) for name in names]
    async with house.work() as work:
        tree = await factories.tree(work.session)
        posts = (
            (tree.branch, ((tree.branch, Role.SECRETARY),)),
            (tree.branch, ((tree.branch, Role.DEPUTY),)),
            (tree.sibling, ((tree.sibling, Role.SECRETARY),)),
            (tree.branch, ((tree.general, Role.GENERAL),)),
            (tree.branch, ((tree.committee, Role.ADMIN),)),
            (tree.branch, ()),
        )
        for person, name, (branch, held) in zip(people, names, posts, strict=True):
            await factories.member(work.session, name, branch, account=person.id, posts=held)
    for person in people:
        await person.start()
    await house.settle()
    wang, zhang, zhao, liu, chen, li = people
    return Staff(house, tree, wang, zhang, zhao, liu, chen, li)
