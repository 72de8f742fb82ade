"""Which unit a row of a roster file means, and which posts in which units.

A unit is known by its path: its name and those of the units above it, from the top.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bot.kit.i18n import N_
from bot.roster.importing.checks import BadCell, Reason, Row
from bot.roster.importing.columns import Column
from bot.roster.model import Role, UnitKind

Path: TypeAlias = tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A post, by the path of its unit."""

    unit: Path
    role: Role


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    units: tuple[tuple[Path, UnitKind], ...]
    """The branch's whole line, from the top."""
    posts: frozenset[Placed] | None
    """None where the file has no column for posts."""

    @property
    def branch(self) -> Path:
        return self.units[-1][0]


def place_rows(
    rows: Sequence[Row], known: Mapping[Path, UnitKind]
) -> tuple[Sequence[tuple[Row, Place]], Sequence[BadCell]]:
    """The rows with their places, and what is wrong with those that have none."""
    committees = {path[0] for path, kind in known.items() if kind is UnitKind.COMMITTEE}
    committees |= {row.committee for row in rows if row.committee is not None}
    only_committee = next(iter(committees)) if len(committees) == 1 else None
    in_full = [
        (committee, row.general, row.branch)
        for row in rows
        if row.general is not None and (committee := row.committee or only_committee) is not None
    ]
    branches: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in dict.fromkeys([*(path for path, kind in known.items() if kind is UnitKind.BRANCH), *in_full]):
        branches[path[0], path[-1]].append(path)
    kinds = dict(known)
    placed: list[tuple[Row, Place]] = []
    bad: list[BadCell] = []
    for row in rows:
        found = _place(row, row.committee or only_committee, branches, kinds)
        if isinstance(found, BadCell):
            bad.append(found)
        else:
            placed.append((row, found))
            kinds |= dict(found.units)
    return placed, bad


def _place(
    row: Row,
    committee: str | None,
    branches: Mapping[tuple[str, str], Sequence[Path]],
    kinds: Mapping[Path, UnitKind],
) -> Place | BadCell:
    if committee is None:
        reason = Reason(
            N_("please write the committee as well: without it I cannot tell which branch is meant")
        )
        return BadCell(row.number, Column.COMMITTEE, "", reason)
    path = _branch_path(row, committee, branches)
    if path is None:
        reason = Reason(
            N_("there are several branches of this name: please write the general branch as well")
        )
        return BadCell(row.number, Column.GENERAL, "", reason)
    units = tuple((path[: depth + 1], kind) for depth, kind in enumerate(_line(path)))
    for unit, kind in units:
        if kinds.get(unit, kind) is not kind:
            column = Column.BRANCH if kind is UnitKind.BRANCH else Column.GENERAL
            reason = Reason(N_("a unit of another level has this name already"))
            return BadCell(row.number, column, unit[-1], reason)
    posts = None if row.roles is None else frozenset(Placed(_seat(role, path), role) for role in row.roles)
    if posts is not None and Role.GENERAL in (row.roles or ()) and len(path) < 3:
        reason = Reason(N_("this branch stands under no general branch, so there is no such post"))
        return BadCell(row.number, Column.POST, "", reason)
    return Place(units, posts)


def _branch_path(row: Row, committee: str, branches: Mapping[tuple[str, str], Sequence[Path]]) -> Path | None:
    """None where the row fits several branches."""
    if row.general is not None:
        return committee, row.general, row.branch
    known = branches.get((committee, row.branch), ())
    if len(known) > 1:
        return None
    return known[0] if known else (committee, row.branch)


def _line(path: Path) -> Sequence[UnitKind]:
    between = [UnitKind.GENERAL] * (len(path) - 2)
    return [UnitKind.COMMITTEE, *between, UnitKind.BRANCH]


def _seat(role: Role, branch: Path) -> Path:
    """The unit in which a member of this branch holds the post."""
    if role is Role.ADMIN:
        return branch[:1]
    return branch[:-1] if role is Role.GENERAL else branch
