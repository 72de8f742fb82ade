"""Asking, on the real database."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.faq import jobs, service, store
from bot.faq.errors import LongAgo, NotVisible
from bot.faq.matcher import Index
from bot.faq.model import CameBy, Decision, Stage, Verdict
from bot.kit.clock import DAY, ManualClock
from bot.kit.work import Work, Works
from bot.roster.model import Actor
from tests.factories import Tree

SMS = "请问一下验证码怎么老是收不到啊"


async def questions(works: Works) -> Sequence[dict[str, Any]]:
    async with works.reading() as reader:
        return [dict(row) for row in await reader.all("SELECT * FROM faq_question ORDER BY id")]


async def kept(works: Works) -> Sequence[str]:
    async with works.reading() as reader:
        return [row["text"] for row in await reader.all("SELECT text FROM faq_asked ORDER BY question_id")]


async def own_entry(work: Work, unit: int, slug: str, title: str, audience: str = "public") -> None:
    row = await work.session.value(
        "INSERT INTO faq_entry (unit_id, slug, language, kind, title, body, stage, steps, phones, audience, source,"
        " handover, state, origin, digest, updated_at) VALUES (:unit, :slug, 'zh', 'entry', :title, '正文', 'login',"
        " '[]', '[]', :audience, '', 0, 'published', 'chat', '', 0) RETURNING id",
        unit=unit,
        slug=slug,
        title=title,
        audience=audience,
    )
    await work.session.run(
        "INSERT INTO faq_phrasing (entry_id, place, text) VALUES (:row, 0, :text)",
        row=row,
        text=f"{title}的问法",
    )


async def test_an_answer_is_noted_and_its_words_are_kept_until_it_is_settled(
    works: Works, member: Actor, index: Index, tree: Tree
) -> None:
    async with works.begin() as work:
        (reply,) = await service.ask(work, member, index, SMS)
    assert reply.decision is Decision.ANSWER
    assert reply.entry is not None
    assert reply.entry.slug == "login-sms"
    assert await kept(works) == [SMS]
    (row,) = await questions(works)
    assert (row["decision"], row["branch_id"], json.loads(row["shown"]), row["verdict"]) == (
        "answer",
        tree.branch,
        ["login-sms"],
        None,
    )
    assert SMS not in json.dumps(row, ensure_ascii=False)

    assert reply.question_id is not None
    async with works.begin() as work:
        settled = await service.settle(work, member, reply.question_id, Verdict.UNSOLVED)
    assert settled is not None
    assert (settled.text, settled.shown) == (SMS, ("login-sms",))
    assert await kept(works) == []

    async with works.begin() as work:
        assert await service.settle(work, member, reply.question_id, Verdict.SOLVED) is None
    assert [row["verdict"] for row in await questions(works)] == ["unsolved"]


async def test_nobody_settles_or_reads_anothers_question(
    works: Works, member: Actor, stranger: Actor, index: Index
) -> None:
    async with works.begin() as work:
        (reply,) = await service.ask(work, member, index, SMS)
    assert reply.question_id is not None
    for act in (
        lambda work: service.settle(work, stranger, reply.question_id, Verdict.UNSOLVED),
        lambda work: service.pick(work, stranger, reply.question_id, 0),
        lambda work: service.suggestions(work, stranger, reply.question_id),
    ):
        with pytest.raises(LongAgo):
            async with works.begin() as work:
                await act(work)
    assert await kept(works) == [SMS]


async def test_a_suggestion_is_chosen_and_left_again(works: Works, member: Actor, index: Index) -> None:
    async with works.begin() as work:
        (reply,) = await service.ask(work, member, index, "闪退")
        assert reply.decision is Decision.SUGGEST
        assert reply.question_id is not None
        assert 1 <= len(reply.suggestions) <= 3
        chosen = await service.pick(work, member, reply.question_id, 0)
        assert chosen is not None
        assert chosen.slug == reply.suggestions[0].slug == "login-crash"
        again = await service.suggestions(work, member, reply.question_id)
        assert again == list(enumerate(reply.suggestions))
        with pytest.raises(NotVisible):
            await service.pick(work, member, reply.question_id, 3)
        settled = await service.settle(work, member, reply.question_id, Verdict.SOLVED)
        assert settled is not None
        assert settled.shown == tuple(each.slug for each in reply.suggestions)
        assert await service.pick(work, member, reply.question_id, 0) is None
        assert await service.suggestions(work, member, reply.question_id) is None
    assert [(row["opened"], row["verdict"]) for row in await questions(works)] == [("login-crash", "solved")]


@pytest.mark.parametrize(
    ("text", "decision", "slug"),
    [
        ("我想退出党组织", Decision.DECLINE, "decline-decision"),
        ("我对支部书记有意见", Decision.DECLINE, "decline-complaint-secretary"),
        ("你好", Decision.SMALLTALK, "smalltalk-greeting"),
        ("👍", Decision.SMALLTALK, None),
    ],
)
async def test_what_awaits_no_verdict_leaves_no_words(
    works: Works, member: Actor, index: Index, text: str, decision: Decision, slug: str | None
) -> None:
    async with works.begin() as work:
        (reply,) = await service.ask(work, member, index, text)
    assert reply.decision is decision
    assert (reply.entry.slug if reply.entry else None) == slug
    assert reply.question_id is None
    assert await kept(works) == []
    assert [row["decision"] for row in await questions(works)] == [decision.value]


async def test_a_declines_words_are_kept_where_it_may_still_be_handed_over(
    works: Works, member: Actor, index: Index
) -> None:
    async with works.begin() as work:
        (reply,) = await service.ask(work, member, index, "食堂今天几点开饭")
    assert reply.decision is Decision.DECLINE
    assert reply.question_id is not None
    assert await kept(works) == ["食堂今天几点开饭"]
    async with works.begin() as work:
        settled = await service.settle(work, member, reply.question_id, Verdict.PERSON)
    assert settled == service.Settled("食堂今天几点开饭", ())
    assert [row["verdict"] for row in await questions(works)] == ["person"]


async def test_words_are_forgotten_after_a_week(
    works: Works, clock: ManualClock, member: Actor, index: Index
) -> None:
    async with works.begin() as work:
        (old,) = await service.ask(work, member, index, SMS)
    await clock.move_to(clock.now() + 5 * DAY)
    async with works.begin() as work:
        await service.ask(work, member, index, "党费怎么交")
    await clock.move_to(clock.now() + 2 * DAY + 1)
    await jobs.forget(works)
    await jobs.forget(works)
    assert await kept(works) == ["党费怎么交"]
    assert old.question_id is not None
    with pytest.raises(LongAgo):
        async with works.begin() as work:
            await service.settle(work, member, old.question_id, Verdict.UNSOLVED)
    assert len(await questions(works)) == 2


async def test_a_branchs_own_entry_stands_over_those_above(
    works: Works, member: Actor, stranger: Actor, tree: Tree
) -> None:
    async with works.begin() as work:
        await own_entry(work, tree.general, "login-sms", "总支的")
        assert [each.title for each in await service.listed(work.session, member, ["login-sms"])] == [
            "总支的"
        ]
        await own_entry(work, tree.branch, "login-sms", "本支部的")
        await own_entry(work, tree.sibling, "login-sms", "邻支部的")
        await own_entry(work, tree.sibling, "only-there", "只在邻支部")
        found = await service.listed(work.session, member, ["only-there", "login-sms", "pay-how"])
        assert [each.slug for each in found] == ["login-sms", "pay-how"]
        assert found[0].title == "本支部的"
        (outside,) = await service.listed(work.session, stranger, ["login-sms"])
        assert outside.title not in ("总支的", "本支部的", "邻支部的")

        topics = {topic.key for topic in await store.topics(work.session)}
        assert {"login-sms", f"login-sms@{tree.branch}", f"login-sms@{tree.sibling}"} <= topics
        index = Index.build(await store.topics(work.session))
        (reply,) = await service.ask(work, member, index, "本支部的的问法")
        assert reply.entry is not None
        assert reply.entry.title == "本支部的"
        (reply,) = await service.ask(work, member, index, "邻支部的的问法")
        assert reply.entry is None or reply.entry.title != "邻支部的"


async def test_strangers_see_public_entries_only(works: Works, member: Actor, stranger: Actor) -> None:
    async with works.begin() as work:
        await work.session.run("UPDATE faq_entry SET audience = 'members' WHERE slug = 'login-sms'")
        assert await service.listed(work.session, stranger, ["login-sms"]) == []
        with pytest.raises(NotVisible):
            await service.read(work, stranger, "login-sms", CameBy.OFFER)
        assert len(await service.listed(work.session, member, ["login-sms"])) == 1
        stages = [each.slug for each in await service.of_stage(work.session, stranger, Stage.LOGIN)]
        assert "login-sms" not in stages
        assert "login-crash" in stages


async def test_english_where_there_is_some_else_chinese(works: Works, tree: Tree, stranger: Actor) -> None:
    async with works.begin() as work:
        await work.session.run("DELETE FROM faq_phrasing")
        await work.session.run("DELETE FROM faq_entry WHERE slug = 'login-sms' AND language = 'en'")
        await work.session.run("UPDATE account SET language = 'en' WHERE id = 12")
    english = Actor(12, "en")
    async with works.begin() as work:
        titles = [
            each.title for each in await service.listed(work.session, english, ["login-crash", "login-sms"])
        ]
        chinese = [
            each.title for each in await service.listed(work.session, stranger, ["login-crash", "login-sms"])
        ]
    assert titles[0].isascii()
    assert titles[1] == chinese[1]


async def test_an_entry_chosen_from_a_list_counts_with_its_title(works: Works, member: Actor) -> None:
    async with works.begin() as work:
        (listed,) = await service.listed(work.session, member, ["pay-how"])
        question, entry = await service.read_row(work, member, listed.row)
        settled = await service.settle(work, member, question, Verdict.UNSOLVED)
        assert settled is not None
        assert settled.text == entry.title
        with pytest.raises(NotVisible):
            await service.read_row(work, member, 999_999)


async def test_what_another_room_offers_leaves_no_words(works: Works, member: Actor) -> None:
    async with works.begin() as work:
        await service.offered(work, member, "pay-how")
    assert await kept(works) == []
    assert [row["came_by"] for row in await questions(works)] == ["offer"]


async def test_forgetting_an_account_forgets_its_words(
    works: Works, member: Actor, stranger: Actor, index: Index
) -> None:
    async with works.begin() as work:
        await service.ask(work, member, index, SMS)
        await service.ask(work, stranger, index, "党费怎么交")
        await service.forget(work, member)
    assert await kept(works) == ["党费怎么交"]


async def test_very_long_texts_are_kept_as_written(works: Works, member: Actor, index: Index) -> None:
    text = "验证码收不到怎么办," * 400
    async with works.begin() as work:
        (reply,) = await service.ask(work, member, index, text)
    assert reply.decision in (Decision.ANSWER, Decision.SUGGEST)
    assert await kept(works) == [text]
