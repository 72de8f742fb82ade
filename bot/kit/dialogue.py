"""What the bot expects a person to send next: a typed value in a row, so that it survives a restart.

    class AwaitingCode(Dialogue, tag="join.code"):
        tries_left: int

One person has at most one dialogue; beginning another replaces it. A command or a question leaves it standing; it
ends when its handler ends it or when it has not been touched for a day.
"""

import dataclasses
import json
from typing import Any, ClassVar, Self, dataclass_transform

from bot.kit import typed
from bot.kit.clock import DAY
from bot.kit.database import Reader, Session

LIFETIME = DAY


@dataclass_transform(frozen_default=True)
class Dialogue:
    tag: ClassVar[str]
    _fields: ClassVar[tuple[typed.Field, ...]]

    def __init_subclass__(cls, *, tag: str) -> None:
        super().__init_subclass__()
        dataclasses.dataclass(frozen=True)(cls)
        cls.tag = tag
        cls._fields = typed.fields_of(cls)

    def encode(self) -> str:
        values = [typed.encode(getattr(self, field.name)) for field in self._fields]
        return json.dumps(values, ensure_ascii=False)

    @classmethod
    def decode(cls, data: str) -> Self | None:
        """The value; None when it was written by an earlier version with other fields."""
        values = json.loads(data)
        try:
            decoded: list[Any] = [
                typed.decode(value, field.plain, optional=field.optional)
                for value, field in zip(values, cls._fields, strict=True)
            ]
        except ValueError:
            return None
        return cls(*decoded)


async def begin(session: Session, person_id: int, dialogue: Dialogue, *, now: int) -> None:
    """From now on this person's next message belongs to `dialogue`."""
    await session.run(
        "INSERT INTO dialogue (person_id, tag, data, touched_at) VALUES (:person, :tag, :data, :now)"
        " ON CONFLICT (person_id) DO UPDATE SET tag = excluded.tag, data = excluded.data,"
        " touched_at = excluded.touched_at",
        person=person_id,
        tag=dialogue.tag,
        data=dialogue.encode(),
        now=now,
    )


async def end(session: Session, person_id: int) -> None:
    await session.run("DELETE FROM dialogue WHERE person_id = :person", person=person_id)


async def current(reader: Reader, person_id: int, *, now: int) -> tuple[str, str] | None:
    """The tag and data of the person's dialogue, if there is one."""
    row = await reader.first(
        "SELECT tag, data FROM dialogue WHERE person_id = :person AND touched_at > :oldest",
        person=person_id,
        oldest=now - LIFETIME,
    )
    return None if row is None else (str(row["tag"]), str(row["data"]))


async def sweep(session: Session, *, now: int) -> None:
    """Removes dialogues nobody has touched for a day."""
    await session.run("DELETE FROM dialogue WHERE touched_at <= :oldest", oldest=now - LIFETIME)
