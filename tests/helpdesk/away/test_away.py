"""/away through the front door: the office at Monday 2 November 2026, 09:00."""

from bot.helpdesk import contribute
from bot.helpdesk.away import buttons
from bot.kit.clock import DAY
from bot.kit.i18n import Languages
from bot.roster import store as roster
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import Office, found, said_to, told


async def tap(office: Office, person: Person, words: str, button: str) -> None:
    await person.taps(found(person, words), button)
    await office.counter.settle()


async def say(office: Office, person: Person, text: str, reply_to: SeenMessage | None = None) -> None:
    await person.says(text, reply_to=reply_to)
    await office.counter.settle()


async def goes_away(office: Office, person: Person, until: str = "明天", substitute: str = "张强") -> None:
    """From now on."""
    await say(office, person, "/away")
    await tap(office, person, "您不在到哪天", until)
    offered = found(person, "请谁代您答").buttons
    await tap(office, person, "请谁代您答", next(each for each in offered if each.startswith(substitute)))
    await tap(office, person, "您不在", "就这样")


async def owner(office: Office) -> str:
    ticket = await office.counter.ticket()
    names = {member: name for name, member in office.counter.members.items()}
    return names[ticket["owner_id"]]


async def test_what_waits_goes_to_the_substitute_and_comes_back(office: Office) -> None:
    await office.asked()
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "明天")
    await tap(office, office.secretary, "请谁代您答", "张强 · 采油三队党支部")
    preview = found(office.secretary, "您不在")
    assert preview.text == (
        "11 月 2 日到 11 月 3 日您不在，由张强副书记代答。\n现在等着回的 1 个求助马上转过去。\n回来时还没人回的，再转回来。"
    )
    await tap(office, office.secretary, "您不在", "就这样")
    found(office.secretary, "设好了：11 月 2 日到 11 月 3 日由张强副书记代答。")
    found(office.deputy, "王梅书记 11 月 2 日到 11 月 3 日不在，想请您代答。")
    found(office.deputy, "验证码一直收不到")
    assert await owner(office) == "张强"
    assert "不在" not in "".join(said_to(office.member)), (
        "why a colleague answers is not the member's to know"
    )

    await office.counter.advance(hours=36)
    assert await owner(office) == "张强", "Tuesday evening"
    await office.counter.advance(hours=12)
    assert await owner(office) == "王梅", "Wednesday morning"
    found(office.secretary, "欢迎回来。求助又会发给您。")
    found(office.deputy, "王梅书记回来了，这些天辛苦您。")


async def test_what_the_substitute_has_answered_stays_with_them(office: Office) -> None:
    await office.asked()
    await goes_away(office, office.secretary)
    await say(office, office.deputy, "重启手机试试", reply_to=found(office.deputy, "直接回复这条消息"))
    found(office.member, "重启手机试试")
    await office.counter.advance(hours=48)
    found(office.secretary, "欢迎回来。")
    assert await owner(office) == "张强"


async def test_new_questions_go_to_the_substitute(office: Office) -> None:
    await goes_away(office, office.secretary, substitute="孙丽")
    await say(office, office.member, "食堂几点开门")
    await tap(office, office.member, "正在转给", "马上转")
    found(office.sibling, "食堂几点开门")
    assert await owner(office) == "孙丽"
    assert not any("食堂几点开门" in text for text in said_to(office.secretary))


async def test_the_substitute_is_away_too(office: Office) -> None:
    await goes_away(office, office.deputy, substitute="赵敏")
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "今天")
    await tap(office, office.secretary, "请谁代您答", "张强（也不在）")
    found(office.secretary, "张强有几天也不在，那几天由总支书记赵敏")
    await tap(office, office.secretary, "您不在", "就这样")
    await say(office, office.member, "食堂几点开门")
    await tap(office, office.member, "正在转给", "马上转")
    assert await owner(office) == "赵敏"
    # The deputy is back early: what was asked in the secretary's place is theirs.
    await say(office, office.deputy, "/away")
    await tap(office, office.deputy, "您不在的日子", "我回来了")
    assert await owner(office) == "张强"
    (holding,) = await office.counter.rows("SELECT * FROM ticket_holding WHERE until IS NULL")
    assert holding["instead_of"] == office.counter.members["王梅"]


async def test_two_cannot_stand_in_for_each_other(office: Office) -> None:
    await goes_away(office, office.deputy, substitute="王梅")
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "今天")
    text = await told(office.secretary, found(office.secretary, "请谁代您答"), "张强（也不在）")
    assert text == "张强那时也不在，而且也指着同一位代答。请另选一位。"
    assert len(await office.counter.rows("SELECT 1 FROM absence")) == 1


async def test_nobody_in_particular(office: Office) -> None:
    await office.asked()
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "明天")
    await tap(office, office.secretary, "请谁代您答", "不指定，按顺序请人")
    await tap(office, office.secretary, "您不在", "就这样")
    assert await owner(office) == "张强"
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在的日子", "我回来了")
    found(office.secretary, "还没人回的 1 个已经转回给您。")
    assert await owner(office) == "王梅"


async def test_days_typed_for_later(office: Office) -> None:
    await say(office, office.secretary, "/away")
    await say(office, office.secretary, "大概下个月吧")
    found(office.secretary, "没看出是哪天。")
    await say(office, office.secretary, "11月4日到5日")
    await tap(office, office.secretary, "11 月 4 日到 11 月 5 日。请谁代您答", "张强 · 采油三队党支部")
    await tap(office, office.secretary, "您不在", "就这样")
    await office.asked()
    assert await owner(office) == "王梅", "still here"
    seen = len(said_to(office.deputy))
    await office.counter.advance(hours=47)
    assert await owner(office) == "王梅", "Wednesday 08:00, nobody is at work"
    assert len(said_to(office.deputy)) == seen or await owner(office) == "王梅"
    await office.counter.restart()
    await office.counter.advance(minutes=31)
    assert await owner(office) == "张强"
    found(office.secretary, "从现在起到 11 月 5 日，由张强副书记代答。")
    found(office.deputy, "从现在起到 11 月 5 日，请您代王梅书记答求助，辛苦您。")
    # All is done once, however often the sweep runs.
    before = [said_to(person) for person in (office.secretary, office.deputy)]
    await office.counter.advance(minutes=2)
    assert [said_to(person) for person in (office.secretary, office.deputy)] == before


async def test_back_early_with_one_tap_and_only_once(office: Office) -> None:
    await goes_away(office, office.secretary)
    await say(office, office.secretary, "/away")
    screen = found(office.secretary, "您不在的日子")
    assert screen.buttons[0] == "我回来了"
    (absence,) = await office.counter.rows("SELECT id FROM absence")
    await tap(office, office.secretary, "您不在的日子", "我回来了")
    found(office.deputy, "王梅书记回来了")
    again = buttons.Back(absence["id"]).encode()
    assert await told(office.secretary, screen, data=again) == "这个已经结束了，不用再管。"
    await say(office, office.secretary, "/away")
    found(office.secretary, "您不在到哪天")


async def test_other_days_take_the_place_of_the_first(office: Office) -> None:
    await goes_away(office, office.secretary)
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在的日子", "设别的日子")
    await say(office, office.secretary, "三天")
    await tap(office, office.secretary, "请谁代您答", "孙丽 · 采油四队党支部")
    found(office.secretary, "原来设的就不算了。")
    await tap(office, office.secretary, "原来设的就不算了", "就这样")
    found(office.deputy, "王梅书记回来了")
    found(office.sibling, "想请您代答")
    running = await office.counter.rows("SELECT substitute_id FROM absence WHERE ended_at IS NULL")
    assert [row["substitute_id"] for row in running] == [office.counter.members["孙丽"]]


async def test_the_substitute_cannot_do_it(office: Office) -> None:
    await office.asked()
    await goes_away(office, office.secretary)
    assert await owner(office) == "张强"
    await tap(office, office.deputy, "想请您代答", "我顶不了")
    found(office.secretary, "张强副书记抽不开身，先按顺序请下一位同事答。")
    assert await owner(office) in ("赵敏", "孙丽")
    await tap(office, office.secretary, "抽不开身", "另请一位")
    found(office.secretary, "请谁代您答")


async def test_the_level_above_arranges_it_for_a_secretary_who_fell_ill(office: Office) -> None:
    await office.asked()
    await say(office, office.general, "/away")
    await tap(office, office.general, "您不在到哪天", "替同事设")
    await tap(office, office.general, "谁不在", "王梅 · 采油三队党支部")
    await tap(office, office.general, "王梅书记不在到哪天", "明天")
    await tap(office, office.general, "请谁代王梅书记答", "张强 · 采油三队党支部")
    await tap(office, office.general, "王梅书记不在", "就这样")
    found(office.general, "设好了：11 月 2 日到 11 月 3 日王梅书记不在，由张强副书记代答。")
    found(office.secretary, "总支书记赵敏帮您记下")
    assert await owner(office) == "张强"
    await tap(office, office.secretary, "帮您记下", "我在")
    assert await owner(office) == "王梅"


async def test_who_may_not(office: Office) -> None:
    counter = office.counter
    helper = await counter.person("周洋", (counter.tree.branch, Role.HELPER))
    stranger = await counter.person("吴浩", (counter.tree.sibling, Role.DEPUTY), branch=counter.tree.sibling)
    secretary = counter.members["王梅"]
    crafted = buttons.Confirm(secretary, "20261102", "20261103", None).encode()
    for person in (helper, stranger, office.sibling, office.deputy):
        await say(office, person, "/away")
        refusal = await told(person, found(person, "您不在到哪天"), data=crafted)
        assert refusal.startswith("这件事要由")
    await say(office, office.member, "/away")
    found(office.member, "求助不会直接发给您")
    assert not await counter.rows("SELECT 1 FROM absence")
    # A secretary arranges it for their own helpers.
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "替同事设")
    assert found(office.secretary, "谁不在").buttons[:-1] == [
        "张强 · 采油三队党支部",
        "周洋 · 采油三队党支部",
    ]


async def test_a_substitute_who_may_not_see_the_questions(office: Office) -> None:
    member = office.counter.members["李建国"]
    await say(office, office.secretary, "/away")
    crafted = buttons.Confirm(office.counter.members["王梅"], "20261102", "20261103", member).encode()
    screen = found(office.secretary, "您不在到哪天")
    assert (await told(office.secretary, screen, data=crafted)).startswith("这件事要由")
    assert not await office.counter.rows("SELECT 1 FROM absence")


async def test_days_that_will_not_do(office: Office) -> None:
    me = office.counter.members["王梅"]
    await say(office, office.secretary, "/away")
    screen = found(office.secretary, "您不在到哪天")

    async def refused(since: str, until: str) -> str:
        return await told(office.secretary, screen, data=buttons.Confirm(me, since, until, None).encode())

    assert await refused("20261101", "20261101") == "那天已经过了，请选后面的日子。"
    assert (await refused("20261105", "20261104")).startswith("结束的日子在开始之前了")
    assert (await refused("20261102", "20270801")).startswith("这样就到 2027-08-01 了")
    assert (await refused("20261107", "20261108")).startswith("那几天本来就不上班")
    assert (await refused("2026", "nonsense")).startswith("这个按钮")
    assert not await office.counter.rows("SELECT 1 FROM absence")


async def test_an_old_button_means_from_now_on(office: Office) -> None:
    await say(office, office.secretary, "/away")
    await office.counter.clock.move_to(office.counter.clock.now() + DAY)
    me = office.counter.members["王梅"]
    crafted = buttons.Confirm(me, "20261102", "20261104", None).encode()
    await office.secretary.taps(found(office.secretary, "您不在到哪天"), data=crafted)
    await office.counter.settle()
    found(office.secretary, "设好了：11 月 3 日到 11 月 4 日按顺序请同事答。")


async def test_a_general_branchs_question_goes_to_the_named_one_of_several(office: Office) -> None:
    counter = office.counter
    colleague = await counter.person(
        "马超", (counter.tree.general, Role.GENERAL), branch=counter.tree.sibling
    )
    async with counter.work() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE unit_id = :unit", unit=counter.tree.branch)
    await say(office, office.member, "食堂几点开门")
    await tap(office, office.member, "正在转给", "马上转")
    assert await owner(office) == "赵敏"
    await goes_away(office, office.general, substitute="孙丽")
    assert await owner(office) == "孙丽", "and not the colleague on the same rung"
    assert not any("食堂几点开门" in text for text in said_to(colleague))
    assert not any("食堂几点开门" in text for text in said_to(office.general)), (
        "it is not theirs to see for now"
    )
    await counter.advance(hours=48)
    assert await owner(office) == "赵敏"


async def test_nobody_is_left_to_ask(office: Office) -> None:
    for person in (office.general, office.sibling, office.deputy):
        await say(office, person, "/away")
        await tap(office, person, "您不在到哪天", "今天")
        await tap(office, person, "请谁代您答", "不指定，按顺序请人")
        await tap(office, person, "您不在", "就这样")
    await office.asked()
    assert await owner(office) == "王梅"
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在到哪天", "今天")
    await tap(office, office.secretary, "请谁代您答", "不指定，按顺序请人")
    await tap(office, office.secretary, "您不在", "就这样")
    assert (await office.counter.ticket())["owner_id"] is None
    found(office.member, "您的问题我先留着")
    await office.counter.advance(hours=24)
    assert (await office.counter.ticket())["owner_id"] is not None, "the next morning everybody is back"


async def test_an_english_reader(office: Office) -> None:
    async with office.counter.work() as work:
        await work.session.run("UPDATE account SET language = 'en' WHERE id = :id", id=office.secretary.id)
    await say(office, office.secretary, "/away")
    await say(office, office.secretary, "tomorrow to 11-5")
    await tap(
        office, office.secretary, "from 11/3 to 11/5. Who answers in your place?", "张强 · 采油三队党支部"
    )
    assert found(office.secretary, "you are away").buttons == ["Do so", "‹ Back"]


async def test_what_is_kept_is_shown(office: Office, languages: Languages) -> None:
    await goes_away(office, office.secretary)
    async with office.counter.work() as work:
        actor = await roster.actor(work.session, office.secretary.id, "zh_CN")
        assert actor is not None
        lines = await contribute(work.session, actor, languages["zh_CN"])
    assert "记下您不在，到：11 月 3 日" in lines


async def test_everything_is_noted(office: Office) -> None:
    await goes_away(office, office.secretary)
    await say(office, office.secretary, "/away")
    await tap(office, office.secretary, "您不在的日子", "我回来了")
    rows = await office.counter.rows(
        "SELECT act, by_member, subject FROM audit WHERE act LIKE 'absence.%' ORDER BY id"
    )
    me = office.counter.members["王梅"]
    assert [(row["act"], row["by_member"], row["subject"]) for row in rows] == [
        ("absence.arranged", me, f"member:{me}"),
        ("absence.ended", me, f"member:{me}"),
    ]
