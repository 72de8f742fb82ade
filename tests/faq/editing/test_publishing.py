"""Publishing over others, taking out of use, history, and taking back."""

from bot.sandbox import Person, SeenMessage
from tests.faq.editing.conftest import Staff

SMS = "收不到短信验证码"
QUESTION = "请问一下验证码怎么老是收不到啊"


async def own_sms(staff: Staff, person: Person, answer: str) -> SeenMessage:
    """The published entry of the person's unit in place of the one on the SMS code."""
    shown = await staff.walks_to(person, SMS)
    draft = await staff.taps(person, await staff.taps(person, shown, "改成自己的一份"), "写自己的一份")
    await staff.taps(person, draft, "改答案")
    draft = await staff.says(person, answer)
    return await staff.taps(person, await staff.taps(person, draft, "发布…"), "现在发布")


async def draft_of(staff: Staff, person: Person, answer: str) -> SeenMessage:
    """A draft of the unit's own entry on the SMS code, with another answer."""
    shown = await staff.walks_to(person, f"◆ {SMS}")
    await staff.taps(person, shown, "改答案")
    return await staff.says(person, answer)


async def asked_by(staff: Staff, person: Person, title: str = SMS) -> str:
    return (await staff.asks(person, QUESTION, title)).text


async def test_a_units_own_entry_comes_in_place_of_the_one_above_for_its_members_only(staff: Staff) -> None:
    shown = await staff.walks_to(staff.wang, SMS)
    explained = await staff.taps(staff.wang, shown, "改成自己的一份")
    assert explained.text.startswith(f"“{SMS}”是采油一厂党委的，由他们来改。")
    assert "采油三队党支部的党员就看您这份，别处不变" in explained.text
    draft = await staff.taps(staff.wang, explained, "写自己的一份")
    assert draft.text.startswith("采油三队党支部的草稿，还没发布，党员看不到。")
    await staff.taps(staff.wang, draft, "改答案")
    draft = await staff.says(staff.wang, "到队部找王梅看。")
    check = await staff.taps(staff.wang, draft, "发布…")
    assert f"采油三队党支部的党员看到的是这份，不再是采油一厂党委的“{SMS}”。" in check.text
    assert "看英文的党员也会看到这份中文的" in check.text
    assert SMS in (await asked_by(staff, staff.li))
    assert "到队部" not in await asked_by(staff, staff.li)
    published = await staff.taps(staff.wang, check, "现在发布")
    assert "采油三队党支部 · 使用中" in published.text
    assert "到队部找王梅看。" in await asked_by(staff, staff.li)
    assert "到队部" not in await asked_by(staff, staff.zhao)
    (audited,) = await staff.house.rows("SELECT act, details FROM audit WHERE act LIKE 'faq.%'")
    assert audited["act"] == "faq.created"

    found = await staff.walks_to(staff.wang, f"◆ {SMS}")
    sure = await staff.taps(staff.wang, found, "停用")
    assert sure.text.endswith("停用后，党员看到的又是采油一厂党委的那份。")
    retired = await staff.taps(staff.wang, sure, "停用")
    assert retired.text.startswith("已经停用，随时能恢复。")
    assert "到队部" not in await asked_by(staff, staff.li)
    out_of_use = await staff.walks(staff.wang, "停用的 1")
    shown = await staff.taps(staff.wang, out_of_use, f"◆ {SMS}（停用）")
    restored = await staff.taps(staff.wang, shown, "恢复使用")
    assert restored.text.startswith("恢复使用了。")
    assert "到队部找王梅看。" in await asked_by(staff, staff.li)


async def test_the_committee_changes_what_everybody_sees_and_takes_it_back(staff: Staff) -> None:
    shown = await staff.walks_to(staff.chen, SMS)
    assert "撤销上次改动" not in shown.buttons
    await staff.taps(staff.chen, shown, "改标题")
    draft = await staff.says(staff.chen, "验证码收不到")
    assert "改了标题" in draft.text
    check = await staff.taps(staff.chen, draft, "发布…")
    assert check.text.startswith("发布“验证码收不到”吗？\n\n改了标题")
    published = await staff.taps(staff.chen, check, "现在发布")
    assert "陈静 2026-11-02 09:0" in published.text
    assert (await asked_by(staff, staff.zhao, "验证码收不到")).startswith("验证码收不到\n")

    sure = await staff.taps(staff.chen, published, "撤销上次改动")
    assert f"标题：验证码收不到 → {SMS}" in sure.text
    undone = await staff.taps(staff.chen, sure, "撤销")
    assert undone.text.startswith("上次的改动撤销了。")
    assert (await asked_by(staff, staff.zhao)).startswith(f"{SMS}\n")


async def test_branches_learn_the_unit_that_changed_an_entry_but_no_name(staff: Staff) -> None:
    shown = await staff.walks_to(staff.chen, SMS)
    await staff.taps(staff.chen, shown, "改标题")
    draft = await staff.says(staff.chen, "验证码收不到")
    await staff.taps(staff.chen, await staff.taps(staff.chen, draft, "发布…"), "现在发布")
    seen = await staff.walks_to(staff.wang, "验证码收不到")
    assert "采油一厂党委 2026-11-02 09:0" in seen.text
    assert "陈静" not in seen.text
    assert "改动记录" not in seen.buttons


async def test_history_says_who_when_and_what(staff: Staff) -> None:
    published = await own_sms(staff, staff.wang, "到队部找王梅看。")
    await staff.house.advance(hours=1)
    draft = await draft_of(staff, staff.zhang, "到队部找张强看。")
    published = await staff.taps(staff.zhang, await staff.taps(staff.zhang, draft, "发布…"), "现在发布")
    history = await staff.taps(staff.zhang, published, "改动记录")
    lines = history.text.splitlines()
    assert lines[0] == f"{SMS}的改动记录"
    assert lines[1].startswith("1. 2026-11-02 10:0")
    assert lines[1].endswith(" · 张强 · 改了答案")
    assert lines[2].startswith("2. 2026-11-02 09:0")
    assert lines[2].endswith(" · 王梅 · 写的")
    one = await staff.taps(staff.zhang, history, "1")
    assert "－ <s>到队部找王梅看。</s>\n＋ <u>到队部找张强看。</u>" in one.html
    back = await staff.taps(staff.zhang, one, "‹ 返回")
    assert back.text == history.text
    first = await staff.taps(staff.zhang, back, "2")
    assert f"{SMS}\n＋ 到队部找王梅看。" in first.text


async def test_of_two_at_once_the_later_sees_the_change_and_puts_theirs_on_top(staff: Staff) -> None:
    await own_sms(staff, staff.wang, "到队部找王梅看。")
    mine = await draft_of(staff, staff.zhang, "张强的答案。")
    theirs = await draft_of(staff, staff.wang, "王梅的新答案。")
    await staff.taps(staff.wang, await staff.taps(staff.wang, theirs, "发布…"), "现在发布")

    conflict = await staff.taps(staff.zhang, mine, "发布…")
    assert conflict.text.startswith("您写的时候，王梅改过这条（2026-11-02 09:0")
    assert "－ <s>到队部找王梅看。</s>\n＋ <u>王梅的新答案。</u>" in conflict.html
    assert conflict.buttons == ["还是发我的", "在新的上面接着改", "扔掉我的", "‹ 返回"]
    draft = await staff.taps(staff.zhang, conflict, "在新的上面接着改")
    # Nothing is lost: what gave way is there to be copied.
    assert draft.text == "张强的答案。"
    draft = staff.zhang.sees(conflict)
    assert "王梅的新答案。" in draft.text
    await staff.taps(staff.zhang, draft, "改答案")
    draft = await staff.says(staff.zhang, "两人商量好的答案。")
    check = await staff.taps(staff.zhang, draft, "发布…")
    assert check.buttons[0] == "现在发布"
    await staff.taps(staff.zhang, check, "现在发布")
    assert "两人商量好的答案。" in await asked_by(staff, staff.li)


async def test_of_two_at_once_the_later_publishes_all_the_same(staff: Staff) -> None:
    await own_sms(staff, staff.wang, "到队部找王梅看。")
    mine = await draft_of(staff, staff.zhang, "张强的答案。")
    check = await staff.taps(staff.zhang, mine, "发布…")
    theirs = await draft_of(staff, staff.wang, "王梅的新答案。")
    await staff.taps(staff.wang, await staff.taps(staff.wang, theirs, "发布…"), "现在发布")
    # The check was passed before, but what stood there is no longer what 张强 has seen.
    conflict = await staff.taps(staff.zhang, check, "现在发布")
    assert "王梅的新答案。" in await asked_by(staff, staff.li)
    await staff.taps(staff.zhang, staff.zhang.sees(conflict), "还是发我的")
    assert "张强的答案。" in await asked_by(staff, staff.li)


async def test_of_two_at_once_the_later_gives_way(staff: Staff) -> None:
    await own_sms(staff, staff.wang, "到队部找王梅看。")
    mine = await draft_of(staff, staff.zhang, "张强的答案。")
    theirs = await draft_of(staff, staff.wang, "王梅的新答案。")
    await staff.taps(staff.wang, await staff.taps(staff.wang, theirs, "发布…"), "现在发布")
    conflict = await staff.taps(staff.zhang, mine, "发布…")
    gone = await staff.taps(staff.zhang, await staff.taps(staff.zhang, conflict, "扔掉我的"), "扔掉")
    assert gone.text == "草稿扔掉了。"
    assert "王梅的新答案。" in (await staff.taps(staff.zhang, gone, "‹ 返回")).text


async def test_two_who_both_write_the_units_first_own_entry_do_not_overwrite_each_other(staff: Staff) -> None:
    shown = await staff.walks_to(staff.zhang, SMS)
    mine = await staff.taps(
        staff.zhang, await staff.taps(staff.zhang, shown, "改成自己的一份"), "写自己的一份"
    )
    await own_sms(staff, staff.wang, "到队部找王梅看。")
    conflict = await staff.taps(staff.zhang, mine, "发布…")
    assert conflict.text.startswith("您写的时候，王梅改过这条")


async def test_an_untouched_draft_follows_what_others_publish(staff: Staff) -> None:
    await own_sms(staff, staff.wang, "到队部找王梅看。")
    await staff.taps(staff.zhang, await staff.walks_to(staff.zhang, f"◆ {SMS}"), "改答案")
    theirs = await draft_of(staff, staff.wang, "王梅的新答案。")
    await staff.taps(staff.wang, await staff.taps(staff.wang, theirs, "发布…"), "现在发布")
    copy = await staff.taps(staff.zhang, await staff.walks_to(staff.zhang, f"◆ {SMS}"), "改答案")
    assert copy.text == "王梅的新答案。"


async def test_a_change_that_was_seen_is_undone_and_no_newer_one(staff: Staff) -> None:
    published = await own_sms(staff, staff.wang, "到队部找王梅看。")
    sure = await staff.taps(staff.wang, published, "撤销上次改动")
    assert "这条是那时新写的，撤销就是停用。" in sure.text
    theirs = await draft_of(staff, staff.zhang, "张强的答案。")
    await staff.taps(staff.zhang, await staff.taps(staff.zhang, theirs, "发布…"), "现在发布")
    told = await staff.refused(staff.wang, sure, data=sure.rows[0][0].data or "")
    assert told is not None
    assert "张强的答案。" in await asked_by(staff, staff.li)
