"""From a draft to what members read, and back: publishing, taking away, taking back."""

import dataclasses
from collections.abc import Sequence

from bot.faq.editing import browsing, drafts, errors, rules
from bot.faq.editing.rules import Difference
from bot.faq.facts import Facts
from bot.faq.model import LANGUAGES, Entry, Kind, Owner, State
from bot.faq.upkeep import changes, rights
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Act, Draft, Kept, Revision
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else of the unit has changed the entry since the draft began."""

    latest: Revision
    changer: str | None
    theirs: Kept
    base: Entry | None


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A draft that is complete, before it is published."""

    draft: Draft
    revision: int
    """The latest of the entry in place of which it comes; 0 where there is none."""
    change: Difference
    new: bool
    """Whether the unit has no such entry so far."""
    overrides: tuple[str | None, str] | None
    """The unit, and the title, of the entry from above that members of this unit no longer see."""
    other_language_above: bool
    """Whether that one also comes in the other language, which this one does not."""
    conflict: Conflict | None


async def check(reader: Reader, actor: Actor, draft_id: int, facts: Facts) -> Checked:
    """What publishing would do; a refusal where something is missing."""
    draft = await drafts.own(reader, actor, draft_id)
    target = await upkeep.find(reader, draft.owner, draft.content.id, draft.content.language)
    await _require_complete(reader, draft, None if target is None else target.entry, facts)
    above = await _above(reader, draft.owner, draft.content)
    return Checked(
        draft,
        0 if target is None else target.revision,
        rules.difference(None if target is None else target.entry, draft.content),
        target is None,
        None if not above else (await browsing.unit_name(reader, above[0].owner), above[0].entry.title),
        len(above) > 1 and not await _other_own(reader, draft),
        await _conflict(reader, draft, target),
    )


async def publish(
    work: Work, actor: Actor, draft_id: int, seen: int, facts: Facts
) -> tuple[int, Owner] | Checked:
    """Publishes a draft over an entry whose latest revision the actor has `seen`; returns the entry's row, and whose it is.
    Where it was changed since, nothing is done and what there is to decide is returned.
    """
    checked = await check(work.session, actor, draft_id, facts)
    if checked.revision != seen:
        return checked
    draft = checked.draft
    row = await changes.save(
        work,
        draft.content,
        owner=draft.owner,
        by=draft.member_id,
        act=Act.CREATED if checked.new else Act.EDITED,
    )
    await upkeep.drop_draft(work.session, draft.id)
    return row, draft.owner


async def take_theirs(work: Work, actor: Actor, draft_id: int) -> tuple[Draft, Draft]:
    """Puts the draft on top of what others have published meanwhile: what only the actor changed stays, elsewhere the
    published text does. Returns the draft before and after.
    """
    before = await drafts.own(work.session, actor, draft_id)
    target = await upkeep.find(work.session, before.owner, before.content.id, before.content.language)
    if target is None:
        raise Outdated
    base = await drafts.base_of(work.session, before) or target.entry
    merged = rules.together(base, before.content, target.entry)
    await upkeep.drop_draft(work.session, before.id)
    after = await upkeep.begin_draft(
        work.session,
        member_id=before.member_id,
        owner=before.owner,
        entry_row=target.row,
        base_revision=target.revision,
        content=merged,
        now=work.now,
    )
    return before, await drafts.own(work.session, actor, after)


async def to_retire(reader: Reader, actor: Actor, owner: Owner, row: int) -> tuple[Kept, str | None]:
    """An own entry, and the unit whose entry members see instead once it is out of use."""
    kept = await browsing.own(reader, actor, owner, row)
    above = await _above(reader, owner, kept.entry)
    return kept, await browsing.unit_name(reader, above[0].owner) if above else None


async def retire(work: Work, actor: Actor, owner: Owner, row: int) -> None:
    kept = await browsing.own(work.session, actor, owner, row)
    await changes.retire(work, kept.row, by=await rights.require(work.session, actor, owner))


async def restore(work: Work, actor: Actor, owner: Owner, row: int) -> None:
    kept = await browsing.own(work.session, actor, owner, row)
    if kept.state is State.RETIRED:
        await _require_free(work.session, kept.owner, kept.entry, kept.entry.phrasings)
    await changes.restore(work, kept.row, by=await rights.require(work.session, actor, owner))


async def undo(work: Work, actor: Actor, owner: Owner, row: int, revision: int) -> None:
    """Takes back the change that the actor has seen to be the latest; `Outdated` where it no longer is."""
    kept = await browsing.own(work.session, actor, owner, row)
    if kept.revision != revision:
        raise Outdated
    await changes.undo(work, kept.row, by=await rights.require(work.session, actor, owner))


async def add_phrasing(work: Work, actor: Actor, row: int, phrasing: str) -> bool:
    """Adds a member's wording to a published entry of the actor's own unit; returns whether it was not there yet. A
    refusal where another entry has it.
    """
    kept = await upkeep.kept(work.session, row)
    if kept is None:
        raise Outdated
    by = await rights.require(work.session, actor, kept.owner)
    found = rules.phrasings_in(phrasing.replace("\n", " "))
    new = [each for each in found if rules.folded(each) not in map(rules.folded, kept.entry.phrasings)]
    if not new:
        return False
    for each in new:
        if len(each) > drafts.PHRASING_LIMIT:
            raise errors.PhrasingLong(text=each[:10], limit=drafts.PHRASING_LIMIT)
    await _require_free(work.session, kept.owner, kept.entry, new)
    entry = dataclasses.replace(kept.entry, phrasings=(*kept.entry.phrasings, *new))
    await changes.save(work, entry, owner=kept.owner, by=by, act=Act.LEARNT)
    return True


async def _require_complete(reader: Reader, draft: Draft, before: Entry | None, facts: Facts) -> None:
    entry = draft.content
    if not entry.title:
        raise errors.TitleEmpty
    if not entry.body.strip():
        raise errors.AnswerEmpty
    drafts.check_body(entry.body, entry.language, facts)
    if entry.kind is Kind.ENTRY and entry.stage is None:
        raise errors.StageMissing
    if not entry.phrasings:
        raise errors.PhrasingMissing
    await _require_free(reader, draft.owner, entry, rules.difference(before, entry).added)


async def _require_free(reader: Reader, owner: Owner, entry: Entry, phrasings: Sequence[str]) -> None:
    """`PhrasingTaken` where another entry that the same members see has one of these phrasings."""
    for phrasing, other in (await drafts.taken(reader, owner, entry.id, phrasings)).items():
        raise errors.PhrasingTaken(text=phrasing, title=other.title)


async def _above(reader: Reader, owner: Owner, entry: Entry) -> Sequence[Kept]:
    """The published entry that this one overrides, from the nearest level that has it: in the same language first."""
    languages = sorted(LANGUAGES, key=lambda each: each != entry.language)
    for higher in await rights.above(reader, owner):
        found = [await upkeep.find(reader, higher, entry.id, language) for language in languages]
        published = [each for each in found if each is not None and each.state is State.PUBLISHED]
        if published:
            return published
    return []


async def _other_own(reader: Reader, draft: Draft) -> bool:
    for language in LANGUAGES:
        if language != draft.content.language:
            found = await upkeep.find(reader, draft.owner, draft.content.id, language)
            if found is not None and found.state is State.PUBLISHED:
                return True
    return False


async def _conflict(reader: Reader, draft: Draft, target: Kept | None) -> Conflict | None:
    if target is None or target.revision == draft.base_revision:
        return None
    latest = (await upkeep.revisions(reader, target.row, limit=1))[0]
    changer = None
    if latest.by is not None:
        person = await roster.person(reader, latest.by)
        changer = None if person is None else person.member.name
    return Conflict(latest, changer, target, await drafts.base_of(reader, draft))
