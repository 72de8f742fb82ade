"""Switching embeddings on, and what `zhibu doctor` says of them."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port
from pydantic import ValidationError

from bot import doctor
from bot.faq.embedding import Embeddings, EmbeddingSettings
from bot.faq.embedding.jobs import CatchingUp
from bot.kit.clock import ManualClock
from bot.kit.i18n import Languages
from bot.kit.work import Works
from bot.settings import Settings
from tests.faq.embedding.standin import MODEL, Standin, saying

BASE = "http://127.0.0.1:11434/v1"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"ZHIBU_{field.upper()}", raising=False)


def test_off_unless_set() -> None:
    assert Settings().embeddings is None


@pytest.mark.parametrize("url", [BASE, f"{BASE}/", f"{BASE}/embeddings"])
def test_switched_on(url: str) -> None:
    settings = Settings(embeddings_url=url, embeddings_model="bge-m3", embeddings_key="sesame")
    assert settings.embeddings is not None
    assert settings.embeddings.address == BASE
    assert settings.embeddings.model == "bge-m3"
    assert settings.embeddings.patience == 1.5
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"embeddings_url": BASE}, "embeddings_model", "set both"),
        ({"embeddings_model": "bge-m3"}, "embeddings_model", "set both"),
        (
            {"embeddings_url": "ftp://host/v1", "embeddings_model": "m"},
            "embeddings_url",
            "an example is http",
        ),
        ({"embeddings_timeout": 0}, "embeddings_timeout", "greater than 0"),
        ({"embeddings_timeout": float("nan")}, "embeddings_timeout", "less than or equal to 30"),
    ],
)
def test_settings_that_do_not_fit_are_named(given: dict[str, Any], field: str, told: str) -> None:
    with pytest.raises(ValidationError) as failure:
        Settings(**given)
    (wrong,) = failure.value.errors()
    assert wrong["loc"] == (field,)
    assert told in wrong["msg"]


async def findings(
    settings: Settings, languages: Languages, language: str = "zh_CN"
) -> list[tuple[bool, str]]:
    return [
        (finding.good, finding.said)
        async for finding in doctor.examine(settings, languages[language], date(2026, 11, 2))
        if finding.what in ("embeddings", "语义匹配")
    ]


@pytest.fixture
def house_settings(standin: Standin, tmp_path: Path, empty_database: Path) -> Settings:
    shutil.copy(empty_database, tmp_path / "zhibu.db")
    return Settings(
        data_dir=tmp_path, embeddings_url=standin.url, embeddings_model=MODEL, embeddings_timeout=5
    )


async def test_says_nothing_where_they_are_off(tmp_path: Path, languages: Languages) -> None:
    assert await findings(Settings(data_dir=tmp_path), languages) == []


async def test_all_is_well(
    works: Works,
    content: None,
    clock: ManualClock,
    database_path: Path,
    languages: Languages,
    standin: Standin,
    settings: EmbeddingSettings,
) -> None:
    own = Settings(data_dir=database_path.parent, embeddings_url=standin.url, embeddings_model=MODEL)
    (before,) = await findings(own, languages)
    embeddings = Embeddings(settings, clock)
    await CatchingUp(embeddings).run(works)
    await embeddings.close()
    (after,) = await findings(own, languages)
    told = "stand-in 正常（每段文字 256 个数）；6 种问法已备好 {} 种，其余在机器人运行时自动补上"
    assert (before, after) == ((True, told.format(0)), (True, told.format(6)))


async def test_before_the_first_start(tmp_path: Path, languages: Languages, standin: Standin) -> None:
    own = Settings(data_dir=tmp_path / "none", embeddings_url=standin.url, embeddings_model=MODEL)
    ((good, said),) = await findings(own, languages, "en")
    assert good
    assert "0 of 0 phrasings" in said


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, "", "ZHIBU_EMBEDDINGS_KEY"),
        (404, "", "没有模型 stand-in"),
        (503, "", "正在启动或忙不过来（503）"),
        (500, "", "报错（500）"),
        (200, "<html>", "不是向量"),
    ],
)
async def test_what_is_wrong_and_what_to_do(
    standin: Standin, house_settings: Settings, languages: Languages, status: int, body: str, told: str
) -> None:
    standin.answer = saying(status, body)
    ((good, said),) = await findings(house_settings, languages)
    assert not good
    assert told in said
    assert standin.url in said
    assert said.endswith("。这期间照常答问，只是不用它。")


async def test_a_slow_and_a_dead_server(
    standin: Standin, house_settings: Settings, languages: Languages
) -> None:
    standin.answer = standin.never
    ((good, said),) = await findings(
        house_settings.model_copy(update={"embeddings_timeout": 0.05}), languages
    )
    assert not good
    assert "在 0.05 秒内没有答复" in said
    dead = f"http://127.0.0.1:{unused_port()}/v1"
    ((good, said),) = await findings(house_settings.model_copy(update={"embeddings_url": dead}), languages)
    assert not good
    assert f"连不上 {dead}" in said
