"""The FAQ's sweeps."""

import logging
from collections.abc import Sequence

from bot.faq import filing, store
from bot.faq.library import Library
from bot.faq.service import WORDS_KEPT
from bot.kit.clock import HOUR, MINUTE, SECOND
from bot.kit.errors import Refusal
from bot.kit.sweeps import Sweep
from bot.kit.work import Works

log = logging.getLogger(__name__)

_AT_A_TIME = 500


def sweeps(library: Library) -> Sequence[Sweep]:
    async def reload(works: Works) -> None:
        """Takes up content files that have changed. Broken files change nothing: the last good content stays."""
        try:
            await filing.load_content(works, library.folder, library.facts)
        except Refusal as error:
            log.warning("content not taken up", extra={"error": type(error).__name__, **_where(error)})

    return [
        Sweep("faq content", 5 * MINUTE // SECOND, reload),
        Sweep("faq words", HOUR // SECOND, forget),
    ]


async def forget(works: Works) -> None:
    """Forgets the words of questions that nobody settled for a week."""
    forgotten = _AT_A_TIME
    while forgotten == _AT_A_TIME:
        async with works.begin() as work:
            forgotten = await store.forget_words(work.session, before=work.now - WORDS_KEPT, limit=_AT_A_TIME)


def _where(error: Refusal) -> dict[str, object]:
    # "file" and "line" say where; the words of the content stay out of the log.
    return {f"content_{name}": error.details[name] for name in ("file", "line") if name in error.details}
