"""What becomes of two tickets that are put together."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.merging.rules import merged
from bot.helpdesk.model import Origin, Rung, State, Ticket

times = st.integers(1, 10**6)


@st.composite
def tickets(draw: st.DrawFn, number: int) -> Ticket:
    state = draw(st.sampled_from([State.OPEN, State.ANSWERED]))
    clock = draw(st.sampled_from(["runs", "aside", "none"])) if state is State.OPEN else "none"
    deadline = draw(times) if clock == "runs" else None
    return Ticket(
        id=number,
        requester_id=1,
        branch_id=1,
        owner_id=draw(st.sampled_from([None, 7, 8])),
        rung=Rung.SECRETARY,
        state=state,
        origin=Origin.ASK,
        question="问",
        question_message_id=None,
        facts=tuple(
            draw(st.lists(st.sampled_from([("卡在", "登录"), ("", "安卓")]), max_size=2, unique=True))
        ),
        shown=tuple(draw(st.lists(st.sampled_from(["pay-how", "login-sms"]), max_size=2, unique=True))),
        asked_at=0,
        gather_until=None,
        opened_at=0,
        deadline=deadline,
        next_at=deadline,
        warned_at=draw(st.none() | times) if deadline else None,
        reminded_at=None,
        answered_at=None,
        first_answered_at=None,
        listen_until=None,
        closed_at=None,
        closed_by=None,
        close_reason=None,
        rating=None,
        unreachable_told_at=None,
        expired_at=None,
        climbing_since=draw(times) if state is State.OPEN else None,
        snoozed_until=draw(times) if clock == "aside" else None,
    )


@given(tickets(1), tickets(2))
def test_no_promise_is_lost(kept: Ticket, joined: Ticket) -> None:
    after = merged(kept, joined)
    promised = [each.deadline for each in (kept, joined) if each.deadline is not None]
    assert after.deadline == min(promised, default=None)
    assert (after.state is State.OPEN) is (State.OPEN in (kept.state, joined.state))
    assert after.next_at is None or after.deadline is not None
    assert after.snoozed_until is None or after.deadline is None
    assert set(after.facts) == {*kept.facts, *joined.facts}
    assert len(set(after.facts)) == len(after.facts)
    assert set(after.shown) == {*kept.shown, *joined.shown}


@given(tickets(1), tickets(2))
def test_nobody_loses_it_without_a_warning_of_their_own(kept: Ticket, joined: Ticket) -> None:
    after = merged(kept, joined)
    if after.warned_at is not None:
        assert kept.owner_id in {
            each.owner_id for each in (kept, joined) if each.warned_at == after.warned_at
        }


@given(tickets(1))
def test_with_an_answered_one_nothing_changes_for_what_waits(kept: Ticket) -> None:
    answered = dataclasses.replace(
        kept, state=State.ANSWERED, deadline=None, next_at=None, warned_at=None, snoozed_until=None,
        climbing_since=None, id=2,
    )  # fmt: skip
    after = merged(kept, answered)
    for name in ("state", "deadline", "next_at", "warned_at", "snoozed_until", "climbing_since"):
        assert getattr(after, name) == getattr(kept, name)
