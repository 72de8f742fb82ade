"""Whose entries and drafts are whose: on every tap, whatever the button was."""

import pytest

from bot.faq.editing import buttons as b
from bot.faq.editing.rules import Group
from bot.faq.model import Audience, Stage
from bot.kit.buttons import Button
from bot.roster.model import Post, Role
from bot.roster.store import dismiss
from tests.faq.editing.conftest import Staff
from tests.faq.editing.test_publishing import QUESTION, SMS, own_sms
from tests.faq.editing.test_writing import new_entry

NOT_ALLOWED = "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
GONE = "这份草稿已经发布或扔掉了。点 /faq 再打开那一条。"


async def row_of(staff: Staff) -> int:
    (row,) = await staff.house.rows("SELECT id FROM faq_entry WHERE unit_id = :unit", unit=staff.tree.branch)
    return int(row["id"])


async def state(staff: Staff) -> list[object]:
    """All that the editor can change."""
    entries = await staff.house.rows("SELECT id, title, body, state, updated_at FROM faq_entry ORDER BY id")
    drafts = await staff.house.rows("SELECT * FROM faq_draft ORDER BY id")
    revisions = await staff.house.rows("SELECT id FROM faq_revision ORDER BY id")
    return [[dict(row) for row in rows] for rows in (entries, drafts, revisions)]


async def test_an_old_button_of_somebody_dismissed_does_nothing(staff: Staff) -> None:
    published = await own_sms(staff, staff.wang, "到队部找王梅看。")
    draft = await new_entry(staff)
    async with staff.house.work() as work:
        member = await work.session.value("SELECT member_id FROM account WHERE id = :id", id=staff.wang.id)
        await dismiss(work.session, member, Post(staff.tree.branch, Role.SECRETARY), now=work.now)
    before = await state(staff)
    for message in (published, draft):
        for button in [button for line in message.rows for button in line]:
            assert await staff.refused(staff.wang, message, data=button.data or "") == NOT_ALLOWED, (
                button.text
            )
    assert await state(staff) == before


@pytest.mark.parametrize("who", ["zhao", "liu", "li"])
async def test_nobody_reaches_another_units_entries_by_a_crafted_button(staff: Staff, who: str) -> None:
    await own_sms(staff, staff.wang, "到队部找王梅看。")
    row = await row_of(staff)
    person = getattr(staff, who)
    message = await staff.says(person, "/ask")
    their_own = {"zhao": staff.tree.sibling, "liu": staff.tree.general, "li": None}[who]
    (revision,) = await staff.house.rows("SELECT id FROM faq_revision WHERE entry_id = :row", row=row)
    before = await state(staff)
    for owner in (staff.tree.branch, their_own, None):
        crafted: list[Button] = [
            b.Open(owner, row),
            b.Asks(owner, row, 0),
            b.Files(owner, row),
            b.Preview(owner, row),
            *(b.Edit(owner, row, field) for field in b.Field),
            b.Override(owner, row),
            b.OverrideNow(owner, row),
            b.Translate(owner, row),
            b.Retire(owner, row),
            b.RetireNow(owner, row),
            b.Restore(owner, row),
            b.History(owner, row, 0),
            b.Past(owner, revision["id"], 0),
            b.Undo(owner, row),
            b.UndoNow(owner, row, revision["id"]),
        ]
        newest = person.last().message_id
        for button in crafted:
            told = await staff.refused(person, message, data=button.encode())
            assert told in (NOT_ALLOWED, "这一条现在没有了。点 /ask 看看有哪些。"), button
        assert person.last().message_id == newest
        assert person.sees(message).text == message.text
    for button in (
        b.HomeOf(staff.tree.branch),
        b.PageOf(staff.tree.branch, Group.PAY, 0),
        b.Retired(staff.tree.branch, 0),
        b.Drafts(staff.tree.branch, 0),
        b.New(staff.tree.branch),
    ):
        assert await staff.refused(person, message, data=button.encode()) == NOT_ALLOWED
    assert await state(staff) == before


@pytest.mark.parametrize("who", ["zhang", "zhao", "chen", "li"])
async def test_a_draft_is_its_authors_alone(staff: Staff, who: str) -> None:
    await new_entry(staff)
    (row,) = await staff.house.rows("SELECT id FROM faq_draft")
    draft = int(row["id"])
    person = getattr(staff, who)
    message = await staff.says(person, "/ask")
    before = await state(staff)
    crafted: list[Button] = [
        b.Draft(draft),
        *(b.Change(draft, field) for field in b.Field),
        b.DraftAsks(draft, 0),
        b.AddAsks(draft),
        b.TitleToo(draft),
        b.DropAsk(draft, 0, 1),
        b.FileUp(draft, 1),
        b.DropFile(draft, 1),
        b.DraftFiles(draft),
        b.Stages(draft),
        b.SetStage(draft, Stage.PAY, next=False),
        b.Steps(draft),
        b.Phones(draft),
        b.SetAudience(draft, Audience.MEMBERS),
        b.PreviewDraft(draft),
        b.Later(draft),
        b.ThrowAway(draft),
        b.ThrowAwayNow(draft),
        b.Check(draft),
        b.Publish(draft, 0),
        b.TakeTheirs(draft),
    ]
    for button in crafted:
        assert await staff.refused(person, message, data=button.encode()) == GONE, button
    assert person.sees(message).text == message.text
    assert await state(staff) == before


async def test_a_reply_to_a_ticket_is_no_text_for_the_editor(staff: Staff) -> None:
    answer = await staff.asks(staff.li, QUESTION, SMS)
    await staff.taps(staff.li, answer, "👎 没解决")
    await staff.house.advance(minutes=2)
    card = next(message for message in staff.wang.chat() if QUESTION in message.text)
    await staff.taps(staff.wang, await staff.walks(staff.wang), "写一条新的")
    await staff.wang.says("在队部小会议室。", reply_to=card)
    await staff.house.settle()
    assert any("在队部小会议室。" in message.text for message in staff.li.chat())
    assert await staff.house.rows("SELECT 1 FROM faq_draft") == []
    stage = await staff.says(staff.wang, "流动红旗在哪里")
    assert stage.text == "这条归到哪一类？"


async def test_entries_of_the_level_between_are_read_by_its_branches(staff: Staff) -> None:
    await own_sms(staff, staff.liu, "总支统一的答案。")
    seen = await staff.walks_to(staff.wang, SMS)
    assert "第一党总支 · 使用中" in seen.text
    assert "刘洋" not in seen.text
    assert seen.buttons[0] == "改成自己的一份"
