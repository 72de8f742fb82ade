"""What a simulated month comes to, in figures."""

import dataclasses
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.roster.model import Role
from tests.bench.month_assumptions import Assumptions
from tests.bench.month_log import Kind, Log
from tests.bench.month_promises import nudges
from tests.bench.month_town import Member

_HOUR = 3_600_000
_ROLES = {
    Role.SECRETARY: "secretary",
    Role.DEPUTY: "deputy",
    Role.GENERAL: "of the general branch",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Month:
    """A month that has been lived."""

    log: Log
    members: Sequence[Member]
    assumed: Assumptions


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """By what is counted, as it is printed."""

    rows: Mapping[str, str]


def figures(month: Month) -> Figures:
    rows: dict[str, str] = {}
    rows |= _paid(month)
    rows |= _answers(month)
    rows |= _loads(month)
    rows |= _reminders(month)
    return Figures(rows)


def _paid(month: Month) -> dict[str, str]:
    liable = [member for member in month.members if not member.is_let_off]
    users = [member for member in liable if member.has_account]
    paid = sum(member.paid_at is not None for member in liable)
    return {
        "members who owe": f"{len(liable):,}",
        "paid by the end of the month": f"{paid / len(liable):.1%}",
        "of those who use the bot": f"{sum(member.paid_at is not None for member in users) / len(users):.1%}",
        "gave up waiting for an answer": f"{sum(member.has_given_up for member in liable):,}",
    }


def _answers(month: Month) -> dict[str, str]:
    tickets = month.log.tickets
    waited = sorted(
        (ticket.first_answered_at - ticket.asked_at) / _HOUR
        for ticket in tickets
        if ticket.first_answered_at is not None
    )
    return {
        "questions that went to a person": f"{len(tickets):,}",
        "never answered by a person": f"{len(tickets) - len(waited):,}",
        "first human answer after, p50": f"{_at(waited, 0.5):.1f} h",
        "first human answer after, p90": f"{_at(waited, 0.9):.1f} h",
        "passed on at least once": f"{sum(len({who for who, _ in ticket.held_by}) > 1 for ticket in tickets):,}",
    }


def _loads(month: Month) -> dict[str, str]:
    held: Counter[int] = Counter()
    for ticket in month.log.tickets:
        held.update({member for member, _ in ticket.held_by})
    rows = {}
    for role, name in _ROLES.items():
        staff = [member for member in month.members if member.role is role]
        if staff:
            had = [held[member.id] for member in staff]
            rows[f"questions per {name}, mean / most"] = f"{statistics.mean(had):.1f} / {max(had)}"
            answered = sum(sum(member.answered.values()) for member in staff)
            rows[f"answers per {name}, mean"] = f"{answered / len(staff):.1f}"
    return rows


def _reminders(month: Month) -> dict[str, str]:
    sent = nudges(month.log)
    each = Counter(nudge.member for nudge in sent)
    users = sum(member.has_account for member in month.members)
    paid_at = {member.id: member.paid_at for member in month.members}
    late = sum((paid := paid_at[nudge.member]) is not None and paid <= nudge.sent.at for nudge in sent)
    blocked = sum(fact.kind is Kind.BLOCKED for fact in month.log.facts)
    return {
        "reminders sent": f"{len(sent):,}",
        "reminders per member, mean / most": f"{len(sent) / users:.2f} / {max(each.values(), default=0)}",
        "to somebody whose payment was not in the data yet": f"{late:,}",
        "blocked the bot": f"{blocked:,}",
    }


def _at(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def compared(arms: Mapping[str, Figures]) -> Iterable[str]:
    """A table with a column for each run."""
    widths = {arm: max(len(arm), 12) + 2 for arm in arms}
    yield f"{'':52}" + "".join(f"{arm:>{widths[arm]}}" for arm in arms)
    for label in next(iter(arms.values())).rows:
        yield f"{label:52}" + "".join(f"{found.rows[label]:>{widths[arm]}}" for arm, found in arms.items())
