"""Bulk messages take turns by flow, leave evenly and in time, and keep nobody waiting for an answer."""

import collections
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.kit import delivery
from bot.kit import work as work_module
from bot.kit.clock import HOUR, SECOND, ManualClock
from bot.kit.courier import Courier
from bot.kit.database import Reader, Row, SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.messages import Message
from bot.kit.outbox import Policy, Urgency
from bot.kit.pace import Limits
from bot.kit.transport import NoAnswer
from bot.kit.work import Works
from tests.kit.fakes import some_turns
from tests.kit.post import Post


@pytest.fixture
def post(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Post:
    return Post(database, clock, languages)


async def write_round(post: Post, flow: str | None, people: range, name: str = "") -> None:
    """A reminder for each of `people`, all in one transaction."""
    name = name or str(flow)
    async with post.works.begin() as work:
        for person in people:
            await work.out.send(
                person,
                Message(name),
                key=f"{name}:{person}",
                urgency=Urgency.BULK,
                policy=Policy.AT_MOST_ONCE,
                flow=flow,
            )


async def pass_seconds(post: Post, seconds: float) -> None:
    """Moves the clock as the courier's naps need it, to this much later."""
    end = post.clock.now() + round(seconds * SECOND)
    while True:
        await post.courier.rested()
        await some_turns(5)
        wake_at = post.clock.next_wake()
        if wake_at is None or wake_at > end:
            break
        await post.clock.move_to(wake_at)
    await post.clock.move_to(end)


async def test_rounds_written_one_after_another_share_the_limit_whatever_their_size(post: Post) -> None:
    sizes = {f"unit:{number}": size for number, size in enumerate((400, 300, 200, 100, 20))}
    for number, (unit, size) in enumerate(sizes.items()):
        await write_round(post, unit, range(1 + 1_000 * number, 1 + 1_000 * number + size))
    async with post.running():
        await pass_seconds(post, 10)
    shares = collections.Counter(post.telegram.texts[:250])
    # The smallest is through first; what it leaves is shared by the others.
    assert shares == {"unit:4": 20} | {f"unit:{number}": pytest.approx(57.5, abs=1) for number in range(4)}
    assert post.telegram.texts[:100].count("unit:4") == 20


async def test_a_round_that_begins_later_neither_waits_for_the_earlier_nor_holds_it_up(post: Post) -> None:
    await write_round(post, "early", range(1, 201))
    async with post.running():
        await pass_seconds(post, 3)
        sent = len(post.telegram.calls)
        await write_round(post, "late", range(1_001, 1_031))
        await pass_seconds(post, 2)
    assert collections.Counter(post.telegram.texts[sent : sent + 40]) == {
        "early": pytest.approx(20, abs=1),
        "late": pytest.approx(20, abs=1),
    }


async def test_a_round_written_in_parts_stays_one_flow(post: Post) -> None:
    await write_round(post, "whole", range(1, 61))
    for part in range(3):
        await write_round(post, "parts", range(1_001 + 20 * part, 1_021 + 20 * part))
    async with post.running():
        await pass_seconds(post, 2)
    shares = collections.Counter(post.telegram.texts[:50])
    assert shares == {"whole": 25, "parts": 25}


async def test_what_was_written_already_takes_no_further_turn(post: Post) -> None:
    await write_round(post, "a", range(1, 21))
    await write_round(post, "a", range(1, 31))
    async with post.database.reading() as reader:
        rows = await reader.all("SELECT turn FROM outgoing ORDER BY id")
    assert [row["turn"] for row in rows] == list(range(30))


async def test_a_bulk_message_of_its_own_waits_for_no_round(post: Post) -> None:
    await write_round(post, "round", range(1, 101))
    await write_round(post, None, range(1_001, 1_003), "digest")
    async with post.running():
        await pass_seconds(post, 1)
    assert post.telegram.texts[:4] == ["round", "digest", "digest", "round"]


async def test_a_turn_missed_by_a_chat_told_to_wait_lets_no_newcomer_overtake_the_others(post: Post) -> None:
    await write_round(post, "early", range(1, 201))
    async with post.works.begin() as work:
        await work.session.run(
            "UPDATE outgoing SET not_before = :later WHERE chat_id = 1", later=work.now + HOUR
        )
    async with post.running():
        await pass_seconds(post, 3)
        sent = len(post.telegram.calls)
        await write_round(post, "late", range(1_001, 1_101))
        await pass_seconds(post, 2)
    shares = collections.Counter(post.telegram.texts[sent : sent + 40])
    assert shares == {"early": pytest.approx(20, abs=1), "late": pytest.approx(20, abs=1)}


async def test_within_a_chat_the_earlier_goes_first_and_soon(post: Post) -> None:
    await write_round(post, "long", range(1, 501))
    await write_round(post, "short", range(500, 501))
    async with post.running():
        await pass_seconds(post, 5)
    calls = [(call.parameters["chat_id"], call.parameters["text"]) for call in post.telegram.calls]
    assert [text for chat, text in calls if chat == 500] == ["long", "short"]
    assert calls.index((500, "short")) < 30


async def test_the_turns_are_kept_over_a_restart(post: Post) -> None:
    await write_round(post, "a", range(1, 101))
    await write_round(post, "b", range(1_001, 1_101))
    async with post.running():
        await pass_seconds(post, 1)
    post.courier = Courier(post.database, post.telegram, post.clock, Limits())
    post.works = Works(post.database, post.clock, post.works.languages, post.courier.wake)
    async with post.running():
        await post.delivered()
    texts = post.telegram.texts
    assert len(texts) == 200
    assert all(abs(texts[:end].count("a") - texts[:end].count("b")) <= 1 for end in range(0, 200, 2))
    assert len({call.parameters["chat_id"] for call in post.telegram.calls}) == 200


async def test_an_answer_leaves_within_a_tenth_of_a_second_while_a_round_uses_all_of_the_limit(
    post: Post,
) -> None:
    await write_round(post, "round", range(1, 901))
    waited = []
    async with post.running():
        await pass_seconds(post, 2)
        for number in range(40):
            await pass_seconds(post, 0.37)
            asked = post.clock.monotonic()
            await post.text(2_000 + number, "answer")
            await pass_seconds(post, 0.2)
            (answer,) = [call for call in post.telegram.calls if call.parameters["chat_id"] == 2_000 + number]
            waited.append(answer.at - asked)
        assert max(waited) <= 0.11
        bulk = [call.at for call in post.telegram.calls if call.parameters["text"] == "round"]
        everything = [call.at for call in post.telegram.calls]
        await post.works.cancel("round:")
    assert all(late - early >= 0.999 for early, late in zip(everything, everything[30:], strict=False))
    assert len(everything) / everything[-1] > 0.97 * 30
    assert all(late - early >= 0.09 for early, late in zip(bulk, bulk[6:], strict=False))


async def test_a_round_of_any_size_is_cancelled_in_short_transactions(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_module, "SHORT", 20)
    await write_round(post, "round", range(1, 51))
    await write_round(post, "other", range(1, 6))
    before = post.database.transactions
    assert await post.works.cancel("round:") == 50
    assert post.database.transactions - before == 3
    assert (await post.states()).count("waiting") == 5


async def test_what_is_too_late_is_cancelled_and_keeps_nobody_waiting(post: Post) -> None:
    soon = post.clock.now() + 10 * SECOND
    for person in range(1, 41):
        await post.text(person, "by day", urgency=Urgency.BULK, policy=Policy.AT_MOST_ONCE, until=soon)
    await post.text(1, "at any time")
    await post.clock.move_to(soon)
    async with post.running():
        await post.delivered()
    assert post.telegram.texts == ["at any time"]
    assert await post.states() == ["cancelled"] * 40 + ["sent"]


async def test_what_was_to_be_tried_again_is_not_once_it_is_too_late(post: Post) -> None:
    post.telegram.answer = lambda _: NoAnswer("refused", may_have_arrived=False)
    until = post.clock.now() + 10 * SECOND
    await post.text(1, "by day", policy=Policy.AT_MOST_ONCE, until=until)
    async with post.running():
        await post.delivered()
    assert await post.states() == ["cancelled"]
    assert all(call.at < 10 for call in post.telegram.calls)


class Explained:
    """A reader that remembers how the database goes about what it is asked."""

    def __init__(self, reader: Reader) -> None:
        self.plan = ""
        self._reader = reader

    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        self.plan = "\n".join(
            row["detail"] for row in await self._reader.all(f"EXPLAIN QUERY PLAN {sql}", **parameters)
        )
        return await self._reader.all(sql, **parameters)

    async def first(self, sql: str, **parameters: Any) -> Row | None:
        return next(iter(await self.all(sql, **parameters)), None)

    async def value(self, sql: str, **parameters: Any) -> Any:
        return await self._reader.value(sql, **parameters)

    def stream(self, sql: str, **parameters: Any) -> AsyncIterator[Row]:
        return self._reader.stream(sql, **parameters)


async def test_the_next_messages_are_read_in_their_order_without_sorting_all_that_wait(post: Post) -> None:
    await write_round(post, "round", range(1, 11))
    async with post.database.reading() as reader:
        explained = Explained(reader)
        found = await delivery.heads(explained, now=post.clock.now(), passing_over={2, 3}, limit=3)
    assert [each.chat_id for each in found] == [1, 4, 5]
    assert "o USING INDEX outgoing_turn" in explained.plan
    assert "TEMP B-TREE" not in explained.plan
