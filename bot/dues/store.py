"""The rows of what is owed and paid."""

import dataclasses
from collections.abc import Mapping, Sequence

from bot.dues.model import Entry, Figures, Note, Obligation, Owed, Period, Source, State
from bot.kit.database import Reader, Row, Session

_OBLIGATION = (
    "SELECT owing.id, owing.member_id, owing.period, owing.amount, owing.state, owing.paid, owing.snoozed_until"
    " FROM owing"
)
_OWED_COLUMNS = (
    "SELECT owing.id, owing.member_id, owing.period, owing.amount, owing.state, owing.paid, owing.snoozed_until,"
    " member.name, member.branch_id"
)
_OWED = f"{_OWED_COLUMNS} FROM owing JOIN member ON member.id = owing.member_id AND member.left_at IS NULL"
OF_BRANCH = "FROM member CROSS JOIN owing WHERE owing.member_id = member.id AND member.branch_id = :branch"
"""Reads a branch's members first and then what each of them owes; a planner left alone reads the whole period."""
OPENED_AT_ONCE = 2_000
"""Members who get their obligation in one transaction."""


@dataclasses.dataclass(frozen=True, slots=True)
class Opening:
    """How far a period is opened."""

    looked_at: int
    """Whatever of the roster has changed since then has to be looked at."""
    last_member: int
    """Everybody with a higher id has to be looked at too."""


async def opening(reader: Reader, period: Period) -> Opening | None:
    """None for a period that nobody has begun to open."""
    row = await reader.first(
        "SELECT looked_at, last_member FROM dues_period WHERE period = :period", period=str(period)
    )
    return None if row is None else Opening(**row)


async def is_opened(reader: Reader, period: Period) -> bool:
    """Whether everybody on the roster has their obligation for this period, with its amount if that is known."""
    begun = await opening(reader, period)
    if begun is None or await _has_changed(reader, begun):
        return False
    return await reader.value("SELECT 1 FROM member WHERE id > :last LIMIT 1", last=begun.last_member) is None


async def newest_period(reader: Reader) -> Period | None:
    found = await reader.value("SELECT MAX(period) FROM dues_period")
    return None if found is None else Period.parse(found)


async def open_more(session: Session, period: Period, *, until: int, now: int) -> bool:
    """Gives the next `OPENED_AT_ONCE` people on the roster their obligation for this period, which ends at `until`, and
    fills in amounts that have become known since; returns whether there are more to look at. Whoever comes or changes
    later makes it begin anew; whoever has their obligation keeps it as it is.

    Probationary members pay from the month in which the branch meeting accepted them (中组发〔2008〕3号): before it there is
    nothing to pay. Nobody owes for a period that was over before they came on the roster.
    """
    begun = await opening(session, period)
    # What changes while it is under way is left to the next look: so it comes to an end whatever the clock does.
    if begun is None or (not await _is_under_way(session, begun) and await _has_changed(session, begun)):
        after, looked_at = 0, now
    else:
        after, looked_at = begun.last_member, begun.looked_at
    last = await session.value(
        "SELECT MAX(id) FROM (SELECT id FROM member WHERE id > :after ORDER BY id LIMIT :most) AS batch",
        after=after,
        most=OPENED_AT_ONCE,
    )
    if last is not None:
        await _open(session, period, after, last, until=until, now=now)
    await session.run(
        "INSERT INTO dues_period (period, opened_at, looked_at, last_member) VALUES (:period, :now, :looked, :last)"
        " ON CONFLICT (period) DO UPDATE SET looked_at = excluded.looked_at, last_member = excluded.last_member",
        period=str(period),
        now=now,
        looked=looked_at,
        last=after if last is None else last,
    )
    return (
        last is not None
        and await session.value("SELECT 1 FROM member WHERE id > :last LIMIT 1", last=last) == 1
    )


async def _is_under_way(reader: Reader, begun: Opening) -> bool:
    further = await reader.value("SELECT 1 FROM member WHERE id > :last LIMIT 1", last=begun.last_member)
    return further is not None


async def _has_changed(reader: Reader, begun: Opening) -> bool:
    changed = await reader.value(
        "SELECT 1 FROM member WHERE updated_at >= :since AND id <= :last LIMIT 1",
        since=begun.looked_at,
        last=begun.last_member,
    )
    return changed is not None


async def open_for(session: Session, member_id: int, period: Period, *, until: int, now: int) -> None:
    """As `open_more`, for one member."""
    await _open(session, period, member_id - 1, member_id, until=until, now=now)


async def _open(session: Session, period: Period, after: int, last: int, *, until: int, now: int) -> None:
    """For the members with ids above `after`, up to `last`."""
    batch = {"period": str(period), "after": after, "last": last, "now": now}
    coming = {**batch, "until": until}
    # Before the obligation, so that what was paid beforehand is held against the amount.
    await session.run(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, source)"
        " SELECT member.id, :period, 'owes', member.monthly_dues, :now, 'rule' FROM member"
        " LEFT JOIN obligation ON obligation.member_id = member.id AND obligation.period = :period"
        " WHERE member.id > :after AND member.id <= :last AND member.left_at IS NULL AND member.created_at < :until"
        " AND member.monthly_dues IS NOT NULL AND obligation.id IS NULL",
        **coming,
    )
    await session.run(
        "INSERT INTO obligation (member_id, period, opened_at) SELECT member.id, :period, :now FROM member"
        " WHERE member.id > :after AND member.id <= :last AND member.left_at IS NULL AND member.created_at < :until"
        " ON CONFLICT (member_id, period) DO NOTHING",
        **coming,
    )
    await _heed_acceptance(session, after, last, now=now)
    await session.run(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, source)"
        " SELECT member.id, :period, 'owes', member.monthly_dues, :now, 'rule'"
        " FROM member JOIN owing ON owing.member_id = member.id AND owing.period = :period"
        " WHERE member.id > :after AND member.id <= :last AND member.left_at IS NULL"
        " AND member.monthly_dues IS NOT NULL AND owing.amount IS NULL AND owing.state IN ('due', 'claimed')",
        **batch,
    )


async def _heed_acceptance(session: Session, after: int, last: int, *, now: int) -> None:
    """Members of these whose day of acceptance is known have nothing to pay for the months before it; of a day that was
    corrected to an earlier one, the months in between are due after all.
    """
    batch = {"after": after, "last": last, "now": now}
    within = " WHERE member.id > :after AND member.id <= :last AND member.accepted_on IS NOT NULL"
    # Both begin with what few members have, so that the view is asked about those only.
    await session.run(
        "INSERT INTO dues_entry (member_id, period, kind, at, source)"
        " SELECT owing.member_id, owing.period, 'not_liable', :now, 'rule' FROM member"
        " JOIN obligation ON obligation.member_id = member.id"
        " AND obligation.period < SUBSTR(member.accepted_on, 1, 7)"
        " JOIN owing ON owing.id = obligation.id AND owing.state = 'due'"
        f" LEFT JOIN dues_entry AS word ON word.id = owing.standing_id{within}"
        " AND (word.id IS NULL OR word.source = 'rule')",
        **batch,
    )
    await session.run(
        "INSERT INTO dues_entry (member_id, period, kind, at, source)"
        " SELECT owing.member_id, owing.period, 'due', :now, 'rule' FROM member"
        " JOIN dues_entry AS word ON word.member_id = member.id AND word.kind = 'not_liable'"
        " AND word.source = 'rule' AND word.period >= SUBSTR(member.accepted_on, 1, 7)"
        " JOIN owing ON owing.member_id = member.id AND owing.period = word.period"
        f" AND owing.standing_id = word.id{within}",
        **batch,
    )


async def note(
    session: Session,
    obligation: Obligation,
    kind: Note,
    source: Source,
    *,
    by: int | None,
    now: int,
    amount: int | None = None,
    words: str | None = None,
) -> None:
    """Writes a row of the ledger about this obligation. Whoever has something settled is no longer in snooze."""
    await session.run(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, by_member, source, note)"
        " VALUES (:member, :period, :kind, :amount, :now, :by, :source, :words)",
        member=obligation.member_id,
        period=str(obligation.period),
        kind=str(kind),
        amount=amount,
        now=now,
        by=by,
        source=str(source),
        words=words,
    )
    await session.run("UPDATE obligation SET snoozed_until = NULL WHERE id = :id", id=obligation.id)


async def entries(reader: Reader, obligation: Obligation) -> Sequence[Entry]:
    """The ledger's rows about this obligation, oldest first."""
    rows = await reader.all(
        "SELECT id, kind, amount, at, by_member, source, note, paid_at, reference, undone_at FROM dues_entry"
        " WHERE member_id = :member AND period = :period ORDER BY id",
        member=obligation.member_id,
        period=str(obligation.period),
    )
    return [Entry(**{**row, "kind": Note(row["kind"]), "source": Source(row["source"])}) for row in rows]


async def obligation(reader: Reader, obligation_id: int) -> Obligation | None:
    row = await reader.first(f"{_OBLIGATION} WHERE owing.id = :id", id=obligation_id)
    return None if row is None else _obligation(row)


async def of_member(reader: Reader, member_id: int, period: Period) -> Obligation | None:
    row = await reader.first(
        f"{_OBLIGATION} WHERE owing.member_id = :member AND owing.period = :period",
        member=member_id,
        period=str(period),
    )
    return None if row is None else _obligation(row)


async def of_quarter(reader: Reader, last: Obligation) -> Sequence[Obligation]:
    """The member's obligations of the three months that end with this one and are in the same state, oldest first."""
    rows = await reader.all(
        f"{_OBLIGATION} WHERE owing.member_id = :member AND owing.period >= :first AND owing.period <= :last"
        " AND owing.state = :state ORDER BY owing.period",
        member=last.member_id,
        first=str(last.period.shifted(-2)),
        last=str(last.period),
        state=str(last.state),
    )
    return [_obligation(row) for row in rows]


async def unpaid_before(reader: Reader, member_id: int, period: Period) -> Sequence[Period]:
    """The member's earlier periods that are still due, oldest first."""
    rows = await reader.all(
        "SELECT period FROM owing WHERE member_id = :member AND state = 'due' AND period < :period"
        " ORDER BY period",
        member=member_id,
        period=str(period),
    )
    return [Period.parse(row["period"]) for row in rows]


async def owed(reader: Reader, obligation_id: int) -> Owed | None:
    """An obligation of somebody on the roster, with whose it is."""
    row = await reader.first(f"{_OWED} WHERE owing.id = :id", id=obligation_id)
    return None if row is None else _owed(row)


async def of_branch(reader: Reader, branch_id: int, period: Period, state: State) -> Sequence[Owed]:
    """The obligations of a branch in this state, by name."""
    rows = await reader.all(
        f"{_OWED_COLUMNS} {OF_BRANCH} AND member.left_at IS NULL"
        " AND owing.period = :period AND owing.state = :state"
        " ORDER BY member.name, member.id",
        branch=branch_id,
        period=str(period),
        state=str(state),
    )
    return [_owed(row) for row in rows]


async def unpaid_periods(reader: Reader, branch_id: int, period: Period) -> dict[int, set[Period]]:
    """The periods up to this one that are due, by member of the branch."""
    rows = await reader.all(
        f"SELECT owing.member_id, owing.period {OF_BRANCH} AND owing.state = 'due' AND owing.period <= :period",
        branch=branch_id,
        period=str(period),
    )
    found: dict[int, set[Period]] = {}
    for row in rows:
        found.setdefault(row["member_id"], set()).add(Period.parse(row["period"]))
    return found


async def figures(reader: Reader, branch_id: int, period: Period) -> Figures:
    rows = await reader.all(
        "SELECT owing.state, COUNT(*) AS members, COUNT(CASE WHEN owing.amount IS NULL"
        " AND owing.state IN ('due', 'claimed') THEN 1 END) AS without_amount"
        f" {OF_BRANCH} AND member.left_at IS NULL AND owing.period = :period GROUP BY owing.state",
        branch=branch_id,
        period=str(period),
    )
    return Figures(
        {State(row["state"]): row["members"] for row in rows}, sum(row["without_amount"] for row in rows)
    )


async def snooze(session: Session, obligation_id: int, until: int | None) -> None:
    await session.run(
        "UPDATE obligation SET snoozed_until = :until WHERE id = :id", id=obligation_id, until=until
    )


async def as_of(reader: Reader, branch_id: int | None = None) -> int | None:
    """Up to when the newest payment data about a branch goes; without one, about everybody. None where none was ever
    imported.
    """
    everybody = await reader.value(
        "SELECT MAX(as_of) FROM dues_import WHERE undone_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM dues_import_branch WHERE import_id = dues_import.id)"
    )
    own = await reader.value(
        "SELECT MAX(dues_import.as_of) FROM dues_import_branch JOIN dues_import ON dues_import.id = import_id"
        " WHERE dues_import_branch.branch_id = :branch AND dues_import.undone_at IS NULL",
        branch=branch_id,
    )
    return max((int(date) for date in (everybody, own) if date is not None), default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class DataDates:
    """Up to when the payment data goes."""

    everybody: int | None
    branches: Mapping[int, int]
    """By branches that have imported files of their own."""

    def of(self, branch_id: int | None) -> int | None:
        found = [self.everybody, None if branch_id is None else self.branches.get(branch_id)]
        return max((date for date in found if date is not None), default=None)


async def data_dates(reader: Reader) -> DataDates:
    rows = await reader.all(
        "SELECT covered.branch_id, MAX(dues_import.as_of) AS as_of FROM dues_import"
        " LEFT JOIN dues_import_branch AS covered ON covered.import_id = dues_import.id"
        " WHERE dues_import.undone_at IS NULL GROUP BY covered.branch_id"
    )
    dates = {row["branch_id"]: int(row["as_of"]) for row in rows}
    return DataDates(dates.pop(None, None), dates)


async def forget(session: Session, member_id: int) -> None:
    """Deletes what is kept about talking to the member. What is owed and paid is the organisation's record."""
    await session.run("DELETE FROM nudge WHERE member_id = :member", member=member_id)
    await session.run("DELETE FROM dues_phoned WHERE member_id = :member", member=member_id)
    await session.run(
        "UPDATE obligation SET snoozed_until = NULL WHERE member_id = :member", member=member_id
    )


def _obligation(row: Row) -> Obligation:
    return Obligation(
        id=row["id"],
        member_id=row["member_id"],
        period=Period.parse(row["period"]),
        amount=row["amount"],
        state=State(row["state"]),
        paid=row["paid"],
        snoozed_until=row["snoozed_until"],
    )


def _owed(row: Row) -> Owed:
    return Owed(_obligation(row), row["name"], row["branch_id"])
