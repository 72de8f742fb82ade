"""What the one person who installs Zhibu may set: environment variables (`ZHIBU_...`) or a file `zhibu.env`."""

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.faq.embedding import EmbeddingSettings, base_address

Language = Literal["zh_CN", "en"]


class Settings(BaseSettings):
    """Every setting has a default that works, except the token of a real bot."""

    model_config = SettingsConfigDict(
        env_prefix="ZHIBU_", env_file=None, env_ignore_empty=True, extra="forbid"
    )

    token: SecretStr | None = Field(
        None, description="The bot's token from @BotFather. Without it, the demo runs."
    )
    api_url: str = Field("https://api.telegram.org/bot", description="The Bot API, up to the token.")
    file_url: str = Field(
        "https://api.telegram.org/file/bot", description="The Bot API's files, up to the token."
    )
    proxy: str | None = Field(None, description="Proxy to reach Telegram through: http://host:port.")
    data_dir: Path = Field(Path("data"), description="Folder of the database and the key; made if missing.")
    database: Path | None = Field(
        None, description="The database file. Default: zhibu.db in the data folder."
    )
    secret_key: SecretStr | None = Field(
        None, description="At least 32 characters; encrypts phones. Default: made once, in the data folder."
    )
    webhook_url: str | None = Field(
        None, description="Public address for updates. Without it, the bot polls."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="What Telegram proves itself with; needed with a webhook."
    )
    webhook_listen: str = Field(
        "127.0.0.1:8080", description="Where the webhook listens, behind your TLS proxy."
    )
    timezone: str = Field("Asia/Shanghai", description="The organisation's time zone.")
    language: Language = Field("zh_CN", description="Language for people who have not chosen one.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged, to standard error."
    )
    workers: Annotated[int, Field(ge=8, le=32)] = Field(
        16, description="Chats whose updates are applied side by side."
    )

    sends_per_second: Annotated[int, Field(ge=0)] = Field(
        30, description="Messages a second Telegram allows this bot; 0: no limits at all, only for measuring."
    )

    app_name: str = Field("石油党建", description="The party app's name, as members know it.")
    app_aliases: Annotated[tuple[str, ...], NoDecode] = Field(
        ("铁人先锋",), description="Other names members use for it, separated by commas."
    )
    faq_wrong_answers: Annotated[float, Field(ge=0.001, le=0.2)] = Field(
        0.02,
        description="Share of all questions that may be answered wrong, 0.02 for 2 %; less means more suggestions.",
    )
    content_dir: Path = Field(
        Path(__file__).parent.parent / "faq", description="Folder of the FAQ and walk-through."
    )
    facts_file: Path | None = Field(
        None, description="YAML file with your organisation's facts for the FAQ texts."
    )

    embeddings_url: str | None = Field(
        None,
        description="Server with OpenAI-compatible /v1/embeddings, for one more score of the matcher; it reads questions.",
    )
    embeddings_model: str | None = Field(
        None, description="Which of that server's models.", validate_default=True
    )
    embeddings_key: SecretStr | None = Field(None, description="That server's API key, where it wants one.")
    embeddings_timeout: Annotated[float, Field(gt=0, le=30)] = Field(
        1.5, description="Seconds a question waits for that server before it is answered without."
    )

    gather_seconds: Annotated[int, Field(ge=0)] = Field(
        60, description="How long what a member sends still joins the question just asked."
    )
    answer_hours: Annotated[int, Field(ge=1)] = Field(
        4, description="Working hours within which a secretary is expected to answer."
    )
    climb_hours: Annotated[int | None, Field(ge=1)] = Field(
        None,
        description="As many for each who is asked after that one. Default: the same.",
    )
    warn_percent: Annotated[int, Field(ge=1, le=99)] = Field(
        75, description="How much of that time may pass before whoever has the question is reminded of it."
    )
    work_hours: str = Field(
        "08:30-17:30",
        description="Working hours, local time; several stretches with commas, past midnight too.",
    )
    work_days: str = Field(
        "working",
        description="Days worked: working (as announced for the year), daily, or weekdays as 1,2,3,4,5,6.",
    )
    routing: Literal["branch", "general"] = Field(
        "branch",
        description="Who is asked: branch, everybody on the ladder, or general, nobody but the general branch. Only for"
        " the experiment tests/bench/month.py; leave it as it is.",
    )
    shows_accounts: bool = Field(
        False, description="Whether a name over an answer leads to the private account of who wrote it."
    )
    quiet_hours: str = Field("21:00-08:00", description="No reminders in these hours, local time.")
    reminder_days: Annotated[tuple[int, ...], NoDecode] = Field(
        (5, 20, -3),
        description="Dues reminder days; negative: counted from the month's end (-3: three days before).",
    )
    reminder_working_days: bool = Field(
        False, description="Whether a reminder day off gives way to the next working day of that month."
    )
    reminder_time: str = Field("10:00", description="When reminders go out, local time.")
    data_fresh_days: int = Field(7, description="Payment data older than this holds a reminder round.")
    snooze_days: Annotated[int, Field(ge=1)] = Field(3, description="How long 'remind me later' waits.")
    announcements_per_day: Annotated[int, Field(ge=1)] = Field(
        3, description="How many announcements a unit sends its members a day at most."
    )
    stall_days: Annotated[int, Field(ge=1)] = Field(
        3, description="Days without a step after which a member is asked once how it goes."
    )
    flood_messages: Annotated[int, Field(ge=1)] = Field(
        20,
        description="How many messages on one question reach the staff one by one; more are brought together.",
    )
    flood_seconds: Annotated[int, Field(ge=5)] = Field(
        60, description="Within how long, and how long what comes beyond is gathered."
    )
    reopen_days: Annotated[int, Field(ge=1)] = Field(
        7, description="A closed ticket is taken up again when its member writes within so many days."
    )
    ticket_days: Annotated[int, Field(ge=1)] = Field(
        365,
        description="Ticket texts, reasons for being let off and announcements are deleted this long after their end.",
    )

    @field_validator("app_aliases", mode="before")
    @classmethod
    def _names(cls, given: object) -> object:
        return (
            tuple(name.strip() for name in given.split(",") if name.strip())
            if isinstance(given, str)
            else given
        )

    @field_validator("reminder_days", mode="before")
    @classmethod
    def _days(cls, given: object) -> object:
        return (
            tuple(day.strip() for day in given.split(",") if day.strip()) if isinstance(given, str) else given
        )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{name!r} is no time zone; an example is Asia/Shanghai") from error
        return name

    @field_validator("embeddings_url")
    @classmethod
    def _base_address(cls, given: str | None) -> str | None:
        return None if given is None else base_address(given)

    @field_validator("embeddings_model")
    @classmethod
    def _embeddings_are_whole(cls, model: str | None, others: ValidationInfo) -> str | None:
        if "embeddings_url" in others.data and (others.data["embeddings_url"] is None) is not (model is None):
            raise ValueError(
                "ZHIBU_EMBEDDINGS_URL and ZHIBU_EMBEDDINGS_MODEL go together; set both, as in"
                " http://127.0.0.1:11434/v1 and bge-m3, or neither"
            )
        return model

    @property
    def embeddings(self) -> EmbeddingSettings | None:
        """None: switched off."""
        if self.embeddings_url is None or self.embeddings_model is None:
            return None
        return EmbeddingSettings(
            self.embeddings_url, self.embeddings_model, self.embeddings_timeout, self.embeddings_key
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def database_path(self) -> Path:
        return self.database if self.database is not None else self.data_dir / "zhibu.db"

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError("a webhook needs ZHIBU_WEBHOOK_SECRET: 1-256 letters, digits, _ and -")
        host, _, port = self.webhook_listen.rpartition(":")
        if not host or not port.isdecimal():
            raise ValueError(f"ZHIBU_WEBHOOK_LISTEN={self.webhook_listen!r} is not host:port")
        return self


def load(file: Path | None = None) -> Settings:
    """The settings from the environment over those of a file: the one given, the one `ZHIBU_SETTINGS` names, or
    `zhibu.env` here if it exists. Pydantic's `ValidationError` names what is wrong.
    """
    named = file or (Path(name) if (name := os.environ.get("ZHIBU_SETTINGS")) else None)
    if named is not None and not named.is_file():
        raise FileNotFoundError(named)
    return Settings(_env_file=named or Path("zhibu.env"))
