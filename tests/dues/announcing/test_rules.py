"""When announcements leave, and who announces."""

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues.announcing import rules
from bot.dues.announcing.rules import Manner
from bot.kit.clock import DAY, MINUTE, from_local, to_local
from bot.onboarding.quiet import QuietHours
from bot.roster.model import Actor, Post, Role
from tests.conftest import ZONE

MANNER = Manner(ZONE, QuietHours(time(21), time(8)), per_day=3)
START = from_local(datetime(2026, 11, 2, tzinfo=ZONE))

instants = st.integers(0, 3 * DAY).map(lambda offset: START + offset)
times = st.times().map(lambda moment: moment.replace(microsecond=0))


def local(day: int, hour: int, minute: int = 0, second: int = 0) -> int:
    return from_local(datetime(2026, 11, day, hour, minute, second, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (local(2, 9), local(2, 9, 0, 30)),
        (local(2, 8), local(2, 8, 0, 30)),
        (local(2, 7, 59, 29), local(2, 8)),
        (local(2, 7, 59, 30), local(2, 8)),
        (local(2, 20, 58, 29), local(2, 20, 58, 59)),
        (local(2, 20, 58, 30), local(3, 8)),  # it could not be out before nine
        (local(2, 23), local(3, 8)),
        (local(3, 0), local(3, 8)),
    ],
)
def test_when_it_leaves(now: int, leaves: int) -> None:
    assert rules.leaves_at(now, MANNER) == leaves


@given(instants, times, times)
def test_never_in_quiet_hours_and_never_before_it_can_be_undone(now: int, start: time, end: time) -> None:
    manner = Manner(ZONE, QuietHours(start, end), per_day=3)
    leaves = rules.leaves_at(now, manner)
    assert leaves >= now + rules.UNDO_WITHIN or to_local(leaves, ZONE).time() == end
    assert now < leaves <= now + DAY + MINUTE
    assert not manner.quiet.contain(leaves, ZONE)


@pytest.mark.parametrize(
    ("now", "until"),
    [(local(2, 9), local(2, 21)), (local(2, 20, 59), local(2, 21)), (local(2, 21), local(3, 21))],
)
def test_until_when_it_leaves(now: int, until: int) -> None:
    assert rules.leaves_until(now, MANNER) == until
    assert rules.leaves_until(now, Manner(ZONE, QuietHours(time(8), time(8)), 3)) is None


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.SECRETARY, True),
        (Role.DEPUTY, True),
        (Role.HELPER, False),
        (Role.GENERAL, True),
        (Role.ADMIN, True),
    ],
)
def test_who_announces(role: Role, may: bool) -> None:
    actor = Actor(1, "zh_CN", posts=(Post(7, role),))
    assert rules.may_announce(actor, 7) is may
    assert not rules.may_announce(actor, 8)


def test_no_key_begins_with_anothers() -> None:
    keys = [rules.copy_key(each, member, tries) for each in (1, 11) for member in (1, 11) for tries in (0, 1)]
    assert not any(one != other and other.startswith(one) for one in keys[::2] for other in keys[::2])
    assert len(set(keys)) == len(keys)
    assert all(key.startswith((rules.copy_key(1), rules.copy_key(11))) for key in keys)
