"""What branches wrote, read above and taken up for everybody."""

import dataclasses

import pytest

from bot.faq.adopting import rules
from bot.faq.model import Entry, State
from bot.faq.upkeep.store import Kept
from bot.sandbox import SeenMessage
from tests.faq.learning.conftest import Plant
from tests.faq.learning.test_tickets import newest


async def listed(plant: Plant) -> SeenMessage:
    home = await plant.home(plant.chen)
    button = next(each for each in home.buttons if each.startswith("各支部写的"))
    return await plant.taps(plant.chen, home, button)


async def entries(plant: Plant) -> list[tuple[int | None, str, str, int | None]]:
    rows = await plant.house.rows(
        "SELECT unit_id, slug, state, author_unit_id FROM faq_entry WHERE slug LIKE 'own-%' OR unit_id IS NOT NULL"
        " OR author_unit_id IS NOT NULL ORDER BY id"
    )
    return [(row["unit_id"], row["slug"], row["state"], row["author_unit_id"]) for row in rows]


async def test_a_branch_has_nobody_below_and_nothing_to_take_up(plant: Plant) -> None:
    await plant.entry(plant.tree.branch, "own-bus", "班车几点发车", "班车时间表")
    home = await plant.home(plant.wang)
    assert not any(button.startswith("各支部写的") for button in home.buttons)


async def test_what_several_branches_wrote_comes_first(plant: Plant) -> None:
    branch, sibling = plant.tree.branch, plant.tree.sibling
    await plant.entry(branch, "own-bus", "班车几点发车", "班车时间表", "几点有车")
    await plant.entry(sibling, "own-car", "班车几点发", "发车时间", by="孙丽")
    await plant.entry(sibling, "own-water", "水卡在哪充", "水卡充值", by="孙丽")
    found = await listed(plant)
    assert found.buttons == ["班车几点发车 · 2 个支部", "水卡在哪充", "‹ 返回"]
    piece = await plant.taps(plant.chen, found, found.buttons[0])
    assert "采油三队党支部 写的 · 2 种问法" in piece.text
    assert "照着做就行。" in piece.text
    assert "还有 1 个支部写过差不多的" in piece.text
    other = await plant.taps(plant.chen, piece, "看看采油四队党支部写的")
    assert "采油四队党支部 写的 · 1 种问法" in other.text


async def test_taken_up_it_is_everybodys_with_its_authors_name(plant: Plant) -> None:
    branch, sibling = plant.tree.branch, plant.tree.sibling
    await plant.entry(branch, "own-bus", "麒麟阁怎么走", "去麒麟阁走哪个门")
    await plant.entry(sibling, "own-door", "麒麟阁怎么走", "麒麟阁的门在哪边", body="走东门。", by="孙丽")
    found = await listed(plant)
    piece = await plant.taps(plant.chen, found, found.buttons[0])
    done = await plant.taps(plant.chen, piece, "推广到整个采油一厂党委")
    assert done.text.startswith("已推广：“麒麟阁怎么走”，采油三队党支部 写的")
    # The author's own copy is merged into it; what the sibling wrote in other words stays.
    assert await entries(plant) == [
        (branch, "own-bus", "retired", None),
        (sibling, "own-door", "published", None),
        (None, "own-bus", "published", branch),
    ]
    told = newest(plant.wang, "推广了")
    assert told.text.startswith("您支部写的“麒麟阁怎么走”被采油一厂党委推广了")
    assert not any("推广了" in each.text for each in plant.sun.chat())
    audit = await plant.house.rows(
        "SELECT by_member, act FROM audit WHERE act IN ('faq.adopted', 'faq.retired')"
    )
    assert {(row["by_member"], row["act"]) for row in audit} == {
        (plant.members["陈刚"], "faq.adopted"),
        (plant.members["陈刚"], "faq.retired"),
    }
    answer = await plant.asks(plant.li, "去麒麟阁走哪个门")
    assert answer.text.startswith("麒麟阁怎么走")

    await plant.taps(plant.chen, done, "撤回")
    assert await entries(plant) == [
        (branch, "own-bus", "published", None),
        (sibling, "own-door", "published", None),
        (None, "own-bus", "retired", branch),
    ]
    assert "撤回了推广" in newest(plant.wang, "推广").text


async def test_a_copy_that_reads_just_the_same_is_put_away_too(plant: Plant) -> None:
    branch, sibling = plant.tree.branch, plant.tree.sibling
    await plant.entry(branch, "own-bus", "麒麟阁怎么走", "去麒麟阁走哪个门")
    await plant.entry(sibling, "own-door", "麒麟阁怎么走", "去麒麟阁走哪个门", by="孙丽")
    found = await listed(plant)
    piece = await plant.taps(plant.chen, found, found.buttons[0])
    await plant.taps(plant.chen, piece, "推广到整个采油一厂党委")
    assert [state for _, _, state, _ in await entries(plant)] == ["retired", "retired", "published"]
    assert not any(each.startswith("各支部写的") for each in (await plant.home(plant.chen)).buttons)


@pytest.mark.parametrize(
    ("button", "slug"), [("推广，换下我这条", "login-sms"), ("推广，我这条也留着", "login-sms-2")]
)
async def test_an_entry_that_stands_in_place_of_ones_own(plant: Plant, button: str, slug: str) -> None:
    branch = plant.tree.branch
    await plant.entry(branch, "login-sms", "验证码找值班室", "我们队验证码找谁")
    found = await listed(plant)
    piece = await plant.taps(plant.chen, found, "验证码找值班室")
    assert "替下了您的" in piece.text
    await plant.taps(plant.chen, piece, button)
    rows = await plant.house.rows(
        "SELECT slug, title FROM faq_entry WHERE unit_id IS NULL AND language = 'zh' AND state = 'published'"
        " AND slug LIKE 'login-sms%' ORDER BY slug"
    )
    titles = {row["slug"]: row["title"] for row in rows}
    assert titles[slug] == "验证码找值班室"
    assert (titles["login-sms"] == "验证码找值班室") is (slug == "login-sms")


async def test_an_adoption_changed_since_is_not_taken_back(plant: Plant) -> None:
    await plant.entry(plant.tree.branch, "own-bus", "麒麟阁怎么走", "去麒麟阁走哪个门")
    found = await listed(plant)
    piece = await plant.taps(plant.chen, found, found.buttons[0])
    done = await plant.taps(plant.chen, piece, "推广到整个采油一厂党委")
    await plant.house.advance(minutes=1)
    await plant.entry(None, "own-bus", "麒麟阁在哪边", "去麒麟阁走哪个门", by="陈刚")
    told = await plant.told(plant.chen, done, "撤回")
    assert told == "这条后来又改过，我就没有动它。改动的经过在 /faq 里能看到。"


def kept(row: int, owner: int, entry: Entry, changed_at: int = 0) -> Kept:
    return Kept(row, owner, entry, State.PUBLISHED, "", True, None, changed_at, None, 0)


ENTRY = Entry("own-bus", "zh", "班车几点发车", "每天 17:40 从队部门口发车。", ("班车时间表", "几点有车"))


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (dataclasses.replace(ENTRY, title="别的", body="别的说法", phrasings=()), True),
        (Entry("a", "zh", "班车几点发", "自己看墙上。", ()), True),
        (Entry("a", "zh", "通勤", "自己看墙上。", ("班车时间表。", "几点有车")), True),
        (Entry("a", "zh", "通勤", "每天17:40从队部门口发车", ("怎么回家",)), True),
        (Entry("a", "zh", "通勤", "每天。", ()), False),
        (Entry("a", "zh", "水卡在哪充", "去后勤。", ("水卡充值", "几点有车")), False),
    ],
)
def test_what_is_about_the_same(other: Entry, alike: bool) -> None:
    assert rules.alike(ENTRY, other) is alike
    assert rules.alike(other, ENTRY) is alike


def test_what_most_units_wrote_comes_first_whatever_the_order() -> None:
    bus = [kept(1, 3, ENTRY, 10), kept(2, 4, dataclasses.replace(ENTRY, id="own-4"), 20)]
    water = [kept(3, 4, Entry("w", "zh", "水卡在哪充", "去后勤。", ()), 99)]
    found = rules.gather([*water, *bus])
    assert [[each.row for each in subject.entries] for subject in found] == [[2, 1], [3]]
    assert found == rules.gather([*reversed(bus), *water])
    assert found[0].units == 2


@pytest.mark.parametrize(
    ("wanted", "taken", "given"),
    [
        ("own-3-7", (), "own-3-7"),
        ("login-sms", ("login-sms",), "login-sms-2"),
        ("login-sms", ("login-sms", "login-sms-2"), "login-sms-3"),
        ("a" * 40, ("a" * 40,), "a" * 38 + "-2"),
        ("a" * 37 + "-bc", ("a" * 37 + "-bc",), "a" * 37 + "-2"),
    ],
)
def test_a_free_id(wanted: str, taken: tuple[str, ...], given: str) -> None:
    assert rules.free_id(wanted, taken) == given
