"""Before publishing: what a draft would take from other entries, and what it would answer in their place."""

import dataclasses
from typing import TYPE_CHECKING

import pytest

from bot.faq.editing.buttons import Check
from bot.faq.matcher import Index, Topic
from bot.faq.matcher.collisions import collisions
from bot.faq.model import Entry, Kind, Stage
from bot.faq.upkeep import store as upkeep
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.faq.hands import ask

if TYPE_CHECKING:
    from tests.harness import House


def topic(key: str, *phrasings: str) -> Topic:
    return Topic(key, Kind.ENTRY, phrasings)


LAMP = topic(
    "lamp", "矿灯在哪里领", "领矿灯找谁", "矿灯几点能领", "矿灯坏了在哪里换", "换矿灯找谁", "矿灯怎么领"
)
BUS = topic(
    "bus",
    "班车几点发车",
    "早班车几点",
    "去矿上的班车在哪里坐",
    "班车停在哪里",
    "班车改点了吗",
    "晚上有班车吗",
)
BATH = topic("bath", "澡堂几点开", "澡堂在哪里", "洗澡要带卡吗", "澡堂今天开吗", "澡堂水不热", "洗澡排队吗")
TOPICS = (LAMP, BUS, BATH)


def found(changed: Topic, *, in_place_of: frozenset[str] = frozenset()) -> tuple[set[str], set[str]]:
    index = Index.build(TOPICS)
    everything = {each.key for each in TOPICS}
    told = collisions(index, changed, in_place_of=in_place_of, among=everything, names=())
    return set(told.taken), set(told.kept)


def test_a_topic_that_says_what_another_says_takes_from_it() -> None:
    greedy = topic("new", *(f"{text}啊" for text in LAMP.phrasings), "矿灯在哪儿领", "矿灯到哪里领")
    taken, kept = found(greedy)
    assert taken == {"lamp"}
    assert kept <= {"lamp"}


def test_a_topic_of_its_own_takes_nothing() -> None:
    assert found(topic("new", "安全帽丢了怎么补", "补发安全帽")) == (set(), set())


def test_a_topic_in_place_of_its_former_self_takes_nothing_from_it() -> None:
    more = dataclasses.replace(LAMP, phrasings=(*LAMP.phrasings, "矿灯去哪儿拿"))
    assert found(more, in_place_of=frozenset({"lamp"})) == (set(), set())


def test_nothing_new_is_no_question() -> None:
    assert found(LAMP, in_place_of=frozenset({"lamp"})) == (set(), set())


@pytest.fixture
async def wang(house: "House") -> Person:
    """王梅, secretary of 采油三队."""
    person = house.person("王梅")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(
            work.session, "王梅", tree.branch, account=person.id, posts=((tree.branch, Role.SECRETARY),)
        )
    await person.start()
    await house.settle()
    return person


async def checked(house: "House", wang: Person, title: str, *phrasings: str) -> SeenMessage:
    """The page before publishing, of a draft with these ways of asking."""
    home = await ask(house, wang, "/faq")
    (row,) = await house.rows(
        "SELECT member.id, branch_id FROM member JOIN account ON account.member_id = member.id WHERE account.id = :id",
        id=wang.id,
    )
    content = Entry("own-1", "zh", title, "照着做。", phrasings, stage=Stage.LOGIN)
    async with house.work() as work:
        draft = await upkeep.begin_draft(
            work.session,
            member_id=row["id"],
            owner=row["branch_id"],
            entry_row=None,
            base_revision=0,
            content=content,
            now=work.now,
        )
    await wang.taps(home, data=Check(draft).encode())
    await house.settle()
    return wang.sees(home)


async def test_the_page_names_what_would_be_mixed_up(house: "House", wang: Person) -> None:
    stolen = (
        "短信验证码总收不到",
        "手机收不到短信验证码",
        "等了半天验证码也没来",
        "登录要验证码可是没收到",
        "验证码短信没收到怎么弄",
    )
    page = await checked(house, wang, "验证码的事", *stolen)
    assert "现在答的是“收不到短信验证码”，发布后就答这一条。" in page.text
    assert page.buttons[0] == "现在发布"


async def test_the_page_says_so_where_nothing_is(house: "House", wang: Person) -> None:
    page = await checked(house, wang, "麒麟阁怎么走", "麒麟阁怎么走", "去麒麟阁走哪条路")
    assert "听着像的问法我都重新问了一遍，不会和别的混淆。" in page.text
