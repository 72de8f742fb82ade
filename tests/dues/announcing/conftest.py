"""A branch whose secretary announces, with everything that a person would see."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from bot.kit.database import Row
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.factories import Tree

if TYPE_CHECKING:
    from tests.harness import House


@dataclasses.dataclass(slots=True)
class Hall:
    """采油三队党支部: its secretary 王梅, 李建国 and 赵敏, who have started the bot, and 周新, who has not. 钱进 is of the
    next branch; 郑涛 looks after the general branch above both and is a member of 采油四队.
    """

    house: "House"
    tree: Tree
    people: dict[str, Person]

    def person(self, name: str) -> Person:
        return self.people[name]

    async def says(self, name: str, text: str) -> SeenMessage:
        """Says something and returns the last answer."""
        await self.people[name].says(text)
        await self.house.settle()
        return self.people[name].last()

    async def tap(self, name: str, button: str, message: SeenMessage | None = None) -> SeenMessage:
        """Taps a button, under the last message unless another is named; returns that message as it then stands."""
        person = self.people[name]
        tapped = message or person.last()
        await person.taps(tapped, button)
        await self.house.settle()
        return person.sees(tapped)

    async def alert(self, name: str, button: str, message: SeenMessage | None = None) -> str:
        """Taps a button and returns what is said to the tap."""
        person = self.people[name]
        query = await person.taps(message or person.last(), button)
        await self.house.settle()
        answer = await person.answer(query)
        assert answer is not None
        return answer.text or ""

    async def written(self, text: str, by: str = "王梅") -> SeenMessage:
        """Has a text to announce in preview; returns the panel below it."""
        await self.says(by, "/announce")
        return await self.says(by, text)

    def got(self, name: str, text: str) -> list[SeenMessage]:
        """The messages of the bot's that hold this."""
        return [message for message in self.people[name].chat() if message.from_bot and text in message.text]

    async def rows(self, sql: str) -> Sequence[Row]:
        return await self.house.rows(sql)


@pytest.fixture
async def hall(house: "House") -> Hall:
    people = {name: house.person(name) for name in ("王梅", "李建国", "赵敏", "钱进", "郑涛")}
    async with house.work() as work:
        tree = await factories.tree(work.session)
        homes = {"钱进": tree.sibling, "郑涛": tree.sibling}
        posts = {"王梅": ((tree.branch, Role.SECRETARY),), "郑涛": ((tree.general, Role.GENERAL),)}
        for name, person in people.items():
            await factories.member(
                work.session,
                name,
                homes.get(name, tree.branch),
                account=person.id,
                posts=posts.get(name, ()),
            )
        await factories.member(work.session, "周新", tree.branch)
    for person in people.values():
        await person.start()
    await house.settle()
    return Hall(house, tree, people)
