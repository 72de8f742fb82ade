"""What a member does in the house: types, taps, and looks at what comes of it; and an entry to ask for."""

import dataclasses
import hashlib

from bot.faq.model import Attachment, Entry, MediaKind, Stage
from bot.faq.upkeep import changes, store
from bot.faq.upkeep.store import Act
from bot.sandbox import Person, SeenMessage
from tests.harness import House

VERDICT = ["👍 解决了", "👎 没解决"]
DRAGON = Entry(
    id="branch-dragon",
    language="zh",
    title="麒麟阁怎么走",
    body="出大门**左转**。\n\n1. 过桥\n2. 上坡",
    phrasings=("麒麟阁怎么走", "麒麟阁在哪里", "去麒麟阁走哪条路"),
    stage=Stage.USE,
)


async def ask(house: House, person: Person, text: str) -> SeenMessage:
    """Types; the newest message afterwards."""
    await person.says(text)
    await house.settle()
    return person.last()


async def tap(house: House, person: Person, message: SeenMessage, button: str) -> str | None:
    """Taps and returns the note that is shown for it."""
    query = await person.taps(message, button)
    await house.settle()
    answer = await person.answer(query)
    return None if answer is None else answer.text


def since(person: Person, message: SeenMessage) -> list[SeenMessage]:
    """What has come after a message."""
    return [each for each in person.chat() if each.message_id > message.message_id]


async def branch_of(house: House, person: Person) -> int:
    (row,) = await house.rows(
        "SELECT branch_id FROM member JOIN account ON account.member_id = member.id WHERE account.id = :id",
        id=person.id,
    )
    return int(row["branch_id"])


async def publish(
    house: House, entry: Entry, owner: int | None, *files: tuple[MediaKind, str, bytes]
) -> None:
    """Puts an entry with its attachments into the FAQ."""
    media = []
    async with house.work() as work:
        for kind, name, content in files:
            digest = hashlib.sha256(content).hexdigest()
            await store.keep_media(work.session, digest, kind, name, content, now=work.now)
            media.append(Attachment(kind, digest, name))
        entry = dataclasses.replace(entry, media=tuple(media))
        await changes.save(work, entry, owner=owner, by=None, act=Act.CREATED)


async def content_of(house: House, file_id: str | None) -> bytes:
    assert file_id is not None
    return house.sandbox.core.world.files[file_id].data
