"""Phrasings get their vectors in the background, once; questions are compared with them and leave none."""

from collections.abc import Sequence

import pytest
from aiohttp import web

from bot.faq import store as faq
from bot.faq.embedding import Embeddings, EmbeddingSettings, sweeps
from bot.faq.embedding.jobs import BATCH, CatchingUp, forget_unused
from bot.faq.embedding.line import FAILURES
from bot.kit.clock import DAY, MINUTE, ManualClock
from bot.kit.work import Works
from tests.faq.embedding.rows import ENTRIES, publish
from tests.faq.embedding.standin import Standin, saying


async def retire(works: Works, slug: str) -> None:
    async with works.begin() as work:
        await work.session.run("UPDATE faq_entry SET state = 'retired' WHERE slug = :slug", slug=slug)
        await faq.count_version(work.session)


async def count(works: Works) -> int:
    async with works.reading() as reader:
        return int(await reader.value("SELECT COUNT(*) FROM faq_vector"))


@pytest.fixture
def catching_up(embeddings: Embeddings) -> CatchingUp:
    return CatchingUp(embeddings)


async def best(embeddings: Embeddings, text: str) -> str | None:
    found = await embeddings.of(text)
    return max(found, key=lambda key: found[key]) if found else None


async def test_questions_are_compared_with_what_topics_are_asked_by(
    works: Works, content: None, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    assert await embeddings.of("怎么交党费") is None  # nothing to compare with: the server is not bothered
    assert standin.asked == []
    await catching_up.run(works)
    assert sorted(standin.texts) == sorted(text for texts in ENTRIES.values() for text in texts)
    assert await best(embeddings, "请问\n党费怎么交") == "pay-how"
    assert standin.asked[-1] == ["请问 党费怎么交"]
    assert await best(embeddings, "验证码收不到") == "login-sms"
    assert await embeddings.of("  ") is None
    assert await count(works) == 6  # the questions have left nothing


async def test_a_second_start_asks_the_server_nothing(
    works: Works,
    content: None,
    standin: Standin,
    settings: EmbeddingSettings,
    catching_up: CatchingUp,
    clock: ManualClock,
) -> None:
    await catching_up.run(works)
    standin.asked.clear()
    anew = Embeddings(settings, clock)
    try:
        await CatchingUp(anew).run(works)
        assert standin.asked == []
        assert await best(anew, "党费怎么交") == "pay-how"
    finally:
        await anew.close()


async def test_what_is_published_later_follows_alone(
    works: Works, content: None, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    await catching_up.run(works)
    await publish(works, "dues-rate", "每月应该缴多少钱", title="标准")
    standin.asked.clear()
    await catching_up.run(works)
    assert sorted(standin.texts) == ["标准", "每月应该缴多少钱"]
    assert await best(embeddings, "每月要缴多少") == "dues-rate"
    await retire(works, "dues-rate")
    await catching_up.run(works)
    found = await embeddings.of("每月要缴多少")
    assert found is not None
    assert "dues-rate" not in found


async def test_the_former_topics_serve_until_the_new_ones_are_complete(
    works: Works, content: None, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    await catching_up.run(works)
    await publish(works, "dues-rate", "每月应该缴多少钱", title="标准")
    standin.answer = saying(503, "")
    await catching_up.run(works)
    standin.answer = standin.well
    assert await best(embeddings, "党费怎么交") == "pay-how"


async def test_no_more_at_a_time_than_a_batch(
    works: Works, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    await publish(works, "many", *(f"第{number}种问法" for number in range(3 * BATCH)), title="很多")
    await catching_up.run(works)
    assert [len(texts) for texts in standin.asked] == [BATCH, BATCH, BATCH, 1]


async def test_a_long_catching_up_goes_on_where_it_was(
    works: Works, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp, clock: ManualClock
) -> None:
    await publish(works, "many", *(f"第{number}种问法" for number in range(2 * BATCH)), title="很多")
    well = standin.well

    async def slowly(texts: Sequence[str]) -> web.StreamResponse:
        await clock.move_to(clock.now() + MINUTE)
        return await well(texts)

    standin.answer = slowly
    await catching_up.run(works)
    assert await count(works) == BATCH
    assert (
        await embeddings.of("第3种问法") is None
    )  # who has vectors already would seem nearer than the others
    await catching_up.run(works)
    await catching_up.run(works)
    assert await count(works) == 2 * BATCH + 1
    assert await best(embeddings, "第3种问法") == "many"


async def test_downtime_of_the_server_is_caught_up_with(
    works: Works,
    content: None,
    standin: Standin,
    embeddings: Embeddings,
    catching_up: CatchingUp,
    clock: ManualClock,
) -> None:
    standin.answer = saying(503, "")
    for _ in range(10):
        await catching_up.run(works)
    assert len(standin.asked) == FAILURES
    standin.answer = standin.well
    for _ in range(10):
        await clock.move_to(clock.now() + MINUTE)
        await catching_up.run(works)
    assert await best(embeddings, "党费怎么交") == "pay-how"
    assert await count(works) == 6


async def test_a_text_that_the_server_does_not_take_holds_up_none_of_the_others(
    works: Works,
    content: None,
    standin: Standin,
    embeddings: Embeddings,
    catching_up: CatchingUp,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    well = standin.well

    async def picky(texts: Sequence[str]) -> web.StreamResponse:
        return web.Response(status=500) if "党费在哪里交" in texts else await well(texts)

    standin.answer = picky
    for _ in range(10):
        await catching_up.run(works)
        await clock.move_to(clock.now() + MINUTE)
    assert await count(works) == 5
    assert await best(embeddings, "验证码收不到") == "login-sms"
    assert "a phrasing has no vector" in [record.getMessage() for record in caplog.records]
    assert not [record for record in caplog.records if "党费" in repr(vars(record))]

    # The next day it is tried once more.
    standin.answer = well
    await clock.move_to(clock.now() + DAY)
    await catching_up.run(works)
    assert await count(works) == 6


async def test_another_model_under_the_same_name(
    works: Works, content: None, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    await catching_up.run(works)
    standin.dimension = 48
    assert await embeddings.of("党费怎么交") is None
    asked = len(standin.texts)
    await catching_up.run(works)
    assert len(standin.texts) == asked + 6
    assert await best(embeddings, "党费怎么交") == "pay-how"


async def test_another_model_noticed_by_a_new_phrasing(
    works: Works, content: None, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    await catching_up.run(works)
    standin.dimension = 48
    await publish(works, "dues-rate", "每月应该缴多少钱", title="标准")
    await catching_up.run(works)
    await catching_up.run(works)
    assert await count(works) == 8
    assert await best(embeddings, "党费怎么交") == "pay-how"


async def test_vectors_unused_for_a_month_go(
    works: Works, content: None, embeddings: Embeddings, catching_up: CatchingUp, clock: ManualClock
) -> None:
    await catching_up.run(works)
    await retire(works, "pay-how")
    for _ in range(31):
        await clock.move_to(clock.now() + DAY)
        await catching_up.run(works)
        await forget_unused(works)
    assert await count(works) == 3
    for sweep in sweeps(None):  # switched off, they go too
        await clock.move_to(clock.now() + 31 * DAY)
        await sweep.run(works)
    assert await count(works) == 0


async def test_without_content_there_is_nothing_to_do(
    works: Works, standin: Standin, embeddings: Embeddings, catching_up: CatchingUp
) -> None:
    await catching_up.run(works)
    assert standin.asked == []
    assert await embeddings.of("党费怎么交") is None
