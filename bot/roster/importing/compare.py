"""What a roster file would change: its rows against the roster, as plain values."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from bot.kit.i18n import N_
from bot.roster.importing.checks import BadCell, Checked, Mention, Reason, Row
from bot.roster.importing.columns import Column
from bot.roster.importing.places import Path, Place, Placed, place_rows
from bot.roster.model import Category, Status, UnitKind

Fingerprint: TypeAlias = Callable[[str], str]


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """A member as the roster has them."""

    id: int
    employee_no: str | None
    name: str
    phone_hash: str | None
    branch: Path
    status: Status
    category: Category
    monthly_dues: int | None
    left: bool
    posts: frozenset[Placed]
    accepted_on: date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Roster:
    units: Mapping[Path, UnitKind]
    members: Sequence[Known]


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A member as they shall be."""

    name: str
    employee_no: str | None
    phone_hash: str | None
    branch: Path
    status: Status
    category: Category
    monthly_dues: int | None
    """In fen."""
    accepted_on: date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Joiner:
    """A member the roster does not have yet."""

    row: int
    person: Person
    gained: tuple[Placed, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A member of the roster whom the file has otherwise."""

    row: int
    member_id: int
    person: Person
    branch_before: Path
    fields: tuple[tuple[Column, str | None, str | None], ...]
    """Which, before and after; of phones only that they differ."""
    gained: tuple[Placed, ...]
    lost: tuple[Placed, ...]
    returned: bool
    """They had left."""

    @property
    def moved(self) -> bool:
        return self.branch_before != self.person.branch


@dataclasses.dataclass(frozen=True, slots=True)
class Missing:
    """A member of the roster whom the file does not have."""

    member_id: int
    name: str
    employee_no: str | None
    branch: Path
    lost: tuple[Placed, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What applying the file does. Tuples only, in a settled order: the same change is the same text."""

    units: tuple[tuple[Path, UnitKind], ...]
    """New ones, parents first."""
    new: tuple[Joiner, ...]
    changes: tuple[Change, ...]
    missing: tuple[Missing, ...]
    """Marked as left only when told so."""
    released: tuple[int, ...]
    """Members who have left and whose phone is somebody else's now."""
    bad: tuple[BadCell, ...]
    branches: tuple[Path, ...]
    """All branches that the good rows are about."""


def compare(checked: Checked, roster: Roster, fingerprint: Fingerprint) -> Plan:
    placed, bad = place_rows(checked.rows, roster.units)
    matching = _match(placed, roster, fingerprint)
    good = matching.good
    good_rows = {candidate.row.number for candidate in good}
    set_aside = [row for row in checked.rows if row.number not in good_rows]
    mentions = [*checked.mentions, *(Mention(row.employee_no, row.phone, row.name) for row in set_aside)]
    units: dict[Path, UnitKind] = {}
    for candidate in good:
        units |= {path: kind for path, kind in candidate.place.units if path not in roster.units}
    changes = [_change(candidate) for candidate in good if candidate.known is not None]
    return Plan(
        units=tuple(sorted(units.items(), key=lambda unit: len(unit[0]))),
        new=tuple(_joiner(candidate) for candidate in good if candidate.known is None),
        changes=tuple(change for change in changes if change is not None),
        missing=tuple(_missing(roster, good, mentions, fingerprint)),
        released=tuple(sorted(matching.released)),
        bad=tuple(sorted([*checked.bad, *bad, *matching.bad], key=lambda cell: cell.row)),
        branches=tuple(dict.fromkeys(candidate.place.branch for candidate in good)),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Candidate:
    row: Row
    place: Place
    phone_hash: str | None
    known: Known | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Matching:
    good: Sequence[_Candidate]
    bad: Sequence[BadCell]
    released: frozenset[int]


def _match(placed: Iterable[tuple[Row, Place]], roster: Roster, fingerprint: Fingerprint) -> _Matching:
    """Finds each row's member: by employee number, else by phone."""
    by_number = {member.employee_no: member for member in roster.members if member.employee_no is not None}
    by_phone = {member.phone_hash: member for member in roster.members if member.phone_hash is not None}
    candidates: list[_Candidate] = []
    bad: list[BadCell] = []
    taken: dict[int, int] = {}
    for row, place in placed:
        phone_hash = None if row.phone is None else fingerprint(row.phone)
        known = by_number.get(row.employee_no) if row.employee_no is not None else None
        if known is None and phone_hash is not None:
            holder = by_phone.get(phone_hash)
            known = holder if holder is not None and _is_same(row, holder) else None
        if known is not None and known.id in taken:
            column = Column.EMPLOYEE_NO if row.phone is None else Column.PHONE
            reason = Reason(N_("this is the same member as in row {row}"), (("row", taken[known.id]),))
            bad.append(BadCell(row.number, column, row.phone or row.employee_no or "", reason))
            continue
        if known is not None:
            taken[known.id] = row.number
        candidates.append(_Candidate(row, place, phone_hash, known))
    return _settle_phones(candidates, bad, by_phone)


def _is_same(row: Row, holder: Known) -> bool:
    """Whether somebody with this phone is whom the row means, though the employee number does not say so."""
    if holder.left:
        # Numbers are given out again after a while: without the same name it is somebody else.
        return row.name == holder.name
    return row.employee_no is None or holder.employee_no is None


def _settle_phones(
    candidates: list[_Candidate], bad: list[BadCell], by_phone: Mapping[str, Known]
) -> _Matching:
    """Sets aside rows whose phone another member keeps. A row set aside frees no phone, so it is asked again."""
    while True:
        frees = {
            candidate.known.id
            for candidate in candidates
            if candidate.known is not None
            and candidate.phone_hash is not None
            and candidate.phone_hash != candidate.known.phone_hash
        }
        matched = {candidate.known.id for candidate in candidates if candidate.known is not None}
        good: list[_Candidate] = []
        released: set[int] = set()
        for candidate in candidates:
            holder = None if candidate.phone_hash is None else by_phone.get(candidate.phone_hash)
            if holder is None or holder is candidate.known or holder.id in frees:
                good.append(candidate)
            elif holder.left and holder.id not in matched:
                released.add(holder.id)
                good.append(candidate)
            else:
                reason = Reason(N_("this phone number belongs to another member on the roster"))
                bad.append(BadCell(candidate.row.number, Column.PHONE, candidate.row.phone or "", reason))
        if len(good) == len(candidates):
            return _Matching(good, bad, frozenset(released))
        candidates = good


def _joiner(candidate: _Candidate) -> Joiner:
    row = candidate.row
    person = Person(
        name=row.name,
        employee_no=row.employee_no,
        phone_hash=candidate.phone_hash,
        branch=candidate.place.branch,
        status=row.status or Status.FULL,
        category=row.category or Category.EMPLOYED,
        monthly_dues=row.monthly_dues,
        accepted_on=row.accepted_on,
    )
    return Joiner(row.number, person, _ordered(candidate.place.posts or frozenset()))


def _change(candidate: _Candidate) -> Change | None:
    row, known = candidate.row, candidate.known
    if known is None:
        return None
    person = Person(
        name=row.name,
        employee_no=row.employee_no or known.employee_no,
        phone_hash=candidate.phone_hash or known.phone_hash,
        branch=candidate.place.branch,
        status=row.status or known.status,
        category=row.category or known.category,
        monthly_dues=known.monthly_dues if row.monthly_dues is None else row.monthly_dues,
        accepted_on=row.accepted_on or known.accepted_on,
    )
    posts = known.posts if candidate.place.posts is None else candidate.place.posts
    change = Change(
        row=row.number,
        member_id=known.id,
        person=person,
        branch_before=known.branch,
        fields=tuple(_different(known, person)),
        gained=_ordered(posts - known.posts),
        lost=_ordered(known.posts - posts),
        returned=known.left,
    )
    return (
        change if change.fields or change.gained or change.lost or change.returned or change.moved else None
    )


def _different(known: Known, person: Person) -> Iterable[tuple[Column, str | None, str | None]]:
    if known.phone_hash != person.phone_hash:
        yield Column.PHONE, None, None
    pairs: tuple[tuple[Column, object, object], ...] = (
        (Column.EMPLOYEE_NO, known.employee_no, person.employee_no),
        (Column.NAME, known.name, person.name),
        (Column.STATUS, known.status, person.status),
        (Column.CATEGORY, known.category, person.category),
        (Column.MONTHLY_DUES, known.monthly_dues, person.monthly_dues),
        (Column.ACCEPTED_ON, known.accepted_on, person.accepted_on),
    )
    for column, before, after in pairs:
        if before != after:
            yield column, None if before is None else str(before), None if after is None else str(after)


def _missing(
    roster: Roster, good: Sequence[_Candidate], mentions: Sequence[Mention], fingerprint: Fingerprint
) -> Iterable[Missing]:
    """Who stands in no row, not even in a bad one: a typing error must not make anybody leave."""
    found = {candidate.known.id for candidate in good if candidate.known is not None}
    numbers = {mention.employee_no for mention in mentions}
    phones = {fingerprint(mention.phone) for mention in mentions if mention.phone is not None}
    names = {mention.name for mention in mentions}
    for member in roster.members:
        mentioned = (
            (member.employee_no is not None and member.employee_no in numbers)
            or member.phone_hash in phones
            or member.name in names
        )
        if not (member.left or mentioned or member.id in found):
            yield Missing(member.id, member.name, member.employee_no, member.branch, _ordered(member.posts))


def _ordered(posts: Iterable[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(posts, key=lambda post: (post.unit, str(post.role))))
