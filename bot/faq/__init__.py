"""Answers from the FAQ: entries, the matcher, asking."""

from collections.abc import Sequence

from bot.faq import store, texts
from bot.faq.buttons import AllTheSame, NoneFits, Pick, Solved, Suggestions, Topic, Topics, TopicsOf, Unsolved
from bot.faq.errors import NotVisible
from bot.faq.filing import load_content
from bot.faq.handlers import Faq, Handover
from bot.faq.jobs import sweeps
from bot.faq.library import ContentSettings, Library
from bot.faq.service import forget
from bot.kit.database import Reader
from bot.kit.i18n import N_, Words
from bot.kit.router import Router
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


def register(router: Router[Actor], settings: ContentSettings, handover: Handover) -> Faq:
    """Registers commands and buttons and returns the room's facade. Reads the facts files: a `Refusal` says what is
    wrong with them.
    """
    faq = Faq(Library(settings), handover)
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
    return faq


def register_questions(router: Router[Actor], faq: Faq) -> None:
    """From here on, a private text nobody before took is a question. Register it after every other room's messages."""
    router.message(faq.claim)


async def contribute(reader: Reader, actor: Actor, _: Words) -> Sequence[str]:
    """What this room adds to /mydata."""
    return texts.kept(_, await store.words_kept(reader, actor.account_id))
