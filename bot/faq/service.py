"""Asking: what a question is answered with, and what becomes of it."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from bot.faq import exchange, judging, store
from bot.faq.errors import LongAgo, NotVisible
from bot.faq.judging import Judgement
from bot.faq.learning import noting
from bot.faq.learning import store as lessons
from bot.faq.learning.model import Reason
from bot.faq.matcher import SHOWN, Index, match
from bot.faq.model import CameBy, Decision, HandOver, Kind, Listed, Scope, Shown, Stage, Verdict
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.work import Work
from bot.roster.model import Actor

WORDS_KEPT = 7 * DAY
"""How long an unsettled question's words are kept."""
LOOKED_UP: Final = 10
"""Entries shown to somebody who looks for one to hand on."""
READ_LATELY: Final = 90 * DAY
"""What is read most is counted over so long."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    """What a question is answered with. `text`: the question as written. `entry`: the answer, or the kind word of a
    decline or of small talk (None where the text said nothing at all). `suggestions`: for a question that may mean
    several things. `question_id`: where a verdict is awaited, or the wish to see a person after a decline.
    """

    text: str
    decision: Decision
    entry: Shown | None = None
    suggestions: Sequence[Listed] = ()
    question_id: int | None = None

    @property
    def is_for_a_person(self) -> bool:
        """Whether it is handed over, with or without a word about it."""
        if self.decision is Decision.DECLINE:
            return self.entry is not None and self.entry.handover is HandOver.ALWAYS
        return self.decision is Decision.HANDOVER


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


_TEACHING: Final = {Verdict.UNSOLVED: Reason.UNSOLVED, Verdict.NONE_FITS: Reason.NONE_FITS}
"""The verdicts from which something may be learnt."""


async def ask(
    work: Work, actor: Actor, index: Index, text: str, extra: Mapping[str, float] | None = None
) -> Sequence[Reply]:
    """Decides what to say to each of the questions in a text, in their order, and notes it. The words are kept only
    while a verdict is awaited. `extra`: one more score, as the matcher takes it.
    """
    scope = scope_of(actor)
    listed = await judging.visible(work.session, scope)
    judged = await judging.judge(work.session, scope, listed, index, text, extra)
    return [await _reply(work, actor, each) for each in judged]


async def _reply(work: Work, actor: Actor, judged: Judgement) -> Reply:
    read = judged.entry if judged.decision is Decision.ANSWER else None
    question_id = await store.note_question(
        work.session,
        branch_id=scope_of(actor).branch_id,
        came_by=CameBy.TEXT,
        decision=judged.decision,
        shown=[each.slug for each in judged.offered],
        confidence=judged.confidence,
        opened=None if read is None else read.slug,
        now=work.now,
    )
    may_be_handed_over = (
        judged.decision is Decision.DECLINE
        and judged.entry is not None
        and judged.entry.handover is HandOver.OFFERED
    )
    awaits = bool(judged.offered) or may_be_handed_over
    if awaits:
        await store.keep_words(work.session, question_id, actor.account_id, judged.text, now=work.now)
    return Reply(judged.text, judged.decision, judged.entry, judged.offered, question_id if awaits else None)


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


async def suggestions(work: Work, actor: Actor, question_id: int) -> Sequence[tuple[int, Listed]] | None:
    """What was suggested for a question and may still be seen, each with its place among the suggestions; None when the
    question is settled already.
    """
    if not await _awaiting(work.session, actor, question_id):
        return None
    question = await store.question(work.session, question_id)
    if question is None:
        return []
    return [
        (question.shown.index(each.slug), each) for each in await listed(work.session, actor, question.shown)
    ]


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
    if verdict in _TEACHING and question.came_by is CameBy.TEXT:
        await noting.note(work, actor, text, _TEACHING[verdict], question.shown)
    return Settled(text, question.shown)


async def listed(reader: Reader, actor: Actor, slugs: Sequence[str]) -> Sequence[Listed]:
    """Of these entries, in this order, those the actor may see."""
    visible = {
        each.slug: each for each in await store.visible(reader, scope_of(actor)) if each.kind is Kind.ENTRY
    }
    return [visible[slug] for slug in slugs if slug in visible]


async def for_step(
    reader: Reader, actor: Actor, step: str, usual: Sequence[str], limit: int
) -> Sequence[Listed]:
    """What may help somebody who is stuck at a card of the walk-through, as far as they may see it: what their own units
    have tied to it, then the card's `usual` entries, then all else that is tied to it; at most `limit`.
    """
    tied = await store.of_step(reader, scope_of(actor), step)
    own = [each for each in tied if each.unit_id is not None]
    found: dict[str, Listed] = {}
    for each in (*own, *await listed(reader, actor, usual), *tied):
        found.setdefault(each.slug, each)
    return list(found.values())[:limit]


async def of_stage(reader: Reader, actor: Actor, stage: Stage) -> Sequence[Listed]:
    return await store.of_stage(reader, scope_of(actor), stage)


async def count_by_stage(reader: Reader, actor: Actor) -> Mapping[Stage, int]:
    """How many entries there are for the actor, by stage."""
    return await store.count_by_stage(reader, scope_of(actor))


async def looked_up(work: Work, actor: Actor, index: Index, text: str) -> Sequence[tuple[int, Shown]]:
    """What somebody may mean who types a few letters and looks for an entry to hand on: rows and entries, best first;
    for no letters at all, what is read most.
    """
    scope = scope_of(actor)
    if not text.strip():
        found = await store.most_read(work.session, scope, since=work.now - READ_LATELY, limit=LOOKED_UP)
    else:
        found = await _search(work.session, actor, index, text)
    entries = [(each.row, await store.shown(work.session, scope, each.slug)) for each in found]
    return [(row, entry) for row, entry in entries if entry is not None]


async def _search(reader: Reader, actor: Actor, index: Index, text: str) -> Sequence[Listed]:
    visible = await judging.visible(reader, scope_of(actor))
    entries = {key: each for key, each in visible.items() if each.kind is Kind.ENTRY}
    letters = text.strip().casefold()
    titled = [each for each in entries.values() if letters in each.title.casefold()]
    outcome = match(index, text, visible.keys())
    meant = [entries[each.key] for each in outcome.entries]
    if outcome.decision not in (Decision.ANSWER, Decision.SUGGEST):
        meant = []  # what happens to share a letter with it is not it
    return list({each.slug: each for each in (*meant[:SHOWN], *titled, *meant)}.values())[:LOOKED_UP]


async def handed_on(work: Work, actor: Actor, row_id: int) -> None:
    """Notes that somebody took an entry they looked up, and handed it on."""
    slug = await store.slug_of(work.session, row_id)
    if slug is not None and await store.shown(work.session, scope_of(actor), slug) is not None:
        await _note_read(work, actor, slug, CameBy.INLINE)


async def forget(work: Work, actor: Actor) -> None:
    """Forgets the words of what this account asked, and files it sent."""
    await store.forget_account(work.session, actor.account_id)
    await lessons.forget_account(work.session, actor.account_id)
    await exchange.forget_offers(work.session, actor.account_id)


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
