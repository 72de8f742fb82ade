"""For those who would rather tap than type: suggestions, topics, and what verdicts come to."""

import dataclasses
import json

from bot.faq import store
from bot.faq.model import Audience, Verdicts
from bot.faq.upkeep import changes
from bot.sandbox import Person
from tests.faq.hands import DRAGON, VERDICT, ask, branch_of, publish, tap
from tests.harness import House

STAGES = ["安装 App", "登录", "使用", "交党费", "支部帮手和找人"]


async def test_verdicts_are_counted_by_entry_branch_and_time(house: House, li: Person) -> None:
    branch = await branch_of(house, li)
    first = await ask(house, li, "请问一下验证码怎么老是收不到啊")
    await tap(house, li, first, "👍 解决了")
    assert li.sees(first).buttons == []
    assert li.last().text == "好，解决了就好。再有事，直接打字给我。"
    await house.advance(hours=1)
    later = house.clock.now()
    await ask(house, li, "请问一下验证码怎么老是收不到啊")
    await tap(house, li, await ask(house, li, "请问一下验证码怎么老是收不到啊"), "👎 没解决")
    async with house.work() as work:
        reader = work.session
        assert await store.verdicts(reader, "login-sms", None, 0) == Verdicts(3, 1, 1)
        assert await store.verdicts(reader, "login-sms", [branch], 0) == Verdicts(3, 1, 1)
        assert await store.verdicts(reader, "login-sms", [branch, 99], later) == Verdicts(2, 0, 1)
        assert await store.verdicts(reader, "login-sms", [branch + 1], 0) == Verdicts(0, 0, 0)
        assert await store.verdicts(reader, "login-sms", [], 0) == Verdicts(0, 0, 0)
        assert await store.verdicts(reader, "pay-how", None, 0) == Verdicts(0, 0, 0)


async def test_suggestions_show_titles_best_first_and_no_ids(house: House, li: Person) -> None:
    suggested = await ask(house, li, "闪退")
    (row,) = await house.rows("SELECT shown FROM faq_question ORDER BY id DESC LIMIT 1")
    titles = {
        each["slug"]: each["title"]
        for each in await house.rows("SELECT slug, title FROM faq_entry WHERE language = 'zh'")
    }
    best_first = json.loads(row["shown"])
    assert suggested.buttons == [*(titles[slug] for slug in best_first), "都不是"]
    assert len(suggested.rows) == len(suggested.buttons), "a title a row: the longest has room"


async def test_a_suggestions_button_opens_what_stands_on_it_after_another_is_gone(
    house: House, li: Person
) -> None:
    suggested = await ask(house, li, "密码")
    *titles, _ = suggested.buttons
    assert len(titles) == 3
    await tap(house, li, suggested, titles[1])
    async with house.work() as work:
        for row in await work.session.all(
            "SELECT id FROM faq_entry WHERE slug = (SELECT slug FROM faq_entry WHERE title = :title)",
            title=titles[0],
        ):
            await changes.retire(work, row["id"], by=None)
    await tap(house, li, li.sees(suggested), "‹ 返回")
    assert li.sees(suggested).buttons == [titles[1], titles[2], "都不是"]
    await tap(house, li, li.sees(suggested), titles[2])
    assert li.sees(suggested).text.startswith(titles[2])


async def test_topics_are_reached_by_tapping_alone(house: House, li: Person) -> None:
    menu = await ask(house, li, "/ask")
    assert [label.split(" · ")[0] for label in menu.buttons] == STAGES
    assert "打几个字" in menu.text
    pay = next(label for label in menu.buttons if label.startswith("交党费"))
    await tap(house, li, menu, pay)
    first = li.sees(menu).buttons
    count = int(pay.split(" · ")[1])
    assert li.sees(menu).text == f"交党费，共 {count} 条，点您想问的。"
    assert first[-2:] == ["下一页 ›", "‹ 返回"]
    assert len(first) == 8
    await tap(house, li, li.sees(menu), "下一页 ›")
    second = li.sees(menu).buttons
    assert not set(second[:6]) & set(first[:6])
    await tap(house, li, li.sees(menu), second[0])
    opened = li.sees(menu)
    assert opened.text.startswith(second[0])
    assert opened.buttons == [*VERDICT, "‹ 返回"]
    await tap(house, li, opened, "‹ 返回")
    assert li.sees(menu).buttons == second
    await tap(house, li, li.sees(menu), "‹ 返回")
    assert li.sees(menu).buttons == menu.buttons
    assert li.last().message_id == menu.message_id


async def test_ones_own_branchs_entries_come_first_and_are_marked_then_those_above(
    house: House, li: Person
) -> None:
    branch = await branch_of(house, li)
    (row,) = await house.rows("SELECT parent_id FROM unit WHERE id = :id", id=branch)
    above = dataclasses.replace(DRAGON, id="zz-above", title="总支的事", phrasings=("总支的事",))
    await publish(house, DRAGON, branch)
    await publish(house, above, row["parent_id"])
    before = await ask(house, li, "/ask")
    await tap(house, li, before, next(label for label in before.buttons if label.startswith("使用")))
    assert li.last().buttons[:2] == ["本支部·麒麟阁怎么走", "总支的事"]

    stranger = house.person("路人")
    await stranger.start()
    await house.settle()
    menu = await ask(house, stranger, "/ask")
    await tap(house, stranger, menu, next(label for label in menu.buttons if label.startswith("使用")))
    assert not {"本支部·麒麟阁怎么走", "麒麟阁怎么走", "总支的事"} & set(stranger.last().buttons)


async def test_strangers_count_and_see_what_is_public_and_empty_stages_are_left_out(
    house: House, li: Person
) -> None:
    await publish(house, dataclasses.replace(DRAGON, audience=Audience.MEMBERS), None)
    async with house.work() as work:
        await work.session.run("UPDATE faq_entry SET state = 'retired' WHERE stage = 'help'")
        await work.session.run(
            "DELETE FROM faq_phrasing WHERE entry_id IN (SELECT id FROM faq_entry WHERE stage = 'help')"
        )
    stranger = house.person("路人")
    await stranger.start()
    await house.settle()
    mine, theirs = (await ask(house, li, "/ask")).buttons, (await ask(house, stranger, "/ask")).buttons
    assert [label.split(" · ")[0] for label in mine] == STAGES[:-1]
    use = [int(label.split(" · ")[1]) for label in (mine[2], theirs[2])]
    assert use[0] == use[1] + 1
    async with house.work() as work:
        await work.session.run("UPDATE faq_entry SET state = 'retired'")
    nothing = await ask(house, stranger, "/ask")
    assert (nothing.text, nothing.buttons) == ("这里还没有内容。直接打字问我就行。", [])
