"""An office to import rosters in, and people to act."""

from random import Random
from typing import Any

import pytest

from bot.kit.database import Row
from bot.kit.vault import Vault
from bot.kit.work import Works
from bot.roster import importing, store
from bot.roster.importing import Preview
from bot.roster.model import Actor


class Office:
    """The import, and a look into the tables."""

    def __init__(self, works: Works, vault: Vault) -> None:
        self.works = works
        self.vault = vault
        self._random = Random(1)

    async def preview(self, content: bytes, *, by: Actor | None = None, full: bool = False) -> Preview:
        file = await importing.read(content, self.vault)
        async with self.works.reading() as reader:
            return await importing.preview(reader, file, by=by, full=full)

    async def apply(
        self,
        content: bytes,
        *,
        by: Actor | None = None,
        full: bool = False,
        skip_bad: bool = False,
        expected: str | None = None,
    ) -> Preview:
        file = await importing.read(content, self.vault)
        async with self.works.begin() as work:
            return await importing.apply(
                work, file, by=by, full=full, skip_bad=skip_bad, random=self._random, expected=expected
            )

    async def rows(self, sql: str, **parameters: Any) -> list[Row]:
        async with self.works.reading() as reader:
            return list(await reader.all(sql, **parameters))

    async def column(self, sql: str, **parameters: Any) -> list[Any]:
        return [next(iter(row.values())) for row in await self.rows(sql, **parameters)]

    async def actor(self, account_id: int) -> Actor:
        async with self.works.reading() as reader:
            found = await store.actor(reader, account_id, "zh_CN")
        assert found is not None
        return found


@pytest.fixture
def office(works: Works, vault: Vault) -> Office:
    return Office(works, vault)
