"""A branch with its staff, the levels above, and a sibling branch."""

import dataclasses
from typing import TYPE_CHECKING

import pytest

from bot.faq.model import Audience, Entry, Owner, Stage
from bot.faq.upkeep import changes
from bot.faq.upkeep.store import Act
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories

if TYPE_CHECKING:
    from tests.harness import House


@dataclasses.dataclass(slots=True)
class Plant:
    house: "House"
    tree: factories.Tree
    li: Person
    """李建国, of the branch."""
    zhao: Person
    """赵大海, of the branch."""
    wang: Person
    """王梅, the branch's secretary."""
    sun: Person
    """孙丽, secretary of the sibling branch."""
    chen: Person
    """陈刚, of the committee."""
    members: dict[str, int]

    async def asks(self, person: Person, text: str) -> SeenMessage:
        await person.says(text)
        await self.house.settle()
        return person.last()

    async def taps(self, person: Person, message: SeenMessage, button: str) -> SeenMessage:
        """Taps and returns the message as it then stands."""
        await person.taps(person.sees(message), button)
        await self.house.settle()
        return person.sees(message)

    async def told(self, person: Person, message: SeenMessage, button: str) -> str | None:
        """Taps and returns the note that is shown for it."""
        query = await person.taps(message, button)
        await self.house.settle()
        answer = await person.answer(query)
        return None if answer is None else answer.text

    async def lesson(
        self,
        text: str,
        *,
        account: int,
        unit: int | None = None,
        reason: str = "none_fits",
        answer: str | None = None,
    ) -> int:
        """A question in a branch's queue."""
        async with self.house.work() as work:
            return int(
                await work.session.value(
                    "INSERT INTO faq_lesson (branch_id, account_id, text, reason, shown, answer, state, at)"
                    " VALUES (:unit, :account, :text, :reason, '[]', :answer, 'open', :now) RETURNING id",
                    unit=unit or self.tree.branch,
                    account=account,
                    text=text,
                    reason=reason,
                    answer=answer,
                    now=work.now,
                )
            )

    async def entry(
        self,
        owner: Owner,
        slug: str,
        title: str,
        *phrasings: str,
        body: str = "照着做就行。",
        by: str = "王梅",
    ) -> int:
        """A published entry of a unit's own."""
        entry = Entry(slug, "zh", title, body, phrasings, stage=Stage.USE, audience=Audience.PUBLIC)
        async with self.house.work() as work:
            return await changes.save(work, entry, owner=owner, by=self.members[by], act=Act.CREATED)

    async def home(self, person: Person) -> SeenMessage:
        await person.says("/faq")
        await self.house.settle()
        return person.last()

    async def queue(self, person: Person) -> SeenMessage:
        """The queue, reached as people reach it."""
        home = await self.home(person)
        button = next(each for each in home.buttons if each.startswith("要不要加进"))
        return await self.taps(person, home, button)

    async def states(self) -> list[tuple[str, str]]:
        rows = await self.house.rows("SELECT text, state FROM faq_lesson ORDER BY id")
        return [(row["text"], row["state"]) for row in rows]


@pytest.fixture
async def plant(house: "House") -> Plant:
    people = {name: house.person(name) for name in ("李建国", "赵大海", "王梅", "孙丽", "陈刚")}
    members: dict[str, int] = {}
    async with house.work() as work:
        tree = await factories.tree(work.session)
        posts = {
            "王梅": (tree.branch, Role.SECRETARY),
            "孙丽": (tree.sibling, Role.SECRETARY),
            "陈刚": (tree.committee, Role.ADMIN),
        }
        for name, person in people.items():
            members[name] = await factories.member(
                work.session,
                name,
                tree.sibling if name == "孙丽" else tree.branch,
                account=person.id,
                posts=(posts[name],) if name in posts else (),
            )
    for person in people.values():
        await person.start()
    await house.settle()
    li, zhao, wang, sun, chen = people.values()
    return Plant(house, tree, li, zhao, wang, sun, chen, members)
