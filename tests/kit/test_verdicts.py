"""What an attempt to deliver means, case by case."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import verdicts
from bot.kit.clock import DAY, SECOND
from bot.kit.delivery import Outgoing
from bot.kit.outbox import Policy, State, Urgency
from bot.kit.transport import NoAnswer, Refused

NOW = 1_000 * DAY
ALWAYS, ONCE = Policy.AT_LEAST_ONCE, Policy.AT_MOST_ONCE


def outgoing(policy: Policy = ALWAYS, **more: Any) -> Outgoing:
    values: dict[str, Any] = {
        "id": 1,
        "chat_id": 11,
        "method": "sendMessage",
        "parameters": {},
        "urgency": Urgency.INTERACTIVE,
        "policy": policy,
        "attempts": 0,
        "created_at": NOW,
        "target": None,
    }
    return Outgoing(**(values | more))


@pytest.mark.parametrize(
    ("refusal", "at_least_once", "at_most_once"),
    [
        (Refused(429, "Too Many Requests", retry_after=7), State.WAITING, State.WAITING),
        (Refused(429, "Too Many Requests"), State.WAITING, State.WAITING),
        (Refused(400, "group chat was upgraded", migrate_to=-1001), State.WAITING, State.WAITING),
        (Refused(400, "Bad Request: message is not modified: same text"), State.SENT, State.SENT),
        (Refused(400, "Bad Request: message to delete not found"), State.SENT, State.SENT),
        (Refused(403, "Forbidden: bot was blocked by the user"), State.BLOCKED, State.BLOCKED),
        (Refused(403, "Forbidden: bot was kicked from the supergroup chat"), State.BLOCKED, State.BLOCKED),
        (Refused(403, "Forbidden: user is deactivated"), State.BLOCKED, State.BLOCKED),
        (Refused(400, "Bad Request: chat not found"), State.BLOCKED, State.BLOCKED),
        (Refused(400, "Bad Request: PEER_ID_INVALID"), State.BLOCKED, State.BLOCKED),
        (Refused(400, "Bad Request: can't parse entities"), State.FAILED, State.FAILED),
        (Refused(400, "Bad Request: message to edit not found"), State.FAILED, State.FAILED),
        (Refused(413, "Request Entity Too Large"), State.FAILED, State.FAILED),
        (Refused(500, "Internal Server Error"), State.WAITING, State.UNKNOWN),
        (Refused(502, "Bad Gateway"), State.WAITING, State.UNKNOWN),
        (Refused(401, "Unauthorized"), State.WAITING, State.WAITING),
        (Refused(404, "Not Found"), State.WAITING, State.WAITING),
    ],
    ids=str,
)
def test_what_a_refusal_means(refusal: Refused, at_least_once: State, at_most_once: State) -> None:
    assert verdicts.refused(outgoing(ALWAYS), refusal, now=NOW).state is at_least_once
    assert verdicts.refused(outgoing(ONCE), refusal, now=NOW).state is at_most_once


@pytest.mark.parametrize(
    ("policy", "may_have_arrived", "state"),
    [
        (ALWAYS, True, State.WAITING),
        (ALWAYS, False, State.WAITING),
        (ONCE, True, State.UNKNOWN),
        (ONCE, False, State.WAITING),
    ],
)
def test_what_no_answer_means(policy: Policy, may_have_arrived: bool, state: State) -> None:
    failure = NoAnswer("TimeoutError", may_have_arrived=may_have_arrived)
    verdict = verdicts.no_answer(outgoing(policy), failure, now=NOW)
    assert (verdict.state, verdict.error) == (state, "TimeoutError")


@pytest.mark.parametrize(("retry_after", "seconds"), [(7, 7), (0.5, 0.5), (None, 1), (0, 1)])
def test_a_wait_that_telegram_asks_for_is_kept(retry_after: float | None, seconds: float) -> None:
    verdict = verdicts.refused(outgoing(), Refused(429, "", retry_after=retry_after), now=NOW)
    assert verdict.not_before == NOW + seconds * SECOND


def test_who_is_blocked_is_noted_with_telegrams_reason() -> None:
    verdict = verdicts.refused(outgoing(), Refused(403, "Forbidden: bot was blocked by the user"), now=NOW)
    assert verdict.unreachable == "Forbidden: bot was blocked by the user"


def test_a_group_that_moved_is_followed_at_once() -> None:
    verdict = verdicts.refused(outgoing(), Refused(400, "upgraded", migrate_to=-1001), now=NOW)
    assert (verdict.migrate_to, verdict.not_before) == (-1001, None)


@pytest.mark.parametrize(
    ("age", "state"), [(0, State.WAITING), (DAY, State.WAITING), (DAY + 1, State.FAILED)]
)
def test_after_a_day_a_message_is_given_up(age: int, state: State) -> None:
    old = outgoing(created_at=NOW - age, attempts=50)
    assert verdicts.refused(old, Refused(502, ""), now=NOW).state is state
    assert verdicts.no_answer(old, NoAnswer("x", may_have_arrived=False), now=NOW).state is state
    assert verdicts.refused(old, Refused(401, ""), now=NOW).state is state


@given(st.integers(0, 10_000))
def test_pauses_grow_to_a_minute_and_no_further(attempts: int) -> None:
    pause = verdicts.pause_after(attempts)
    assert SECOND <= pause <= 60 * SECOND
    assert pause <= verdicts.pause_after(attempts + 1)


def test_pauses_begin_short() -> None:
    assert [verdicts.pause_after(attempts) for attempts in range(4)] == [1_000, 2_000, 4_000, 8_000]


@pytest.mark.parametrize(
    ("method", "result", "message_id"),
    [
        ("sendMessage", {"message_id": 9}, 9),
        ("copyMessage", {"message_id": 9}, 9),
        ("editMessageText", {"message_id": 9}, None),
        ("deleteMessage", True, None),
        ("sendMessage", True, None),
        ("setMyCommands", True, None),
    ],
)
def test_only_a_new_message_has_an_id_to_keep(method: str, result: Any, message_id: int | None) -> None:
    verdict = verdicts.delivered(outgoing(method=method), result)
    assert (verdict.state, verdict.message_id) == (State.SENT, message_id)


@pytest.mark.parametrize(
    ("parameters", "result", "uploaded"),
    [
        ({"photo": "upload:d"}, {"photo": [{"file_id": "s"}, {"file_id": "l"}]}, ("d", "l")),
        ({"document": "upload:d"}, {"document": {"file_id": "f"}}, ("d", "f")),
        # An animation comes back as a document as well; either id serves.
        (
            {"animation": "upload:d"},
            {"document": {"file_id": "f"}, "animation": {"file_id": "f"}},
            ("d", "f"),
        ),
        ({"media": {"type": "photo", "media": "upload:d"}}, {"photo": [{"file_id": "l"}]}, ("d", "l")),
        ({"photo": "known-id"}, {"photo": [{"file_id": "l"}]}, None),
        ({"photo": "upload:d"}, {"text": "no file"}, None),
        ({"photo": "upload:d"}, {"photo": []}, None),
        ({"photo": "upload:d"}, True, None),
        ({"text": "hello"}, {"message_id": 1}, None),
    ],
)
def test_the_file_id_of_an_upload_is_found(
    parameters: dict[str, Any], result: Any, uploaded: tuple[str, str] | None
) -> None:
    assert verdicts.delivered(outgoing(parameters=parameters), result).uploaded == uploaded
