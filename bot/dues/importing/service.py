"""Use cases of the payment import.

    file = await read(content, vault.fingerprint, zone, now=now)    # outside any transaction
    plan = await preview(reader, file, by=actor)                    # changes nothing
    done = await apply(work, file, by=actor, expected=plan.digest)  # looks again, then writes, in one transaction
    await undo(work, done.import_id, by=actor)

`by` is the actor whose branches bound what the file may touch; None is the operator at the command line, who may touch
everything.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import tzinfo

from bot.dues.importing import store
from bot.dues.importing.lines import PaymentFile, Reading
from bot.dues.importing.rules import Plan, Weighing
from bot.dues.importing.store import PAYMENT_FILES, Import
from bot.dues.service import recall_needless
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Actor, Role, UnitKind

IMPORTING_ROLES = (Role.SECRETARY, Role.DEPUTY, Role.GENERAL, Role.ADMIN)
ABOVE = (Role.GENERAL, Role.ADMIN)
UNDO_FOR = 7 * DAY
"""So long an import can be taken back in chat."""
SHOWN_FOR = 60 * DAY
"""So long the last import is told of."""

Progress = Callable[[int], Awaitable[None]]
"""Is told how many rows have been read."""


class PaymentsHaveChanged(Refusal):
    """Payments or the roster have changed since this preview. Please look at the new preview first."""


class NothingToImport(Refusal):
    """No row of this file can be imported here."""


class NotTheLast(Refusal):
    """Another file was imported after this one. Please take that one back first."""


class TakenBack(Refusal):
    """This import was taken back already."""


class TooLateToTakeBack(Refusal):
    """This import is more than a week old, so it can no longer be taken back here."""


class NotTheirs(Refusal):
    """Only whoever imported this file, or the level above, can take it back."""


class NothingToTakeBack(Refusal):
    """There is no import that could be taken back."""


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    import_id: int
    plan: Plan


async def _silently(_rows: int) -> None:
    pass


async def read(
    content: bytes,
    fingerprint: Callable[[str], str],
    zone: tzinfo,
    *,
    now: int,
    progress: Progress = _silently,
) -> PaymentFile:
    """Reads a payment file in a thread, saying how far it is. A `Refusal` if it is none; a row that cannot be understood
    is listed, not guessed at.
    """
    reading = Reading(content, fingerprint, zone, now=now)
    while await asyncio.to_thread(reading.go_on):
        await progress(reading.rows)
    return reading.file()


async def preview(reader: Reader, file: PaymentFile, *, by: Actor | None, as_of: int | None = None) -> Plan:
    """What importing the file would do now. `as_of` says up to when its data goes; by default, what the file says."""
    return await _plan(reader, file, await _scope(reader, by), as_of)


async def apply(
    work: Work,
    file: PaymentFile,
    *,
    by: Actor | None,
    as_of: int | None = None,
    expected: str | None = None,
) -> Done:
    """Notes the payments, all or nothing; obligations follow from them. What is known already is not noted twice.
    `PaymentsHaveChanged` if the effect is no longer the one whose `Plan.digest` is `expected`.
    """
    scope = await _scope(work.session, by)
    plan = await _plan(work.session, file, scope, as_of)
    if expected is not None and plan.digest != expected:
        raise PaymentsHaveChanged
    if not plan.is_about_anybody:
        raise NothingToImport
    member_id = _member_id(by)
    import_id = await store.add_import(
        work.session, as_of=plan.as_of, by=member_id, added=plan.new, branches=scope, now=work.now
    )
    for payments in plan.payments:
        await store.add_payments(work.session, import_id, payments, by=member_id, now=work.now)
    await recall_needless(work)
    await work.audit("dues.imported", by=member_id, subject=f"import:{import_id}", added=plan.new)
    return Done(import_id, plan)


async def undo(work: Work, import_id: int, *, by: Actor | None) -> int:
    """Takes an import back: its payments no longer count, and obligations are what they were without them. Returns how
    many payments these are.
    """
    found = await _to_take_back(work.session, import_id, by, now=work.now)
    count = await store.undo(work.session, found.id, by=_member_id(by), now=work.now)
    await work.audit("dues.import_undone", by=_member_id(by), subject=f"import:{found.id}", payments=count)
    return count


async def last_import(reader: Reader, by: Actor | None, *, since: int = 0) -> Import:
    """The newest import about the actor's branches. `NothingToTakeBack` where there was none since then."""
    scope = await _scope(reader, by)
    for found in await store.imports(reader, since=since):
        if found.covers(scope):
            return found
    raise NothingToTakeBack


async def newest(reader: Reader, by: Actor, *, now: int) -> Import | None:
    """As `last_import`, of the last while; None where there is none."""
    try:
        return await last_import(reader, by, since=now - SHOWN_FOR)
    except NothingToTakeBack:
        return None


async def may_take_back(reader: Reader, found: Import, by: Actor, *, now: int) -> bool:
    try:
        await check_undo(reader, found.id, by, now=now)
    except Refusal:
        return False
    return True


async def check_undo(reader: Reader, import_id: int, by: Actor, *, now: int) -> Import:
    """The import, if the actor may take it back now; else a `Refusal` that says why not."""
    return await _to_take_back(reader, import_id, by, now=now)


def may_import(actor: Actor) -> bool:
    return actor.member is not None and any(post.role in IMPORTING_ROLES for post in actor.posts)


async def forget(work: Work, actor: Actor) -> None:
    """Deletes what is known of files this person has sent."""
    await PAYMENT_FILES.forget(work.session, actor.account_id)


async def tidy(works: Works) -> None:
    """Deletes what is known of files sent a while ago."""
    async with works.begin() as work:
        await PAYMENT_FILES.sweep(work.session, now=work.now)


async def _to_take_back(reader: Reader, import_id: int, by: Actor | None, *, now: int) -> Import:
    scope = await _scope(reader, by)
    imported = await store.imported_at(reader, import_id)
    if imported is None:
        raise Outdated
    at, is_undone = imported
    if is_undone:
        raise TakenBack
    known = await store.imports(reader, since=at)
    place, found = next((place, each) for place, each in enumerate(known) if each.id == import_id)
    if by is not None:
        if not await _may_undo(reader, found, by, scope):
            raise NotTheirs if found.covers(scope) else NotAllowed
        if now - found.at > UNDO_FOR:
            raise TooLateToTakeBack
    if any(later.covers(found.branches) for later in known[:place]):
        raise NotTheLast
    return found


async def _may_undo(reader: Reader, found: Import, by: Actor, scope: frozenset[int] | None) -> bool:
    """Whoever imported it and still looks after all it covers, or staff above all of that."""
    if by.member is not None and found.by_member == by.member.id:
        return _within(found.branches, scope)
    above = by.units(*ABOVE)
    return bool(above) and _within(found.branches, await _covered(reader, above))


def _within(branches: frozenset[int] | None, scope: Collection[int] | None) -> bool:
    return scope is None or (branches is not None and branches <= set(scope))


async def _plan(reader: Reader, file: PaymentFile, scope: Collection[int] | None, as_of: int | None) -> Plan:
    weighing = Weighing(scope)
    branches = await store.branches_by_name(reader)
    for lines in file.lines:
        matched = weighing.match(lines, await store.directory(reader, lines, branches))
        if file.periods is not None:
            weighing.weigh(matched, await store.ledger(reader, matched, file.periods))
    return weighing.plan(file, file.as_of if as_of is None else as_of)


async def _scope(reader: Reader, by: Actor | None) -> frozenset[int] | None:
    """The branches whose payments the actor may import; None for all there are."""
    if by is None:
        return None
    if not may_import(by):
        raise NotAllowed
    return await _covered(reader, by.units(*IMPORTING_ROLES))


async def _covered(reader: Reader, units: Sequence[int]) -> frozenset[int] | None:
    """The branches below these units; None if these are all there are."""
    below = {branch.id for unit in units for branch in await roster.branches_below(reader, unit)}
    everywhere = {branch.id for branch in await roster.units(reader, UnitKind.BRANCH)}
    tops = {unit.id for unit in await roster.units(reader) if unit.parent_id is None}
    return None if below == everywhere and tops <= set(units) else frozenset(below)


def _member_id(by: Actor | None) -> int | None:
    return None if by is None or by.member is None else by.member.id
