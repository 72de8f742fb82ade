"""What happens to a ticket nobody answers."""

from datetime import datetime

from bot.kit.clock import from_local
from bot.roster.model import Role
from tests.conftest import ZONE
from tests.helpdesk.conftest import Counter, Office, found, said_to


async def until(office: Office, hour: int, minute: int = 0, day: int = 2) -> None:
    moment = from_local(datetime(2026, 11, day, hour, minute, tzinfo=ZONE))
    await office.counter.advance(seconds=(moment - office.counter.clock.now()) / 1000)


async def due(office: Office) -> None:
    """The ladder's next step is done."""
    row = await office.counter.ticket()
    await office.counter.advance(seconds=(row["next_at"] - office.counter.clock.now()) / 1000)


async def passed_on(office: Office) -> None:
    """The owner is warned, lets the time go by, and the ladder does what it does then."""
    await due(office)
    await due(office)


async def test_every_rung_of_the_ladder(office: Office) -> None:
    helper = await office.counter.person("刘洋", (office.counter.tree.branch, Role.HELPER))
    card = await office.asked()  # at nine; promised by one o'clock
    await until(office, 11, 59)
    assert len(said_to(office.secretary)) == 1
    await until(office, 12, 0)
    warning = office.secretary.last()
    assert warning.text == "李建国在等您回复，说好今天 13:00 前。先回一句也行。"
    assert warning.reply_to == card.message_id

    await until(office, 13, 0)
    assert office.secretary.last().text == "李建国的问题到时间了，已请张强副书记接着帮，您不用再管。"
    assert said_to(office.deputy)[0] == "王梅书记暂时没顾上李建国的问题，请您接着帮一下。"
    assert "验证码一直收不到" in found(office.deputy, "直接回复").text
    assert office.member.last().text.splitlines() == [
        "王梅暂时没顾上，已请副书记张强接着帮您。",
        "张强今天 17:00 前会回您。有了回复我马上告诉您。",
    ]
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["张强"]

    await due(office)
    assert office.deputy.last().text == "李建国在等您回复，说好今天 17:00 前。先回一句也行。"
    await due(office)
    assert said_to(helper)[0] == "张强副书记暂时没顾上李建国的问题，请您接着帮一下。"
    assert said_to(office.sibling) == []

    await passed_on(office)
    assert "验证码一直收不到" in found(office.sibling, "直接回复").text
    assert office.member.last().text.startswith("刘洋暂时没顾上，已请采油四队党支部的孙丽接着帮您。")
    assert said_to(office.general) == []

    await passed_on(office)
    assert said_to(office.general)[0] == "孙丽书记暂时没顾上李建国的问题，请您接着帮一下。"
    assert "已请第一党总支的赵敏接着帮您" in office.member.last().text
    assert not any("验证码" in text for text in said_to(office.sibling))  # it is theirs no longer
    found(office.sibling, "这个问题现在由别的同志负责。")
    held = await office.counter.rows("SELECT rung FROM ticket_holding ORDER BY id")
    assert [row["rung"] for row in held] == ["secretary", "deputy", "helper", "sibling", "general"]

    await passed_on(office)
    assert office.general.last().text == "李建国还在等，没有别人可以接了。请您回一句，或者给他打个电话。"
    assert office.member.last().text == "赵敏还没顾上，我又提醒了一次。着急的话，请直接给赵敏打电话。"
    told = len(said_to(office.member))
    await due(office)
    assert said_to(office.general).count(office.general.last().text) == 2
    assert len(said_to(office.member)) == told
    assert len(await office.counter.rows("SELECT 1 FROM ticket_holding")) == 5  # nobody twice


async def test_a_human_reply_ends_the_climb_and_the_next_question_begins_another(office: Office) -> None:
    await office.asked()
    await passed_on(office)
    await office.deputy.says("我来看看", reply_to=found(office.deputy, "直接回复"))
    await office.counter.settle()
    assert (await office.counter.ticket())["next_at"] is None
    await office.member.says("还是不行", reply_to=found(office.member, "我来看看"))
    await office.counter.settle()
    await passed_on(office)  # from the deputy on, who has it now: the helpers' rung is empty
    assert "已请采油四队党支部的孙丽接着帮您" in office.member.last().text
    await passed_on(office)
    await passed_on(office)
    # A climb that began half-way goes on to those who were left out.
    assert "李建国：还是不行" in said_to(office.secretary)
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["王梅"]


async def test_of_several_helpers_the_one_with_least_to_do_is_asked(counter: Counter) -> None:
    branch = counter.tree.branch
    first = await counter.person("刘洋", (branch, Role.HELPER))
    second = await counter.person("马超", (branch, Role.HELPER))
    for number, name in enumerate(("李建国", "周芳", "吴军")):
        member = await counter.person(name)
        await member.says(f"第 {number} 个问题")
        await counter.advance(minutes=2)
    assert ["第 0" in found(first, "第 0").text, "第 2" in found(first, "第 2").text] == [True, True]
    found(second, "第 1")
    assert not any("第 1" in text for text in said_to(first))


async def test_the_deputy_answers_in_time_and_the_clock_stands(office: Office) -> None:
    await office.asked()
    await until(office, 12, 5)
    await until(office, 13, 5)
    await office.deputy.says("我来帮您", reply_to=found(office.deputy, "直接回复"))
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：我来帮您"
    assert office.secretary.last().text == "张强副书记已回复李建国。"
    before = [said_to(person) for person in (office.secretary, office.deputy, office.general)]
    await until(office, 16, 0, day=4)
    assert [said_to(person) for person in (office.secretary, office.deputy, office.general)] == before


async def test_any_answer_stops_the_clock_and_the_member_starts_it(office: Office) -> None:
    await office.answered()
    before = said_to(office.secretary)
    await until(office, 17, 0)
    assert said_to(office.secretary) == before
    await office.member.says("还是不行", reply_to=found(office.member, "先把短信箱"))
    await office.counter.settle()
    row = await office.counter.ticket()
    assert row["deadline"] == from_local(datetime(2026, 11, 3, 12, 0, tzinfo=ZONE))


async def test_nobody_is_disturbed_at_night_or_on_days_off(office: Office) -> None:
    await until(office, 16, 0, day=6)  # a Friday
    await office.asked()
    before = said_to(office.secretary)
    for day, hour in ((6, 20), (7, 10), (8, 15), (9, 8)):
        await until(office, hour, day=day)
        assert said_to(office.secretary) == before
    await until(office, 10, 5, day=9)
    assert office.secretary.last().text == "李建国在等您回复，说好今天 11:00 前。先回一句也行。"


async def test_after_a_day_of_downtime_the_owner_is_warned_first(office: Office) -> None:
    await office.asked()
    await office.counter.close()
    await office.counter.clock.move_to(from_local(datetime(2026, 11, 3, 10, 0, tzinfo=ZONE)))
    await office.counter.open()
    await office.counter.advance(seconds=1)
    assert office.secretary.last().text == "李建国在等您回复，说好 11 月 2 日 13:00 前。先回一句也行。"
    assert said_to(office.deputy) == []
    await office.counter.advance(minutes=61)
    found(office.deputy, "直接回复")


async def test_what_was_said_comes_along(office: Office) -> None:
    answer = await office.answered("我看看")
    await office.member.says("着急", reply_to=answer)
    await office.counter.settle()
    await until(office, 12, 5)
    await until(office, 13, 5)
    texts = said_to(office.deputy)
    assert texts[-2:] == ["王梅书记：我看看", "李建国：着急"]
    assert office.deputy.last().buttons == []


async def test_an_owner_who_blocked_the_bot_is_replaced(office: Office) -> None:
    await office.asked()
    await office.secretary.blocks()
    await office.counter.advance(minutes=1)
    found(office.deputy, "直接回复")
    assert office.member.last().text.startswith("您的问题现在由副书记张强负责。")


async def test_an_owner_whose_post_ended_is_replaced(office: Office) -> None:
    await office.asked()
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = 1 WHERE member_id = :member", member=office.counter.members["王梅"]
        )
    await office.counter.advance(minutes=1)
    found(office.deputy, "直接回复")
