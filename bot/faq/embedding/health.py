"""How the embeddings server does, for `zhibu doctor`."""

import dataclasses

from bot.faq.embedding import store
from bot.faq.embedding.client import EmbeddingSettings, NoVectors, Server, Trouble
from bot.faq.embedding.rules import packed
from bot.kit.database import Reader

_PROBE = "hello"


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    trouble: Trouble | None = None
    """What keeps the server from answering."""
    status: int | None = None
    """HTTP's, where the answer was none that can be used."""
    dimension: int = 0
    """Numbers in a vector."""
    phrasings: int = 0
    """Different titles and phrasings that are published."""
    ready: int = 0
    """Of these, how many have a vector of this model."""


async def examine(settings: EmbeddingSettings, reader: Reader | None) -> Health:
    """Asks the server once. `reader`: of the bot's database; None where it has none yet."""
    server = Server(settings)
    try:
        (vector,) = await server.vectors([_PROBE], patience=settings.patience)
    except NoVectors as failure:
        return Health(failure.trouble, failure.status)
    finally:
        await server.close()
    if reader is None:
        return Health(dimension=len(vector))
    wanted = await store.texts(reader)
    found = await store.vectors(reader, settings.model, wanted.by_digest.keys())
    ready = sum(len(each) == len(packed(vector)) for each in found.values())
    return Health(dimension=len(vector), phrasings=len(wanted.by_digest), ready=ready)
