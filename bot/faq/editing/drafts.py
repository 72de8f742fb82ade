"""Writing: every act changes a draft that nobody else sees, until it is published."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from bot.faq import content, markup
from bot.faq.editing import browsing, errors, rules, store
from bot.faq.editing.rules import Line
from bot.faq.facts import Facts
from bot.faq.model import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Attachment,
    Audience,
    Entry,
    HandOver,
    Kind,
    MediaKind,
    Owner,
    Phone,
    Stage,
)
from bot.faq.upkeep import rights
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Draft
from bot.kit.database import Reader
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor

PHRASING_LIMIT = 60
"""Characters of one way of asking."""
FILES_LIMIT = 5

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """A picture, video or file as it came from Telegram."""

    kind: MediaKind
    name: str
    content: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Phrased:
    """What became of phrasings that were sent in."""

    draft: Draft
    added: tuple[str, ...]
    known: tuple[str, ...]
    """This entry has them already."""
    taken: tuple[tuple[str, Line], ...]
    """Another entry has them."""
    long: tuple[str, ...]


async def own(reader: Reader, actor: Actor, draft_id: int) -> Draft:
    """A draft of the actor's own; `DraftGone` for any other, `NotAllowed` where its unit is no longer theirs."""
    draft = await upkeep.draft(reader, draft_id)
    if draft is None or actor.member is None or draft.member_id != actor.member.id:
        raise errors.DraftGone
    await rights.require(reader, actor, draft.owner)
    return draft


async def begin(work: Work, actor: Actor, owner: Owner, entry: Entry) -> Draft:
    """A draft of a new entry; with an empty id it is given one of its own."""
    draft_id = await _begin(work, actor, owner, entry)
    if not entry.id:
        unit = "all" if owner is None else owner
        entry = dataclasses.replace(entry, id=f"own-{unit}-{draft_id}")  # drafts' numbers never come twice
        await upkeep.change_draft(work.session, draft_id, entry, base_revision=0, now=work.now)
    return await own(work.session, actor, draft_id)


async def blank(work: Work, actor: Actor, owner: Owner, title: str) -> Draft:
    """A new entry that has no more than a title, in the language its author reads."""
    at = await browsing.desk(work.session, actor, owner)
    return await begin(work, actor, owner, Entry("", at.language, _titled(title, at.language), "", ()))


async def edit(work: Work, actor: Actor, owner: Owner, row: int) -> Draft:
    """The actor's draft of an entry of their unit: the one they began, or a new one."""
    kept = await browsing.own(work.session, actor, owner, row)
    begun = await _begun(work.session, actor, owner, kept.entry)
    if begun is None:
        return await _drawn(work, actor, owner, kept.entry, row, kept.revision)
    if begun.base_revision != kept.revision and begun.content == await base_of(work.session, begun):
        await upkeep.drop_draft(work.session, begun.id)  # nothing was written yet
        return await _drawn(work, actor, owner, kept.entry, row, kept.revision)
    return begun


async def override(work: Work, actor: Actor, owner: Owner, row: int) -> Draft:
    """A draft of the unit's own entry in place of one from above; it begins as a copy of that one."""
    _, kept = await browsing.in_view(work.session, actor, owner, row)
    return await _copy(work, actor, owner, kept.entry)


async def translation(work: Work, actor: Actor, owner: Owner, row: int) -> Draft:
    """A draft of an own entry in the other language; it begins with the texts to be translated."""
    kept = await browsing.own(work.session, actor, owner, row)
    language = next(each for each in LANGUAGES if each != kept.entry.language)
    return await _copy(work, actor, owner, dataclasses.replace(kept.entry, language=language, phrasings=()))


async def hand_over(work: Work, before: int, after: int, unit_id: int) -> int:
    """After a post in the unit has gone from one member to another: the drafts of its entries go along, unless their author
    may still see to them. Returns how many went.
    """
    owner = await rights.owner_of(work.session, unit_id)
    if any(unit.id == unit_id for _, unit in await roster.posts_of(work.session, before)):
        return 0
    return await upkeep.give_drafts(work.session, before, after, owner)


async def base_of(reader: Reader, draft: Draft) -> Entry | None:
    """What stood there when the draft began; None for what was nowhere yet."""
    if draft.entry_row is None:
        return None
    count = await upkeep.count_revisions(reader, draft.entry_row)
    later = await upkeep.revisions(reader, draft.entry_row, limit=count)
    first = next((each for each in reversed(later) if each.id > draft.base_revision), None)
    if first is not None:
        return first.before
    kept = await upkeep.kept(reader, draft.entry_row)
    return None if kept is None else kept.entry


async def set_title(work: Work, actor: Actor, draft_id: int, title: str) -> Draft:
    draft = await own(work.session, actor, draft_id)
    return await change(work, draft, title=_titled(title, draft.content.language))


async def set_body(work: Work, actor: Actor, draft_id: int, body: str, facts: Facts) -> Draft:
    draft = await own(work.session, actor, draft_id)
    if not body.strip():
        raise errors.AnswerEmpty
    check_body(body, draft.content.language, facts)
    return await change(work, draft, body=body)


async def add_phrasings(work: Work, actor: Actor, draft_id: int, text: str) -> Phrased:
    """Takes each line as a way of asking, except those that stand somewhere already."""
    draft = await own(work.session, actor, draft_id)
    has = {rules.folded(each) for each in draft.content.phrasings}
    sent = rules.phrasings_in(text)
    long = tuple(each for each in sent if len(each) > PHRASING_LIMIT)
    known = tuple(each for each in sent if rules.folded(each) in has and each not in long)
    new = [each for each in sent if each not in long and each not in known]
    others = await taken(work.session, draft.owner, draft.content.id, new)
    added = tuple(each for each in new if each not in others)
    draft = await change(work, draft, phrasings=(*draft.content.phrasings, *added))
    return Phrased(draft, added, known, tuple(others.items()), long)


async def taken(reader: Reader, owner: Owner, slug: str, phrasings: Sequence[str]) -> Mapping[str, Line]:
    """Of these phrasings of the entry `slug`, those that belong to another entry which members of this owner see, each
    with that entry.
    """
    chain = [owner, *await rights.above(reader, owner)]
    holders = await store.asked_by(reader, chain, phrasings)
    # One that a nearer entry stands in place of is not seen by anybody here.
    seen = rules.nearest(await store.lines(reader, chain), chain, DEFAULT_LANGUAGE)
    nearest = {line.slug: line.owner for line in seen}
    found = {}
    for phrasing in phrasings:
        for line in holders.get(rules.folded(phrasing), ()):
            if line.slug != slug and nearest.get(line.slug) == line.owner:
                found[phrasing] = line
                break
    return found


async def remove_phrasing(work: Work, actor: Actor, draft_id: int, key: int) -> tuple[Draft, str | None]:
    """Takes away the phrasing with this key (`key_of`) and says which; None where it is gone already."""
    draft = await own(work.session, actor, draft_id)
    gone = next((each for each in draft.content.phrasings if key_of(each) == key), None)
    left = tuple(each for each in draft.content.phrasings if each != gone)
    return await change(work, draft, phrasings=left), gone


async def add_file(work: Work, actor: Actor, draft_id: int, file: File) -> Draft:
    """Adds an attachment; one that is there already stays where it is."""
    draft = await own(work.session, actor, draft_id)
    digest = hashlib.sha256(file.content).hexdigest()
    if any(each.digest == digest for each in draft.content.media):
        return draft
    if len(draft.content.media) >= FILES_LIMIT:
        raise errors.TooManyFiles(limit=FILES_LIMIT)
    await upkeep.keep_media(work.session, digest, file.kind, file.name, file.content, now=work.now)
    return await change(work, draft, media=(*draft.content.media, Attachment(file.kind, digest, file.name)))


async def remove_file(work: Work, actor: Actor, draft_id: int, key: int) -> Draft:
    draft = await own(work.session, actor, draft_id)
    return await change(
        work, draft, media=tuple(each for each in draft.content.media if key_of(each.digest) != key)
    )


async def raise_file(work: Work, actor: Actor, draft_id: int, key: int) -> Draft:
    """Moves an attachment one place up."""
    draft = await own(work.session, actor, draft_id)
    media = list(draft.content.media)
    place = next((place for place, each in enumerate(media) if key_of(each.digest) == key), 0)
    if place > 0:
        media[place - 1], media[place] = media[place], media[place - 1]
    return await change(work, draft, media=tuple(media))


async def set_stage(work: Work, actor: Actor, draft_id: int, stage: Stage) -> Draft:
    draft = await own(work.session, actor, draft_id)
    if draft.content.kind is not Kind.ENTRY:
        return draft
    return await change(work, draft, stage=stage)


async def toggle_step(work: Work, actor: Actor, draft_id: int, step: str) -> Draft:
    draft = await own(work.session, actor, draft_id)
    return await change(work, draft, steps=_toggled(draft.content.steps, step))


async def toggle_phone(work: Work, actor: Actor, draft_id: int, phone: Phone) -> Draft:
    draft = await own(work.session, actor, draft_id)
    toggled = _toggled(draft.content.phones, phone)
    return await change(work, draft, phones=tuple(each for each in Phone if each in toggled))


async def set_audience(work: Work, actor: Actor, draft_id: int, audience: Audience) -> Draft:
    return await change(work, await own(work.session, actor, draft_id), audience=audience)


async def set_handover(work: Work, actor: Actor, draft_id: int, handover: HandOver) -> Draft:
    draft = await own(work.session, actor, draft_id)
    if draft.content.kind is not Kind.DECLINE:
        return draft
    return await change(work, draft, handover=handover)


async def throw_away(work: Work, actor: Actor, draft_id: int) -> Draft:
    draft = await own(work.session, actor, draft_id)
    await upkeep.drop_draft(work.session, draft.id)
    return draft


def check_body(body: str, language: str, facts: Facts) -> None:
    """A refusal for an answer that cannot be sent to members as it is."""
    try:
        content.check_text("", body, facts.of(language))
    except content.FactUnknown as unknown:
        known = " ".join("{" + name + "}" for name in sorted(facts.names))
        raise errors.FactUnknown(name=unknown.details["name"], known=known) from unknown
    except content.TextTooLong as long:
        limit = markup.LIMIT - content.TITLE_LIMIT - 2
        raise errors.AnswerLong(length=long.details["length"], limit=limit) from long


def title_limit(language: str) -> int:
    """How many characters a title may have; a Latin letter is half as wide as a Chinese character."""
    return content.TITLE_LIMIT if language == DEFAULT_LANGUAGE else 2 * content.TITLE_LIMIT


def key_of(text: str) -> int:
    """A short number that stands for a text in a button, the same for ever."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


async def change(work: Work, draft: Draft, *, base_revision: int | None = None, **fields: Any) -> Draft:
    """The draft with other fields of its entry."""
    entry = dataclasses.replace(draft.content, **fields)
    base = draft.base_revision if base_revision is None else base_revision
    await upkeep.change_draft(work.session, draft.id, entry, base_revision=base, now=work.now)
    return dataclasses.replace(draft, content=entry, base_revision=base, touched_at=work.now)


async def _copy(work: Work, actor: Actor, owner: Owner, entry: Entry) -> Draft:
    """A draft of the unit's entry of this id and language, which may have been retired."""
    await rights.require(work.session, actor, owner)
    begun = await _begun(work.session, actor, owner, entry)
    if begun is not None:
        return begun
    there = await upkeep.find(work.session, owner, entry.id, entry.language)
    if there is None:
        return await _drawn(work, actor, owner, entry, None, 0)
    return await _drawn(work, actor, owner, entry, there.row, there.revision)


async def _begun(reader: Reader, actor: Actor, owner: Owner, entry: Entry) -> Draft | None:
    for draft in await browsing.drafts(reader, actor, owner):
        if (draft.content.id, draft.content.language) == (entry.id, entry.language):
            return draft
    return None


async def _drawn(
    work: Work, actor: Actor, owner: Owner, entry: Entry, row: int | None, revision: int
) -> Draft:
    return await own(work.session, actor, await _begin(work, actor, owner, entry, row, revision))


async def _begin(
    work: Work, actor: Actor, owner: Owner, entry: Entry, row: int | None = None, revision: int = 0
) -> int:
    return await upkeep.begin_draft(
        work.session,
        member_id=await rights.require(work.session, actor, owner),
        owner=owner,
        entry_row=row,
        base_revision=revision,
        content=entry,
        now=work.now,
    )


def _titled(title: str, language: str) -> str:
    """A title as it stands on a button; a refusal where it cannot."""
    title = " ".join(title.split())
    if not title:
        raise errors.TitleEmpty
    limit = title_limit(language)
    if len(title) > limit:
        raise errors.TitleLong(length=len(title), limit=limit)
    return title


def _toggled(chosen: Sequence[T], one: T) -> tuple[T, ...]:
    if one in chosen:
        return tuple(each for each in chosen if each != one)
    return (*chosen, one)
