"""Pacing: whatever the network's delays, no second holds more than the limit."""

from hypothesis import given
from hypothesis import strategies as st

from bot.kit.pace import Limits, Pace, Spread, Window


@given(
    limit=st.integers(1, 30),
    delays=st.lists(st.floats(0.001, 3.0), min_size=1, max_size=200),
)
def test_no_period_holds_more_than_the_limit_however_slow_the_answers(
    limit: int, delays: list[float]
) -> None:
    window = Window(limit, 1.0)
    now = 0.0
    answers: list[float] = []
    starts: list[float] = []
    for delay in delays:
        while not window.free(now):
            opens = window.next_free(now)
            now = min(answers) if opens is None else opens
            for answer in sorted(each for each in answers if each <= now):
                window.finish(answer)
                answers.remove(answer)
        window.start()
        starts.append(now)
        answers.append(now + delay)
    # Telegram counts arrivals; a request arrives at some moment between its start and its answer.
    assert all(late - early >= 1.0 - 1e-9 for early, late in zip(starts, starts[limit:], strict=False))


def test_a_window_says_when_it_opens() -> None:
    window = Window(2, 10.0)
    for _ in range(2):
        window.start()
    assert window.next_free(0.0) is None
    window.finish(1.0)
    assert window.next_free(1.0) == 11.0
    window.finish(3.0)
    assert window.next_free(3.0) == 11.0
    assert window.free(11.0) == 1


def test_a_chat_told_to_wait_is_held_alone_until_a_second_one_is() -> None:
    pace = Pace(Limits())
    for _ in range(3):
        pace.start(1)
        pace.finish(1, 0.0)
    assert not pace.refuse(1, 0.0, 5.0)
    assert pace.chat_next_free(1, 0.0) == 5.0
    assert pace.free(0.0) > 0
    assert pace.refuse(-2, 1.0, 5.0)
    assert pace.free(1.0) == 0
    assert pace.next_free(1.0) == 6.0


def test_after_a_refusal_of_the_whole_bot_it_goes_slower_and_recovers() -> None:
    pace = Pace(Limits())
    assert pace.refuse(1, 0.0, 1.0)
    assert pace.free(2.0) == 27
    assert pace.free(61.0) == 28
    assert pace.free(122.0) == 29
    assert pace.free(183.0) == 30
    assert pace.free(1000.0) == 30


def test_idle_chats_are_forgotten() -> None:
    pace = Pace(Limits())
    for chat in range(1, 10_000):
        pace.start(chat)
        pace.finish(chat, chat / 30)
    assert len(pace._chats) < 600
    assert pace.chat_next_free(1, 400.0) == 400.0


def test_messages_that_start_together_need_room_together() -> None:
    window = Window(4, 4.0)
    assert window.next_free(0.0, 10) == 0.0  # more than the limit, when nothing else was
    window.start(3)
    assert window.next_free(0.0, 1) == 0.0
    assert window.next_free(0.0, 2) is None
    window.finish(1.0, 3)
    assert window.next_free(1.0, 2) == 5.0
    assert window.free(1.0) == 1


@given(
    limit=st.integers(1, 60),
    lateness=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=150),
)
def test_bulk_leaves_evenly_and_at_the_full_rate_though_it_is_woken_a_little_late(
    limit: int, lateness: list[float]
) -> None:
    spread = Spread(Window(limit, 1.0))
    step, group = 1 / limit, max(1, limit // 10)
    now, starts = 0.0, []
    for late in lateness:
        now = max(now, spread.next_free(now)) + late * step * 0.9
        count = spread.free(now)
        assert group <= count <= group + 1
        for _ in range(count):
            spread.start(now)
            starts.append(now)
    assert len(starts) >= starts[-1] * limit, "lateness is made up for"
    several = group + 2
    assert all(b - a >= step * (1 - 1e-3) for a, b in zip(starts, starts[several - 1 :], strict=False))


def test_without_a_limit_bulk_is_not_spread() -> None:
    pace = Pace(Limits.off())
    for person in range(100):
        assert pace.bulk_free(0.0) == Limits.off().overall
        pace.start_bulk(person, 0.0)
