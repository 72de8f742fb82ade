"""Asking: what a question is answered with, and what becomes of it."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from bot.faq import store
from bot.faq.errors import LongAgo, NotVisible
from bot.faq.index import Index
from bot.faq.matching import SHOWN, match
from bot.faq.model import CameBy, Decision, HandOver, Kind, Listed, Scope, Shown, Stage, Verdict
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.work import Work
from bot.roster.model import Actor

WORDS_KEPT = 7 * DAY
"""How long an unsettled question's words are kept."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What a question is answered with. `entry`: the answer, or the kind word of a decline or of small talk (None
    where the text said nothing at all). `suggestions`: for a question that may mean several things. `question_id`:
    where a verdict is awaited, or the wish to see a person after a decline.
    """

    decision: Decision
    entry: Shown | None = None
    suggestions: Sequence[Listed] = ()
    question_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    """A question that has just got its verdict."""

    text: str
    """As it was written."""
    shown: tuple[str, ...]
    """Slugs of the entries the person has been shown."""


def scope_of(actor: Actor) -> Scope:
    branch = None if actor.member is None else actor.member.branch_id
    return Scope(branch, content_language(actor.language))


def content_language(language: str) -> str:
    """The content files' code for a language of the catalogues: 'zh' for 'zh_CN'."""
    return language.split("_", maxsplit=1)[0]


PRECAUTION: Final = 0.4
"""What must never be handed over, such as a complaint about the very secretary, is not, where it is this likely: a kind
word too many costs less.
"""


async def ask(work: Work, actor: Actor, index: Index, text: str) -> Reply:
    """Decides what to say to a question and notes it. The words are kept only while a verdict is awaited."""
    scope = scope_of(actor)
    listed = {
        store.key_of(each.slug, each.unit_id): each for each in await store.visible(work.session, scope)
    }
    outcome = match(index, text, listed.keys())
    found = [listed[each.key] for each in outcome.matches]
    best = found[0] if found else None
    confidence = outcome.matches[0].confidence if outcome.matches else None
    decision = outcome.decision
    read = None
    if best is not None and decision is not Decision.SUGGEST:
        read = await store.shown(work.session, scope, best.slug)
    if decision is Decision.HANDOVER:
        if read is not None and _must_stay_here(read, confidence or 0):
            decision = Decision.DECLINE
        else:
            read = None
    match decision:
        case Decision.ANSWER:
            offered = found[:1]
        case Decision.SUGGEST:
            offered = [each for each in found if each.kind is Kind.ENTRY][:SHOWN]
        case _:
            offered = []
    question_id = await store.note_question(
        work.session,
        branch_id=scope.branch_id,
        came_by=CameBy.TEXT,
        decision=decision,
        shown=[each.slug for each in offered],
        confidence=confidence,
        opened=read.slug if read is not None and decision is Decision.ANSWER else None,
        now=work.now,
    )
    awaits = bool(offered) or (
        decision is Decision.DECLINE and read is not None and read.handover is HandOver.OFFERED
    )
    if awaits:
        await store.keep_words(work.session, question_id, actor.account_id, text, now=work.now)
    return Reply(decision, read, offered, question_id if awaits else None)


def _must_stay_here(entry: Shown, confidence: float) -> bool:
    return entry.kind is Kind.DECLINE and entry.handover is HandOver.NEVER and confidence >= PRECAUTION


async def read(work: Work, actor: Actor, slug: str, came_by: CameBy) -> tuple[int, Shown]:
    """An entry somebody chose or was offered, and the id of the question it counts as. `NotVisible` where they may not
    see it. Unsolved, its title stands for the question.
    """
    entry = await _entry(work.session, actor, slug)
    question_id = await _note_read(work, actor, slug, came_by)
    await store.keep_words(work.session, question_id, actor.account_id, entry.title, now=work.now)
    return question_id, entry


async def offered(work: Work, actor: Actor, slug: str) -> Shown:
    """An entry another room offers and asks about itself. `NotVisible` where the actor may not see it."""
    entry = await _entry(work.session, actor, slug)
    await _note_read(work, actor, slug, CameBy.OFFER)
    return entry


async def read_row(work: Work, actor: Actor, row_id: int) -> tuple[int, Shown]:
    """As `read`, for an entry chosen from a list by its row."""
    slug = await store.slug_of(work.session, row_id)
    if slug is None:
        raise NotVisible
    return await read(work, actor, slug, CameBy.MENU)


async def pick(work: Work, actor: Actor, question_id: int, place: int) -> Shown | None:
    """The suggestion somebody chose; None when the question is settled already."""
    if not await _awaiting(work.session, actor, question_id):
        return None
    question = await store.question(work.session, question_id)
    if question is None or not 0 <= place < len(question.shown):
        raise NotVisible
    entry = await _entry(work.session, actor, question.shown[place])
    await store.note_opened(work.session, question_id, entry.slug)
    return entry


async def suggestions(work: Work, actor: Actor, question_id: int) -> Sequence[Listed] | None:
    """What was suggested for a question and may still be seen; None when the question is settled already."""
    if not await _awaiting(work.session, actor, question_id):
        return None
    question = await store.question(work.session, question_id)
    return [] if question is None else await listed(work.session, actor, question.shown)


async def settle(work: Work, actor: Actor, question_id: int, verdict: Verdict) -> Settled | None:
    """Records the verdict and forgets the words. None when that has happened before; `LongAgo` when the words are
    forgotten though nothing was said.
    """
    text = await store.take_words(work.session, question_id, actor.account_id)
    if text is None:
        await _awaiting(work.session, actor, question_id)
        return None
    await store.note_verdict(work.session, question_id, verdict, now=work.now)
    question = await store.question(work.session, question_id)
    if question is None:  # its words refer to it
        raise LongAgo
    return Settled(text, question.shown)


async def listed(reader: Reader, actor: Actor, slugs: Sequence[str]) -> Sequence[Listed]:
    """Of these entries, in this order, those the actor may see."""
    visible = {
        each.slug: each for each in await store.visible(reader, scope_of(actor)) if each.kind is Kind.ENTRY
    }
    return [visible[slug] for slug in slugs if slug in visible]


async def of_stage(reader: Reader, actor: Actor, stage: Stage) -> Sequence[Listed]:
    return await store.of_stage(reader, scope_of(actor), stage)


async def forget(work: Work, actor: Actor) -> None:
    """Forgets the words of what this account asked."""
    await store.forget_account(work.session, actor.account_id)


async def _note_read(work: Work, actor: Actor, slug: str, came_by: CameBy) -> int:
    return await store.note_question(
        work.session,
        branch_id=scope_of(actor).branch_id,
        came_by=came_by,
        decision=Decision.ANSWER,
        shown=[slug],
        confidence=None,
        opened=slug,
        now=work.now,
    )


async def _entry(reader: Reader, actor: Actor, slug: str) -> Shown:
    entry = await store.shown(reader, scope_of(actor), slug)
    if entry is None:
        raise NotVisible
    return entry


async def _awaiting(reader: Reader, actor: Actor, question_id: int) -> bool:
    """Whether a verdict on this actor's question is still awaited; `LongAgo` when it never came and no longer can."""
    if await store.asked_by(reader, question_id, actor.account_id):
        return True
    question = await store.question(reader, question_id)
    if question is None or question.verdict is None:
        raise LongAgo
    return False
