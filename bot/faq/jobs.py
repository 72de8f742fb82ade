"""The FAQ's sweeps."""

import logging
from collections.abc import Sequence
from datetime import tzinfo

from bot.faq import embedding, exchange, store
from bot.faq.embedding import Embeddings
from bot.faq.learning import jobs as learning
from bot.faq.library import Library
from bot.faq.service import WORDS_KEPT
from bot.kit.clock import DAY, HOUR, MINUTE, SECOND
from bot.kit.errors import Refusal
from bot.kit.sweeps import Sweep
from bot.kit.work import Works

log = logging.getLogger(__name__)

_AT_A_TIME = 500


def sweeps(library: Library, zone: tzinfo, embeddings: Embeddings | None = None) -> Sequence[Sweep]:
    """`zone`: the organisation's, by which staff are told what awaits them."""

    async def reload(works: Works) -> None:
        """Takes up content files that have changed. Broken files change nothing: the last good content stays."""
        try:
            await exchange.load_content(works, library.folder, library.facts)
        except Refusal as error:
            log.warning("content not taken up", extra={"error": type(error).__name__, **_where(error)})

    async def teach(works: Works) -> None:
        """Lets the matcher learn from what staff have changed, once they seem to be done. Nobody waits for it."""
        library.begin_lesson(works)

    return [
        Sweep("faq matcher", 5 * MINUTE // SECOND, teach),
        Sweep("faq content", 5 * MINUTE // SECOND, reload),
        Sweep("faq words", HOUR // SECOND, forget),
        Sweep("faq imports", DAY // SECOND, forget_imports),
        *learning.sweeps(zone),
        *embedding.sweeps(embeddings),
    ]


async def forget(works: Works) -> None:
    """Forgets the words of questions that nobody settled for a week."""
    forgotten = _AT_A_TIME
    while forgotten == _AT_A_TIME:
        async with works.begin() as work:
            forgotten = await store.forget_words(work.session, before=work.now - WORDS_KEPT, limit=_AT_A_TIME)


async def forget_imports(works: Works) -> None:
    """Forgets files of entries that were sent a while ago."""
    async with works.begin() as work:
        await exchange.sweep(work)


def _where(error: Refusal) -> dict[str, object]:
    # "file" and "line" say where; the words of the content stay out of the log.
    return {f"content_{name}": error.details[name] for name in ("file", "line") if name in error.details}
