"""What `zhibu doctor` says of the way to Telegram."""

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
    findings = [each async for each in doctor.examine(settings, languages["zh_CN"])]
    (telegram,) = [each for each in findings if each.what == "Telegram"]
    assert telegram.good, "it works without"
    assert telegram.said.startswith("@zhibu_bot")
    assert ("/setinline" in telegram.said) is not inline
