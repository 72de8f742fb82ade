"""What `zhibu doctor` says of the way to Telegram."""

from datetime import date
from pathlib import Path

import pytest

from bot import doctor
from bot.kit.i18n import Languages
from bot.settings import Settings
from tests.harness import TOKEN, House


@pytest.mark.parametrize("inline", [True, False])
async def test_a_bot_that_is_not_inline_is_told_how_to_become_so(
    house: House, languages: Languages, tmp_path: Path, inline: bool
) -> None:
    house.sandbox.core.world.bot.inline = inline
    settings = Settings(token=TOKEN, api_url=house.sandbox.api_url, data_dir=tmp_path)
    findings = [each async for each in doctor.examine(settings, languages["zh_CN"], date(2026, 11, 2))]
    (telegram,) = [each for each in findings if each.what == "Telegram"]
    assert telegram.good, "it works without"
    assert telegram.said.startswith("@zhibu_bot")
    assert ("/setinline" in telegram.said) is not inline


@pytest.mark.parametrize(
    ("today", "good", "said"),
    [
        (date(2025, 3, 1), True, "放假安排已有到 2026 年底"),
        (date(2026, 11, 2), True, "还没有 2027 年的放假安排"),
        (date(2027, 1, 1), False, "还没有 2027 年的放假安排"),
    ],
)
async def test_a_year_whose_days_off_are_not_known(
    languages: Languages, tmp_path: Path, today: date, good: bool, said: str
) -> None:
    settings = Settings(data_dir=tmp_path)
    findings = [each async for each in doctor.examine(settings, languages["zh_CN"], today)]
    (calendar,) = [each for each in findings if each.what == "工作日历"]
    assert calendar.good is good
    assert calendar.said.startswith(said)
    assert ("chinesecalendar" in calendar.said) is (calendar.said != "放假安排已有到 2026 年底")
