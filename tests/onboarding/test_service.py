"""Progress in rows: choosing a phone, walking, being stuck, standing still."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from bot.faq.content import read_steps
from bot.faq.model import Phone, Stage, Step
from bot.kit.clock import DAY, ManualClock
from bot.kit.errors import Outdated
from bot.kit.work import Work, Works
from bot.onboarding import OnboardingSettings, QuietHours, contributor, service, sweeps
from bot.onboarding.errors import NotBegun, NotOnRoster
from bot.onboarding.guide import Guide, key_of
from bot.onboarding.service import Spared
from bot.roster import store as roster
from bot.roster.model import Actor
from tests import factories
from tests.conftest import ZONE

GUIDE = Guide(read_steps(Path(__file__).parents[2] / "faq"))
SETTINGS = OnboardingSettings(ZONE, QuietHours.parse("21:00-08:00"), stall_days=3)


@pytest.fixture
async def li(works: Works) -> Actor:
    async with works.begin() as work:
        tree = await factories.tree(work.session)
        await factories.member(work.session, "李建国", tree.branch, account=10)
        actor = await roster.actor(work.session, 10, "zh_CN")
    assert actor is not None
    return actor


async def at(works: Works, actor: Actor) -> str:
    async with works.reading() as reader:
        position = await service.position(reader, GUIDE, actor)
    assert position is not None
    return position.card.step.id


async def walked(works: Works, actor: Actor, *steps: str) -> service.Position:
    """Done under each of these cards."""
    async with works.begin() as work:
        positions = [await service.finish_step(work, GUIDE, actor, key_of(step)) for step in steps]
    return positions[-1]


async def picked(works: Works, actor: Actor, phone: Phone = Phone.ANDROID) -> service.Position:
    async with works.begin() as work:
        return await service.choose_phone(work, GUIDE, actor, phone)


async def test_progress_is_kept_and_a_stage_is_reached_once(works: Works, li: Actor) -> None:
    first = await picked(works, li)
    assert (first.card.step.id, first.card.number, first.card.of, first.card.is_first) == (
        "install-get",
        1,
        3,
        True,
    )
    assert (await walked(works, li, "install-get", "install-allow")).just_reached == ()
    assert (await walked(works, li, "install-open")).just_reached == (Stage.INSTALL,)
    assert (await walked(works, li, "install-open")).just_reached == ()
    assert await at(works, li) == "login-open"


async def test_another_phone_goes_on_at_the_same_card(works: Works, li: Actor) -> None:
    await picked(works, li)
    await walked(works, li, "install-get", "install-allow", "install-open", "login-open")
    await picked(works, li, Phone.IPHONE)
    assert await at(works, li) == "login-account"
    position = await picked(works, li, Phone.NONE)
    assert position.card.phone is Phone.NONE
    assert position.card.step.id in {each.id for each in GUIDE.way(Phone.NONE, "zh_CN")}


async def test_an_old_card_marks_its_step_and_sends_nobody_back(works: Works, li: Actor) -> None:
    await picked(works, li)
    await walked(works, li, "install-allow", "install-open")
    assert await at(works, li) == "login-open"
    position = await walked(works, li, "install-get")
    assert position.card.step.id == "login-open"
    assert position.just_reached == (Stage.INSTALL,)


async def test_the_end_comes_when_every_card_is_done(works: Works, li: Actor) -> None:
    await picked(works, li)
    ids = [each.id for each in GUIDE.way(Phone.ANDROID, "zh_CN")]
    position = await walked(works, li, *(each for each in ids if each != "login-code"))
    assert not position.is_finished
    assert position.card.step.id == "login-code"
    position = await walked(works, li, "login-code")
    assert position.is_finished
    assert position.just_reached == (Stage.LOGIN,)


async def test_walking_through_it_once_more(works: Works, li: Actor) -> None:
    await picked(works, li)
    ids = [each.id for each in GUIDE.way(Phone.ANDROID, "zh_CN")]
    await walked(works, li, *ids)
    async with works.begin() as work:
        again = await service.restart(work, GUIDE, li)
    assert again.card.step.id == ids[0]
    position = await walked(works, li, ids[0])
    assert (position.card.step.id, position.is_finished) == (ids[1], False)
    assert (await walked(works, li, *ids[1:])).is_finished


async def test_unknown_steps_and_strangers(works: Works, li: Actor) -> None:
    with pytest.raises(NotBegun):
        await walked(works, li, "install-get")
    await picked(works, li)
    with pytest.raises(Outdated):
        await walked(works, li, "no-such-step")
    with pytest.raises(NotOnRoster):
        await picked(works, Actor(99, "zh_CN"))


async def offered(step: Step) -> Sequence[tuple[str, str]]:
    return [(entry, entry) for entry in step.entries]


async def test_what_was_tried_is_remembered_for_the_ticket(works: Works, li: Actor) -> None:
    await picked(works, li)
    key = key_of("login-code")
    async with works.begin() as work:
        await service.get_stuck(work, GUIDE, li, key)
        assert await service.try_entry(work, GUIDE, li, key, key_of("login-sms"), offered) == "login-sms"
        await service.try_entry(work, GUIDE, li, key, key_of("login-sms"), offered)
        trouble = await service.trouble(work, GUIDE, li, key)
    assert trouble.tried == ["login-sms"]
    assert (trouble.card.step.stage, trouble.card.phone) == (Stage.LOGIN, Phone.ANDROID)
    with pytest.raises(Outdated):
        async with works.begin() as work:
            await service.try_entry(work, GUIDE, li, key, key_of("pay-how"), offered)


async def _nobody(_: Work, _members: Collection[int]) -> set[int]:
    return set()


async def run_sweep(works: Works, spared: Spared = _nobody) -> list[str]:
    """Runs the sweep; returns everything ever written for 李建国."""
    for sweep in sweeps(GUIDE, SETTINGS, spared):
        await sweep.run(works)
    async with works.reading() as reader:
        rows = await reader.all("SELECT payload, policy FROM outgoing WHERE chat_id = 10 ORDER BY id")
    assert all(row["policy"] == "at_most_once" for row in rows)
    return [row["payload"] for row in rows]


async def test_who_stands_still_is_asked_once(works: Works, clock: ManualClock, li: Actor) -> None:
    await picked(works, li)
    await walked(works, li, "install-get")
    await clock.move_to(clock.now() + 3 * DAY - 1)
    assert await run_sweep(works) == []
    await clock.move_to(clock.now() + 1)
    (asked,) = await run_sweep(works)
    assert "您走到：安装 · 第 2 步 / 共 3 步" in asked
    await clock.move_to(clock.now() + 30 * DAY)
    assert len(await run_sweep(works)) == 1


async def test_nobody_is_asked_at_night(works: Works, clock: ManualClock, li: Actor) -> None:
    await picked(works, li)
    await clock.move_to(clock.now() + 4 * DAY - 10 * 3_600_000)  # 23:00
    assert await run_sweep(works) == []
    await clock.move_to(clock.now() + 10 * 3_600_000)
    assert len(await run_sweep(works)) == 1


async def test_nobody_is_asked_on_a_day_with_another_message(
    works: Works, clock: ManualClock, li: Actor
) -> None:
    await picked(works, li)
    assert li.member is not None
    busy = {li.member.id}

    async def spared(_: Work, _members: Collection[int]) -> set[int]:
        return busy

    await clock.move_to(clock.now() + 4 * DAY)
    assert await run_sweep(works, spared) == []
    busy.clear()
    assert len(await run_sweep(works, spared)) == 1


async def test_those_to_be_spared_keep_nobody_waiting(
    works: Works, clock: ManualClock, li: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 1)
    assert li.member is not None
    async with works.begin() as work:
        await factories.member(work.session, "赵敏", li.member.branch_id, account=11)
        zhao = await roster.actor(work.session, 11, "zh_CN")
    assert zhao is not None
    for actor in (li, zhao):
        await picked(works, actor)
    await clock.move_to(clock.now() + 4 * DAY)

    async def spared(_: Work, _members: Collection[int]) -> set[int]:
        assert li.member is not None
        return {li.member.id}

    await run_sweep(works, spared)
    async with works.reading() as reader:
        assert await reader.all("SELECT chat_id FROM outgoing") == [{"chat_id": 11}]


@pytest.mark.parametrize(
    "arrange",
    [
        "UPDATE walk SET finished_at = 1",
        "UPDATE member SET left_at = 1",
        "INSERT INTO chat (chat_id, unreachable_since) VALUES (10, 1)",
        "UPDATE account SET member_id = NULL",
        (
            "INSERT INTO ticket (requester_id, branch_id, state, origin, question, facts, shown, asked_at)"
            " SELECT id, branch_id, 'open', 'ask', '', '[]', '[]', 1 FROM member WHERE name = '李建国'"
        ),
    ],
)
async def test_who_is_done_gone_unreachable_or_waiting_is_not_asked(
    works: Works, clock: ManualClock, li: Actor, arrange: str
) -> None:
    await picked(works, li)
    async with works.begin() as work:
        assert await work.session.run(arrange)
    await clock.move_to(clock.now() + 4 * DAY)
    assert await run_sweep(works) == []


async def test_what_is_kept_and_forgetting_it(works: Works, li: Actor) -> None:
    await picked(works, li)
    await walked(works, li, "install-get", "install-allow", "install-open")
    async with works.begin() as work:
        lines = await contributor(GUIDE)(work.session, li, work.languages["zh_CN"])
        assert "手机类型：安卓" in lines
        assert "已走完：安装" in lines
        await service.get_stuck(work, GUIDE, li, key_of("login-code"))
        await service.forget(work, li)
        assert await contributor(GUIDE)(work.session, li, work.languages["zh_CN"]) == ()
        for table in ("walk", "walk_done", "walk_stage", "walk_stuck", "walk_tried"):
            assert await work.session.value(f"SELECT COUNT(*) FROM {table}") == 0
