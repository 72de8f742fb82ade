"""In the whole application: what was answered by hand becomes an answer for everybody, in one tap at the end."""

import dataclasses

import pytest

from bot.faq.model import DEFAULT_LANGUAGE, Audience, Entry, Stage
from bot.faq.upkeep import changes
from bot.faq.upkeep.store import Act
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.harness import House
from tests.helpdesk.conftest import PICTURE, found, said_to

QUESTION = "麒麟阁钥匙牌在哪领"


@dataclasses.dataclass(slots=True)
class Branch:
    house: House
    tree: factories.Tree
    member: Person
    secretary: Person
    wang: int

    async def taps(self, person: Person, message: SeenMessage, button: str) -> SeenMessage:
        await person.taps(person.sees(message), button)
        await self.house.settle()
        return person.sees(message)

    async def answered(self, question: str = QUESTION, answer: str = "在一楼值班室领") -> SeenMessage:
        """李建国 has asked and 王梅 has answered; her words as he sees them."""
        await self.member.says(question)
        await self.house.settle()
        for button in ("都不是", "👎 没解决", "还是转给书记"):
            if button in self.member.last().buttons:
                await self.taps(self.member, self.member.last(), button)
        await self.house.advance(minutes=2)
        await self.secretary.says(answer, reply_to=found(self.secretary, "采油三队党支部 李建国"))
        await self.house.settle()
        return found(self.member, answer)

    async def closed(self) -> SeenMessage | None:
        """王梅 closes it; what she is offered for the FAQ."""
        await self.taps(self.secretary, found(self.secretary, "采油三队党支部 李建国"), "结束")
        return self.offered()

    def offered(self) -> SeenMessage | None:
        offers = [each for each in self.secretary.chat() if each.from_bot and "要加进常见问题吗" in each.text]
        return offers[-1] if offers else None


@pytest.fixture
async def branch(house: House) -> Branch:
    member, secretary = house.person("李建国"), house.person("王梅")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(work.session, "李建国", tree.branch, account=member.id)
        wang = await factories.member(
            work.session, "王梅", tree.branch, account=secretary.id, posts=((tree.branch, Role.SECRETARY),)
        )
    for person in (member, secretary):
        await person.start()
    await house.settle()
    return Branch(house, tree, member, secretary, wang)


async def test_one_tap_makes_a_draft_of_question_and_answer(branch: Branch) -> None:
    await branch.answered()
    offer = await branch.closed()
    assert offer is not None
    assert offer.text == f"“{QUESTION}”要加进常见问题吗？以后有人问，我马上就能答。"
    assert offer.buttons == ["写一条新的", "另选一条", "不用加"]
    draft = await branch.taps(branch.secretary, offer, "写一条新的")
    assert QUESTION in draft.text
    assert "在一楼值班室领" in draft.text
    assert await branch.house.rows("SELECT 1 FROM faq_draft")


async def test_one_tap_adds_the_wording_to_an_entry(branch: Branch) -> None:
    async with branch.house.work() as work:
        entry = Entry(
            "keys",
            DEFAULT_LANGUAGE,
            "麒麟阁钥匙牌",
            "在值班室。",
            ("麒麟阁的钥匙牌找谁拿",),
            stage=Stage.USE,
            audience=Audience.MEMBERS,
        )
        await changes.save(work, entry, owner=branch.tree.branch, by=branch.wang, act=Act.CREATED)
    await branch.answered("麒麟阁钥匙牌丢了再领一块行不行")
    offer = await branch.closed()
    assert offer is not None
    assert offer.buttons[0] == "加到“麒麟阁钥匙牌”"
    done = await branch.taps(branch.secretary, offer, "加到“麒麟阁钥匙牌”")
    assert "麒麟阁钥匙牌丢了再领一块行不行" in done.text
    rows = await branch.house.rows("SELECT text FROM faq_phrasing WHERE text LIKE '%再领一块%'")
    assert len(rows) == 1


async def test_when_the_member_says_it_is_settled_the_owner_is_offered_it(branch: Branch) -> None:
    answer = await branch.answered()
    await branch.taps(branch.member, answer, "已解决")
    offer = branch.offered()
    assert offer is not None
    assert "李建国说已经解决了" in said_to(branch.secretary)[-2]
    draft = await branch.taps(branch.secretary, offer, "写一条新的")
    assert QUESTION in draft.text
    assert not any("常见问题" in text for text in said_to(branch.member)[-2:])


async def test_nothing_is_offered_where_there_is_nothing_to_learn(branch: Branch) -> None:
    await branch.member.sends_photo(PICTURE, "麒麟阁钥匙牌在哪领")
    await branch.house.advance(minutes=2)
    await branch.secretary.says("一楼", reply_to=found(branch.secretary, "采油三队党支部 李建国"))
    await branch.house.settle()
    assert await branch.closed() is None


async def test_what_was_looked_after_is_not_offered_again(branch: Branch) -> None:
    await branch.answered()
    await branch.taps(branch.secretary, branch.secretary.last(), "加进常见问题")
    await branch.taps(branch.secretary, branch.secretary.last(), "不用加")
    assert await branch.closed() is None


async def test_a_question_that_is_not_the_branchs_is_not_offered(branch: Branch) -> None:
    await branch.answered()
    await branch.taps(branch.secretary, found(branch.secretary, "采油三队党支部 李建国"), "更多…")
    menu = await branch.taps(branch.secretary, branch.secretary.last(), "选原因结束")
    await branch.taps(branch.secretary, menu, "支部办不了")
    assert branch.offered() is None
