"""Answers from the FAQ: entries, the matcher, asking."""

from collections.abc import Sequence
from datetime import tzinfo

from bot.faq import editing, exchange, store, texts
from bot.faq.adopting import handlers as adopting
from bot.faq.buttons import AllTheSame, NoneFits, Pick, Solved, Suggestions, Topic, Topics, TopicsOf, Unsolved
from bot.faq.editing.buttons import Home
from bot.faq.embedding import Embeddings
from bot.faq.errors import NotVisible
from bot.faq.exchange import load_content
from bot.faq.handlers import Faq, Handover
from bot.faq.health import Health
from bot.faq.inline import Inline
from bot.faq.jobs import sweeps
from bot.faq.learning import handlers as learning
from bot.faq.learning import store as lessons
from bot.faq.learning import texts as learning_texts
from bot.faq.library import ContentSettings, Library
from bot.faq.model import Step
from bot.faq.service import forget
from bot.faq.trying import Check, Trials
from bot.kit.database import Reader
from bot.kit.i18n import N_, Words
from bot.kit.router import Router
from bot.kit.work import Works
from bot.roster.model import Actor

__all__ = [
    "ContentSettings",
    "Faq",
    "Handover",
    "Library",
    "NotVisible",
    "contribute",
    "forget",
    "load_content",
    "register",
    "register_questions",
    "sweeps",
]


def register(
    router: Router[Actor],
    settings: ContentSettings,
    handover: Handover,
    *,
    works: Works,
    zone: tzinfo,
    steps: Sequence[Step],
    embeddings: Embeddings | None = None,
) -> Faq:
    """Registers commands and buttons and returns the room's facade. Reads the facts files: a `Refusal` says what is
    wrong with them. `steps`: the cards of the walk-through; `embeddings`: None where they are switched off.
    """
    faq = Faq(Library(settings, embeddings), handover)
    router.command("ask", faq.topics_command, about=N_("Questions by topic"))
    router.button(Solved, faq.solved)
    router.button(Unsolved, faq.unsolved)
    router.button(Pick, faq.pick)
    router.button(NoneFits, faq.none_fits)
    router.button(AllTheSame, faq.all_the_same)
    router.button(Suggestions, faq.suggestions)
    router.button(Topics, faq.topics)
    router.button(TopicsOf, faq.topics_of)
    router.button(Topic, faq.topic)
    inline = Inline(faq.library)
    editor = editing.register(
        router,
        faq.library,
        zone=zone,
        steps=steps,
        check=Check(faq.library),
        extras=[learning.home_buttons, adopting.home_buttons, exchange.home_buttons],
    )
    Trials(router, faq.library)
    Health(router, faq.library)
    learning.Learning(router, faq.library, home=Home(), write=editor.open_draft)
    adopting.Adopting(router, faq.library, home=Home())
    exchange.register(router, works=works, library=faq.library, back=Home())
    router.inline(inline.offer, chosen=inline.chosen)
    return faq


def register_questions(router: Router[Actor], faq: Faq) -> None:
    """From here on, a private text nobody before took is a question. Register it after every other room's messages."""
    router.message(faq.claim)


async def contribute(reader: Reader, actor: Actor, _: Words) -> Sequence[str]:
    """What this room adds to /mydata."""
    return [
        *texts.kept(_, await store.words_kept(reader, actor.account_id)),
        *learning_texts.kept(_, await lessons.count_of(reader, actor.account_id)),
    ]
