"""Use cases of the import.

    file = await read(content, vault)                       # outside any transaction
    shown = await preview(reader, file, by=actor)           # changes nothing
    done = await apply(work, file, by=actor, full=False, skip_bad=False, random=random)

`by` is the actor whose units bound what the file may touch; None is the operator at the command line, who may touch
everything.
"""

import asyncio
import dataclasses
import hashlib
import string
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from bot.kit.database import Reader, Session
from bot.kit.errors import NotAllowed, Refusal
from bot.kit.vault import Vault
from bot.kit.work import Work
from bot.roster import store as members
from bot.roster.importing import columns, sheets, store
from bot.roster.importing.checks import Checked, check
from bot.roster.importing.columns import Header
from bot.roster.importing.compare import Missing, Plan, Roster, compare
from bot.roster.importing.offers import ROSTER_FILES
from bot.roster.importing.places import Path, Placed
from bot.roster.model import Actor, Post, Role, UnitKind

IMPORTING_ROLES = (Role.SECRETARY, Role.GENERAL, Role.ADMIN)

_TOKEN_ALPHABET = string.ascii_letters + string.digits
_TOKEN_LENGTH = 16


class NotYourUnits(Refusal):
    """This file is about units that are not in your care: {units}. Please leave those rows out, or ask the level above to import them."""


class HasBadRows(Refusal):
    """Rows to be corrected first: {count}. Nothing was changed."""


class RosterHasChanged(Refusal):
    """The roster has changed since this preview. Please look at the new preview first."""


@dataclasses.dataclass(frozen=True, slots=True)
class RosterFile:
    """A file that has been read and checked by itself."""

    header: Header
    checked: Checked
    fingerprints: Mapping[str, str]
    """By phone, of all phones in the file."""
    sealed: Mapping[str, str]
    """The encrypted phones, by fingerprint."""


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """What a file changes, or has changed."""

    file: RosterFile
    plan: Plan
    full: bool
    """Whether who is missing counts as having left."""
    applied: bool = False

    @property
    def rows(self) -> int:
        """Rows of the file below the header, bad ones included."""
        return self.file.checked.count

    @property
    def left(self) -> Sequence[Missing]:
        return self.plan.missing if self.full else ()

    @property
    def posts_gained(self) -> Sequence[tuple[str, Placed]]:
        """With the names of those who gain them."""
        plan = self.plan
        return [
            *((joiner.person.name, post) for joiner in plan.new for post in joiner.gained),
            *((change.person.name, post) for change in plan.changes for post in change.gained),
        ]

    @property
    def posts_lost(self) -> Sequence[tuple[str, Placed]]:
        return [
            *((change.person.name, post) for change in self.plan.changes for post in change.lost),
            *((member.name, post) for member in self.left for post in member.lost),
        ]

    @property
    def bad_row_count(self) -> int:
        return len({cell.row for cell in self.plan.bad})

    @property
    def changes_anything(self) -> bool:
        return bool(self.plan.units or self.plan.new or self.plan.changes or self.left)

    @property
    def digest(self) -> str:
        """The same for the same effect on the same roster."""
        return hashlib.sha256(repr(self.plan).encode()).hexdigest()


async def read(content: bytes, vault: Vault) -> RosterFile:
    """Reads and checks a roster file, in a thread. Refusals say what is wrong with the file as a whole."""
    return await asyncio.to_thread(_read, content, vault)


async def preview(reader: Reader, file: RosterFile, *, by: Actor | None, full: bool = False) -> Preview:
    """What applying the file would do now. `NotYourUnits` if it is about other units than the actor's."""
    plan = await _plan(reader, file, by)
    return Preview(file, plan, full)


async def apply(
    work: Work,
    file: RosterFile,
    *,
    by: Actor | None,
    full: bool,
    skip_bad: bool,
    random: Random,
    expected: str | None = None,
) -> Preview:
    """Applies the file to the roster as it is now, all or nothing.

    With `full`, members the file does not have are marked as left. `HasBadRows` unless told to skip them;
    `RosterHasChanged` if the effect is no longer the one whose `Preview.digest` is `expected`. `random` (fit for
    secrets) makes the new units' deep links.
    """
    shown = Preview(file, await _plan(work.session, file, by), full)
    if expected is not None and shown.digest != expected:
        raise RosterHasChanged
    if shown.plan.bad and not skip_bad:
        raise HasBadRows(count=shown.bad_row_count)
    await _carry_out(work, shown, by, random)
    return dataclasses.replace(shown, applied=True)


async def sweep(work: Work) -> None:
    """Deletes what is known of files sent in chat a while ago."""
    await ROSTER_FILES.sweep(work.session, now=work.now)


def may_import(actor: Actor) -> bool:
    return any(post.role in IMPORTING_ROLES for post in actor.posts)


def _read(content: bytes, vault: Vault) -> RosterFile:
    header, rows = columns.find(sheets.read(content))
    checked = check(header, rows)
    phones = [row.phone for row in checked.rows if row.phone is not None]
    mentioned = [mention.phone for mention in checked.mentions if mention.phone is not None]
    fingerprints = {phone: vault.fingerprint(phone) for phone in (*phones, *mentioned)}
    sealed = {fingerprints[phone]: vault.encrypt(phone) for phone in phones}
    return RosterFile(header, checked, fingerprints, sealed)


async def _plan(reader: Reader, file: RosterFile, by: Actor | None) -> Plan:
    roster = await store.roster(reader)
    plan = await asyncio.to_thread(compare, file.checked, roster, file.fingerprints.__getitem__)
    if by is None:
        return plan
    if not may_import(by):
        raise NotAllowed
    path_of = await store.paths(reader)
    scope = [path_of[unit_id] for unit_id in by.units(*IMPORTING_ROLES)]
    foreign = [path for path in _touched(plan, roster) if not _covered(path, scope)]
    if foreign:
        raise NotYourUnits(units=" · ".join(dict.fromkeys(path[-1] for path in foreign[:3])))
    missing = tuple(member for member in plan.missing if _covered(member.branch, scope))
    return dataclasses.replace(plan, missing=missing)


def _touched(plan: Plan, roster: Roster) -> Iterable[Path]:
    """The units a plan is about; for new units, those above, whose staff may divide them."""
    for path, kind in plan.units:
        yield path if kind is UnitKind.COMMITTEE else path[:-1]
    yield from plan.branches
    for joiner in plan.new:
        yield from (post.unit for post in joiner.gained)
    for change in plan.changes:
        yield change.branch_before
        yield from (post.unit for post in (*change.gained, *change.lost))
    branch_of = {member.id: member.branch for member in roster.members}
    for member_id in plan.released:
        yield branch_of[member_id]


def _covered(path: Path, scope: Sequence[Path]) -> bool:
    return any(path[: len(top)] == top for top in scope)


async def _carry_out(work: Work, shown: Preview, by: Actor | None, random: Random) -> None:
    session, now, plan = work.session, work.now, shown.plan
    if not shown.changes_anything:
        return
    unit_ids = {path: unit_id for unit_id, path in (await store.paths(session)).items()}
    for path, kind in plan.units:
        parent = unit_ids[path[:-1]] if len(path) > 1 else None
        unit_ids[path] = await _add_unit(session, path, kind, parent, random)
    await store.mark_left(session, [member.member_id for member in shown.left], now=now)
    with_other_phone = [
        change.member_id
        for change in plan.changes
        if any(column is columns.Column.PHONE for column, _, _ in change.fields)
    ]
    await store.free_phones(session, [*plan.released, *with_other_phone], now=now)
    sealed = shown.file.sealed
    await store.change_members(session, plan.changes, unit_ids=unit_ids, sealed=sealed, now=now)
    people = [joiner.person for joiner in plan.new]
    await store.add_members(session, people, unit_ids=unit_ids, sealed=sealed, now=now)
    appointed = [joiner.person for joiner in plan.new if joiner.gained]
    ids = await store.ids_of(session, appointed) if appointed else {}
    for joiner in plan.new:
        await _set_posts(work, by, ids.get(joiner.person, 0), joiner.gained, (), unit_ids)
    for change in plan.changes:
        await _set_posts(work, by, change.member_id, change.gained, change.lost, unit_ids)
    await store.menus_are_due(
        session,
        [
            *(member.member_id for member in shown.left),
            *(change.member_id for change in plan.changes if change.returned),
        ],
    )
    await work.audit(
        "roster.imported",
        by=_member_id(by),
        subject="roster",
        rows=shown.rows,
        units=len(plan.units),
        new=len(plan.new),
        changed=[change.member_id for change in plan.changes],
        left=[member.member_id for member in shown.left],
        skipped=shown.bad_row_count,
    )


async def _set_posts(
    work: Work,
    by: Actor | None,
    member_id: int,
    gained: Sequence[Placed],
    lost: Sequence[Placed],
    unit_ids: Mapping[Path, int],
) -> None:
    for placed in lost:
        post = Post(unit_ids[placed.unit], placed.role)
        await members.dismiss(work.session, member_id, post, now=work.now)
        await _audit_post(work, "post.lost", by, member_id, post)
    for placed in gained:
        post = Post(unit_ids[placed.unit], placed.role)
        await members.appoint(work.session, member_id, post, now=work.now)
        await _audit_post(work, "post.gained", by, member_id, post)


async def _audit_post(work: Work, act: str, by: Actor | None, member_id: int, post: Post) -> None:
    await work.audit(
        act, by=_member_id(by), subject=f"member:{member_id}", unit=post.unit_id, role=str(post.role)
    )


def _member_id(by: Actor | None) -> int | None:
    return None if by is None or by.member is None else by.member.id


async def _add_unit(session: Session, path: Path, kind: UnitKind, parent: int | None, random: Random) -> int:
    while (unit_id := await store.add_unit(session, path, kind, parent, _token(random))) is None:
        pass  # the token is taken: the next one
    return unit_id


def _token(random: Random) -> str:
    return "".join(random.choices(_TOKEN_ALPHABET, k=_TOKEN_LENGTH))
