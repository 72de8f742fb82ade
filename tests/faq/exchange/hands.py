"""A secretary with files, as the tests move them."""

import io
import zipfile
from collections.abc import Callable, Mapping

from bot.faq import content
from bot.faq.exchange import archives
from bot.faq.exchange.buttons import Files
from bot.faq.model import Entry, Owner, Stage
from bot.faq.upkeep import changes, store
from bot.faq.upkeep.store import Act, Kept
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.harness import House

OFFICE = "entries/own-office.zh.md"


OWN = [
    Entry("own-canteen", "zh", "食堂在哪交", "食堂二楼。", ("食堂能交吗",), stage=Stage.PAY),
    Entry("own-office", "zh", "支部办公室在哪", "三号楼 201。\n找王梅。", ("办公室在哪",), stage=Stage.HELP),
    Entry("own-hours", "zh", "几点有人", "8:30 到 17:30。", ("几点上班",), stage=Stage.HELP),
]


async def member(house: House, name: str, branch: int, *posts: tuple[int, Role]) -> Person:
    person = house.person(name)
    async with house.work() as work:
        await factories.member(work.session, name, branch, account=person.id, posts=posts)
    await person.start()
    await house.settle()
    return person


async def tap(
    house: House, person: Person, message: SeenMessage, button: str | None = None, data: str | None = None
) -> str | None:
    query = await person.taps(message, button, data=data)
    await house.settle()
    answer = await person.answer(query)
    return None if answer is None else answer.text


async def files_of(house: House, person: Person, owner: Owner) -> SeenMessage:
    """The screen of files, come to from any button of today."""
    message = person.last()
    await tap(house, person, message, data=Files(owner).encode())
    return person.sees(message) if message.kind == "text" else person.last()


async def taken_out(house: House, person: Person, owner: Owner, button: str) -> bytes:
    shown = await files_of(house, person, owner)
    await tap(house, person, shown, button)
    sent = person.last()
    assert sent.kind == "document"
    (upload,) = await house.rows("SELECT content FROM upload ORDER BY used_at DESC, digest LIMIT 1")
    return bytes(upload["content"])


async def sent(
    house: House, person: Person, owner: Owner, packed: bytes, name: str = "faq.zip"
) -> SeenMessage:
    shown = await files_of(house, person, owner)
    await tap(house, person, shown, "导入文件")
    return await once_more(house, person, packed, name)


async def once_more(house: House, person: Person, packed: bytes, name: str = "faq.zip") -> SeenMessage:
    await person.sends_document(packed, name)
    await house.settle()
    return person.last()


def edited(packed: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The zip with its files changed, as somebody does with an editor."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    return archives.packed(files)


def replaced(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode())

    return change


async def kept(house: House, owner: Owner) -> Mapping[str, Kept]:
    async with house.work() as work:
        return {each.entry.id: each for each in await store.kept_of(work.session, [owner])}


async def changed_here(house: House, tree: factories.Tree, body: str) -> None:
    async with house.work() as work:
        entry = await store.find(work.session, tree.branch, "own-office", "zh")
        assert entry is not None
        after = content.parse_entry(
            "own-office.zh.md", content.write_entry(entry.entry).replace("找王梅。", body)
        )
        await changes.save(work, after, owner=tree.branch, by=None, act=Act.EDITED)
