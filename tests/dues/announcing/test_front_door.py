"""Announcing as people meet it: real taps through the whole application, time passing."""

from tests.dues.announcing.conftest import Hall
from tests.helpdesk.conftest import PICTURE, told


async def test_from_the_first_word_to_the_report(hall: Hall) -> None:
    asked = await hall.says("王梅", "/announce")
    assert asked.text.startswith("想告诉采油三队党支部的党员什么？")
    wang = hall.person("王梅")
    await wang.says_formatted("<b>周五</b>下午三点开会，带上 <i>笔记本</i>")
    await hall.house.settle()
    preview, panel = wang.chat()[-2:]
    assert preview.text == "📢 采油三队党支部 · 王梅\n\n周五下午三点开会，带上 笔记本"
    assert panel.text == "上面就是大家收到的样子。采油三队党支部能收到 2 人。\n我送不到的：还没用过我 1 人。"
    assert panel.buttons == ["发出", "要“已读”按钮", "改一改", "取消"]
    panel = await hall.tap("王梅", "要“已读”按钮", panel)
    assert wang.sees(preview).buttons == ["已读"]
    assert "不用点" in await hall.alert("王梅", "已读", preview)
    sent = await hall.tap("王梅", "发出", panel)
    assert (sent.text, sent.buttons) == ("30 秒后发给 2 人，现在还可以撤回。", ["撤回", "现在就发"])
    assert not hall.got("李建国", "周五")
    await hall.house.advance(seconds=20)
    assert not hall.got("李建国", "周五")
    await hall.house.advance(seconds=11)
    (copy,) = hall.got("李建国", "周五")
    assert copy.text == preview.text
    assert copy.html == preview.html
    assert "<b>周五</b>" in copy.html
    assert not hall.got("钱进", "周五")
    assert wang.sees(panel).text == "已发 0 / 2"
    await hall.house.advance(seconds=3)
    assert wang.sees(panel).text == "发完了：已发 2 / 2。"
    report = wang.last()
    assert report.text == "给采油三队党支部的通知发完了：送达 2 人、还没用过我 1 人。\n请打个电话：周新"
    assert await hall.alert("李建国", "已读", copy) == "好的，王梅会知道您看过了。"
    assert hall.person("李建国").sees(copy).buttons == []
    assert (await hall.tap("王梅", "谁读了", report)).text == "已读 1 / 2\n还没点“已读”的：赵敏"


async def test_taken_back_in_time_and_changed(hall: Hall) -> None:
    panel = await hall.written("周五开会")
    await hall.tap("王梅", "发出", panel)
    await hall.house.advance(seconds=20)
    panel = await hall.tap("王梅", "撤回", panel)
    assert panel.text.startswith("已撤回，谁也没收到。")
    await hall.house.advance(minutes=5)
    assert not hall.got("李建国", "周五")
    await hall.tap("王梅", "改一改", panel)
    panel = await hall.says("王梅", "改到周六开会")
    panel = await hall.tap("王梅", "发出", panel)
    undo = panel.rows[0][0].data
    await hall.tap("王梅", "现在就发", panel)
    await hall.house.advance(seconds=3)
    assert len(hall.got("李建国", "周六")) == 1
    late = await told(hall.person("王梅"), panel, data=undo)
    assert late == "已经开始发了，收不回来。还没发出去的，可以暂停或停止。"


async def test_a_picture_with_words_and_what_cannot_be_announced(hall: Hall) -> None:
    wang = hall.person("王梅")
    await hall.says("王梅", "/announce")
    for _ in range(2):
        await wang.sends_file("photo", PICTURE, media_group="album")
    await hall.house.settle()
    assert len(hall.got("王梅", "一次只能带一张图")) == 1
    await wang.sends_voice(b"voice")
    await hall.house.settle()
    assert "请发其中一种" in wang.last().text
    await hall.says("王梅", "长" * 4096)
    assert wang.last().text.startswith("这段话一条发不下，多了 ")
    await wang.sends_photo(PICTURE, caption="开会地点看图")
    await hall.house.settle()
    panel = await hall.tap("王梅", "要“已读”按钮")
    await hall.tap("王梅", "发出", panel)
    await hall.house.advance(seconds=31)
    (copy,) = hall.got("赵敏", "开会地点")
    assert copy.kind == "photo"
    assert copy.text == "📢 采油三队党支部 · 王梅\n\n开会地点看图"
    assert copy.buttons == ["已读"]


async def test_at_night_it_waits_till_morning(hall: Hall) -> None:
    await hall.house.advance_to(2026, 11, 2, 22, 0)
    panel = await hall.written("周五开会")
    assert "现在是休息时间，点了“发出”，11 月 3 日 08:00 发。" in panel.text
    sent = await hall.tap("王梅", "发出", panel)
    assert sent.text == "11 月 3 日 08:00 发给 2 人。在那之前都可以撤回。"
    assert sent.buttons == ["撤回"]
    await hall.house.advance_to(2026, 11, 3, 7, 59)
    assert not hall.got("李建国", "周五")
    await hall.house.advance_to(2026, 11, 3, 8, 0)
    assert len(hall.got("李建国", "周五")) == 1


async def test_a_draft_survives_a_restart_and_ends_when_dropped(hall: Hall) -> None:
    await hall.written("周五开会")
    await hall.house.restart()
    panel = await hall.says("王梅", "/announce")
    assert hall.person("王梅").chat()[-2].text.endswith("周五开会")
    await hall.tap("王梅", "取消", panel)
    assert hall.person("王梅").sees(panel).text == "好的，什么都没发。"
    assert "想告诉" in (await hall.says("王梅", "/announce")).text


async def test_the_general_branch_reaches_all_below_and_sees_no_names(hall: Hall) -> None:
    await hall.person("赵敏").blocks()
    await hall.house.settle()
    panel = await hall.written("全总支学习", by="郑涛")
    assert "第一党总支能收到" in panel.text
    panel = await hall.tap("郑涛", "要“已读”按钮", panel)
    await hall.tap("郑涛", "发出", panel)
    await hall.house.advance(seconds=31)
    await hall.house.advance(seconds=3)
    assert hall.got("钱进", "全总支学习")
    assert hall.got("王梅", "全总支学习")
    report = hall.person("郑涛").last()
    assert "给第一党总支的通知发完了" in report.text
    await hall.tap("钱进", "已读", hall.got("钱进", "全总支学习")[0])
    branches = await hall.tap("郑涛", "看各支部", report)
    assert "采油四队党支部：送达 1 / 1，已读 1" in branches.text
    assert "采油三队党支部：送达 2 / 4，已读 0" in branches.text
    everything = "\n".join(message.text for message in hall.person("郑涛").chat())
    assert not any(name in everything for name in ("周新", "赵敏", "李建国", "王梅", "钱进"))


async def test_enough_for_a_day(hall: Hall) -> None:
    for number in range(3):
        panel = await hall.written(f"第 {number + 1} 条")
        await hall.tap("王梅", "发出", panel)
        await hall.house.advance(seconds=31)
        await hall.house.advance(seconds=3)
    panel = await hall.written("第 4 条")
    assert "今天已经给大家发了 3 条通知" in await hall.alert("王梅", "发出", panel)
    await hall.house.advance(days=1)
    await hall.tap("王梅", "发出", panel)
    await hall.house.advance(seconds=31)
    assert len(hall.got("李建国", "第 4 条")) == 1


async def test_paused_and_stopped_with_thumbs(hall: Hall) -> None:
    panel = await hall.written("周五开会")
    await hall.tap("王梅", "发出", panel)
    panel = await hall.tap("王梅", "现在就发", panel)
    assert (panel.text, panel.buttons) == ("已发 0 / 2", ["暂停", "停止"])
    panel = await hall.tap("王梅", "暂停", panel)
    assert (panel.text, panel.buttons) == ("已暂停：已发 0 / 2。", ["继续", "停止"])
    await hall.house.advance(minutes=5)
    panel = await hall.tap("王梅", "停止", panel)
    assert panel.text == "已发 0 / 2。停止以后，其余的人就收不到了。"
    await hall.tap("王梅", "确定停止", panel)
    await hall.house.advance(seconds=3)
    assert hall.person("王梅").sees(panel).text == "已停止：已发 0 / 2，其余的不再发。"
    assert hall.person("王梅").last().text == "给采油三队党支部的通知已停止：送达 0 人、没有发 2 人。"
    assert not hall.got("李建国", "周五")


async def test_who_announces_finds_it_and_others_do_not(hall: Hall) -> None:
    await hall.says("王梅", "/start")
    assert "发通知" in hall.person("王梅").last().buttons
    assert "想告诉" in (await hall.says("王梅", "/announce")).text
    await hall.says("李建国", "/start")
    assert "发通知" not in hall.person("李建国").last().buttons
    assert "工作人员" in (await hall.says("李建国", "/announce")).text
