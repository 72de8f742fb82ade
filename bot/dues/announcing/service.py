"""Use cases of announcing. Each act asks again who may: whoever announces for the unit, and for a draft its author."""

import dataclasses
from collections.abc import Mapping, Sequence

from bot.dues.announcing import rules, store
from bot.dues.announcing.errors import EnoughForToday, NightTime, NobodyToReach, NotForYou, OnItsWay, Over
from bot.dues.announcing.model import Announcement, Content, Fared, Outcome, Reach, Stage
from bot.dues.announcing.rules import Manner
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Member, Unit, UnitKind

BRANCHES = 12
"""Branches on one page."""


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    announcement: Announcement
    unit: Unit
    author: str


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    announcement: Announcement
    unit: Unit
    fared: Fared
    not_reached: Sequence[str] | None
    """Names to phone; None for whoever is not of the branch's own staff."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    announcement: Announcement
    delivered: int
    read: int
    unread: Sequence[str] | None
    """Names; None for whoever is not of the branch's own staff."""


@dataclasses.dataclass(frozen=True, slots=True)
class Branches:
    """A page of the branches below a unit, with how an announcement fared in each."""

    announcement: Announcement
    branches: Sequence[tuple[Unit, Fared]]
    page: int
    pages: int


async def units(reader: Reader, actor: Actor) -> Sequence[Unit]:
    """The units to whose members the actor announces; `NotAllowed` where there is none."""
    found = [await roster.unit(reader, unit_id) for unit_id in actor.units(*rules.MAY_ANNOUNCE)]
    known = [unit for unit in found if unit is not None]
    if actor.member is None or not known:
        raise NotAllowed
    return known


async def unit(reader: Reader, actor: Actor, unit_id: int) -> Unit:
    """One of these."""
    for found in await units(reader, actor):
        if found.id == unit_id:
            return found
    raise NotAllowed


async def unfinished(work: Work, actor: Actor) -> Draft | None:
    """The actor's newest draft that can still be sent."""
    author = _member(actor)
    found = await store.draft_of(work.session, author.id)
    if found is None or not rules.may_announce(actor, found.unit_id):
        return None
    return await draft(work, actor, found.id)


async def draft(work: Work, actor: Actor, announcement_id: int) -> Draft:
    """One of the actor's own drafts."""
    found = await _own(work, actor, announcement_id)
    if found.stage is not Stage.DRAFT:
        raise Outdated
    return Draft(found, await unit(work.session, actor, found.unit_id), _member(actor).name)


async def write(work: Work, actor: Actor, unit_id: int, draft_id: int | None, content: Content) -> Draft:
    """Keeps what was written, in the place of an earlier wording if there is one that can still be changed."""
    await unit(work.session, actor, unit_id)
    known = None if draft_id is None else await store.announcement(work.session, draft_id)
    if known is not None and known.author_id == _member(actor).id and known.stage is Stage.DRAFT:
        await store.rewrite(work.session, known.id, content, now=work.now)
        return await draft(work, actor, known.id)
    added = await store.add(work.session, unit_id, _member(actor).id, content, now=work.now)
    return await draft(work, actor, added)


async def mark(work: Work, actor: Actor, announcement_id: int, wanted: bool) -> Draft:
    await draft(work, actor, announcement_id)
    await store.mark(work.session, announcement_id, wanted)
    return await draft(work, actor, announcement_id)


async def drop(work: Work, actor: Actor, announcement_id: int) -> None:
    await draft(work, actor, announcement_id)
    await store.drop(work.session, announcement_id)


async def confirm(
    work: Work, actor: Actor, announcement_id: int, reach: Reach, panel_id: int, manner: Manner
) -> Announcement:
    """Sends it, once the time for undoing is over. `panel_id`: Telegram's id of the message that shows how it goes."""
    found = (await draft(work, actor, announcement_id)).announcement
    since = rules.midnight(work.now, manner.zone)
    if await store.confirmed_since(work.session, found.unit_id, since) >= manner.per_day:
        raise EnoughForToday(limit=manner.per_day)
    if not reach.reachable:
        raise NobodyToReach
    await store.confirm(
        work.session,
        found.id,
        due_at=rules.leaves_at(work.now, manner),
        reachable=reach.reachable,
        panel_id=panel_id,
        now=work.now,
    )
    await work.audit(
        "announcement.sent", by=_member(actor).id, subject=f"unit:{found.unit_id}", announcement=found.id
    )
    return await _known(work, found.id)


async def undo(work: Work, actor: Actor, announcement_id: int) -> Draft:
    """Takes it back before anything has left; it is a draft again."""
    found = await _own(work, actor, announcement_id)
    if found.stage is Stage.DRAFT:
        return await draft(work, actor, announcement_id)
    if found.stage is not Stage.CONFIRMED:
        raise OnItsWay
    await store.take_back(work.session, found.id, now=work.now)
    return await draft(work, actor, announcement_id)


async def send_now(work: Work, actor: Actor, announcement_id: int, manner: Manner) -> Announcement:
    """Does without the rest of the time for undoing; never in the quiet hours."""
    found = await _own(work, actor, announcement_id)
    if found.stage is not Stage.CONFIRMED:
        return found
    if rules.is_quiet(work.now, manner):
        raise NightTime
    await store.put_off(work.session, found.id, work.now)
    return await _known(work, found.id)


async def pause(work: Work, actor: Actor, announcement_id: int) -> Announcement:
    """What has not left yet stays here."""
    found = await _of_unit(work, actor, announcement_id)
    if found.stage in (Stage.CONFIRMED, Stage.SENDING):
        await store.started(work.session, found.id, now=work.now)
        await store.pause(work.session, found.id, work.now)
        await call_back(work, found.id)
    return await _known(work, found.id)


async def resume(work: Work, actor: Actor, announcement_id: int) -> Announcement:
    found = await _of_unit(work, actor, announcement_id)
    if found.stage is Stage.PAUSED:
        await store.pause(work.session, found.id, None)
    return await _known(work, found.id)


async def stop(work: Work, actor: Actor, announcement_id: int) -> Announcement:
    """Nothing more leaves, for good."""
    found = await _of_unit(work, actor, announcement_id)
    if found.stage in (Stage.SENDING, Stage.PAUSED):
        await store.stop(work.session, found.id, now=work.now)
        await call_back(work, found.id)
        await store.give_up_held(work.session, found.id)
        await work.audit(
            "announcement.stopped",
            by=_member(actor).id,
            subject=f"unit:{found.unit_id}",
            announcement=found.id,
        )
    return await _known(work, found.id)


async def call_back(work: Work, announcement_id: int) -> None:
    """Keeps here whatever copies have not left yet; they are held until it goes on."""
    await work.out.cancel(rules.copy_key(announcement_id))
    await store.settle(work.session, announcement_id)


async def look(work: Work, actor: Actor, announcement_id: int) -> tuple[Announcement, Fared]:
    """How it goes, for whoever may stop it."""
    found = await _of_unit(work, actor, announcement_id)
    return found, await store.fared(work.session, found.id)


async def read(work: Work, actor: Actor, announcement_id: int) -> str | None:
    """A member says that they have read it; returns the author's name. None for its author, who only tries the button."""
    found = await store.announcement(work.session, announcement_id)
    if found is None:
        raise Outdated
    member = actor.member
    if member is not None and member.id == found.author_id:
        return None
    if member is None or not await store.note_read(work.session, found.id, member.id, now=work.now):
        raise NotForYou
    return await author_of(work.session, found)


async def report(reader: Reader, found: Announcement, author: Actor | None) -> Report:
    """What became of it, as its author may see it."""
    addressed = await roster.unit(reader, found.unit_id)
    if addressed is None:
        raise LookupError(f"unit {found.unit_id} is gone")
    names = None
    if author is not None and _sees_names(author, addressed):
        names = await store.names(reader, found.id, rules.TO_BE_PHONED)
    fared = await store.fared(reader, found.id)
    if found.stopped_at is not None:
        not_sent = fared.counts.get(Outcome.NOT_SENT, 0) + await store.whose_turn_never_came(reader, found)
        fared = dataclasses.replace(fared, counts={**fared.counts, Outcome.NOT_SENT: not_sent})
    return Report(found, addressed, fared, names)


async def reading(work: Work, actor: Actor, announcement_id: int) -> Reading:
    """Who has read it."""
    found = await _of_unit(work, actor, announcement_id)
    addressed = await unit(work.session, actor, found.unit_id)
    fared = await store.fared(work.session, found.id)
    return Reading(
        found,
        fared.counts.get(Outcome.DELIVERED, 0),
        await store.readers(work.session, found.id),
        await store.unread(work.session, found.id) if _sees_names(actor, addressed) else None,
    )


async def by_branch(work: Work, actor: Actor, announcement_id: int, page: int) -> Branches:
    """How it fared in each branch, without names."""
    found = await _of_unit(work, actor, announcement_id)
    branches = await roster.branches_below(work.session, found.unit_id)
    pages = max(1, -(-len(branches) // BRANCHES))
    page = min(max(page, 0), pages - 1)
    shown = branches[page * BRANCHES : (page + 1) * BRANCHES]
    fared: Mapping[int, Fared] = await store.by_branch(
        work.session, found.id, [branch.id for branch in shown]
    )
    return Branches(
        found, [(branch, fared[branch.id]) for branch in shown if branch.id in fared], page, pages
    )


async def contribution(reader: Reader, actor: Actor) -> tuple[int, int]:
    """How many announcements are noted as sent to the actor, and as read by them."""
    return (0, 0) if actor.member is None else await store.received(reader, actor.member.id)


async def forget(work: Work, actor: Actor) -> None:
    """Deletes the actor's drafts, and what is kept about the announcements they were sent."""
    if actor.member is not None:
        await store.forget(work.session, actor.member.id)


async def author_of(reader: Reader, found: Announcement) -> str:
    person = await roster.person(reader, found.author_id)
    return "" if person is None else person.member.name


def _sees_names(actor: Actor, addressed: Unit) -> bool:
    """Names never leave the branch's own staff."""
    return addressed.kind is UnitKind.BRANCH and actor.holds(addressed.id, BRANCH_ROLES)


async def _own(work: Work, actor: Actor, announcement_id: int) -> Announcement:
    found = await _of_unit(work, actor, announcement_id)
    if found.author_id != _member(actor).id:
        raise NotAllowed
    return found


async def _of_unit(work: Work, actor: Actor, announcement_id: int) -> Announcement:
    _member(actor)
    found = await store.announcement(work.session, announcement_id)
    if found is None:
        raise Outdated if actor.units(*rules.MAY_ANNOUNCE) else NotAllowed
    if not rules.may_announce(actor, found.unit_id):
        raise NotAllowed
    return found


async def _known(work: Work, announcement_id: int) -> Announcement:
    found = await store.announcement(work.session, announcement_id)
    if found is None:
        raise Over
    return found


def _member(actor: Actor) -> Member:
    if actor.member is None:
        raise NotAllowed
    return actor.member
