"""Quiet hours, past midnight and not."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.clock import from_local
from bot.onboarding.quiet import QuietHours

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("hours", "local", "expected"),
    [
        ("21:00-08:00", "20:59", False),
        ("21:00-08:00", "21:00", True),
        ("21:00-08:00", "03:00", True),
        ("21:00-08:00", "07:59", True),
        ("21:00-08:00", "08:00", False),
        ("12:00-14:00", "12:00", True),
        ("12:00-14:00", "14:00", False),
        ("00:00-00:00", "00:00", False),
    ],
)
def test_quiet_hours(hours: str, local: str, expected: bool) -> None:
    instant = from_local(datetime.fromisoformat(f"2026-11-05T{local}").replace(tzinfo=ZONE))
    assert QuietHours.parse(hours).contain(instant, ZONE) is expected


@given(st.times(), st.times(), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_turned_round_they_are_the_other_hours(start: time, end: time, moment: datetime) -> None:
    one, other = QuietHours(start, end), QuietHours(end, start)
    instant = from_local(moment.replace(tzinfo=ZONE))
    if start != end:
        assert one.contain(instant, ZONE) is not other.contain(instant, ZONE)


@pytest.mark.parametrize("text", ["", "21:00", "9-8-7", "25:00-08:00"])
def test_what_are_no_quiet_hours(text: str) -> None:
    with pytest.raises(ValueError, match="quiet hours"):
        QuietHours.parse(text)
