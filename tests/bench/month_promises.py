"""The promises of a month, each checked on every message that arrived. Values in, breaches out."""

import dataclasses
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import time

from bot.kit import typed
from bot.kit.clock import HOUR, to_local
from bot.kit.outbox import Urgency
from tests.bench.month_log import SECRET, Fact, Kind, Log, Row, Sent, Soul, Ticket

NAME = 3
"""Characters of every simulated name."""

_NUDGE = re.compile(r"nudge:(?P<period>\d{4}-\d\d):(?P<point>.+):(?P<member>\d+):")
_OF_AN_OBLIGATION = re.compile(r"du\.(?:claim|back|snooze|trouble|waive|hand|look|settle):(\w+)")
_NEW_MESSAGE = re.compile(r"send[A-Z]|copyMessage$")


@dataclasses.dataclass(frozen=True, slots=True)
class Breach:
    promise: str
    what: str


@dataclasses.dataclass(frozen=True, slots=True)
class Nudge:
    """A reminder that arrived."""

    place: int
    """In the log."""
    sent: Sent
    period: str
    point: str
    member: int


def nudges(log: Log) -> Sequence[Nudge]:
    rows = {(row.chat, row.message): row for row in log.rows if row.message is not None}
    found = []
    for place, sent in enumerate(log.sent):
        row = None if sent.is_edit else rows.get((sent.chat, sent.message))
        named = None if row is None else _NUDGE.fullmatch(row.key)
        if named is not None:
            found.append(Nudge(place, sent, named["period"], named["point"], int(named["member"])))
    return found


def check(log: Log) -> Sequence[Breach]:
    """Every breach of every promise."""
    return [Breach(promise, what) for promise, breaches_of in PROMISES.items() for what in breaches_of(log)]


def _to_whom_it_concerns(log: Log) -> Iterator[str]:
    for nudge in nudges(log):
        soul = log.people.get(nudge.member)
        if soul is None or soul.account != nudge.sent.chat:
            yield f"the reminder of member {nudge.member} went to chat {nudge.sent.chat}"


def _settled(*kinds: Kind) -> Callable[[Log], Iterator[str]]:
    def breaches(log: Log) -> Iterator[str]:
        facts: dict[int, list[Fact]] = defaultdict(list)
        for fact in log.facts:
            if fact.kind in kinds:
                facts[fact.member].append(fact)
        for nudge in nudges(log):
            for fact in facts[nudge.member]:
                holds = fact.until is None or nudge.sent.at < fact.until
                if fact.after <= nudge.place and holds:
                    yield f"member {nudge.member} was reminded at {nudge.sent.at}, {fact.kind.value} since {fact.at}"

    return breaches


def _once_a_point(log: Log) -> Iterator[str]:
    seen: set[tuple[int, str, str]] = set()
    for nudge in nudges(log):
        served = nudge.member, nudge.period, nudge.point
        if served in seen:
            yield f"member {nudge.member} was reminded twice at {nudge.point}"
        seen.add(served)


def _everybody_who_owes(log: Log) -> Iterator[str]:
    """Whoever owed before a point and after it, and could be written to, has had its reminder."""
    served = {(nudge.member, nudge.point) for nudge in nudges(log)}
    for point in log.points:
        excused = {fact.member for fact in log.facts if _excuses(fact, point.ended, log)}
        for member in sorted(point.owing - excused):
            if (member, point.key) not in served:
                yield f"member {member} was not reminded at {point.key}"


def _excuses(fact: Fact, ended: int, log: Log) -> bool:
    """Whether it was so at the latest when the point was over; a pause, if it had not ended before the last reminder."""
    if fact.after > ended:
        return False
    return fact.until is None or not log.sent[:ended] or fact.until > log.sent[ended - 1].at


def _by_day(log: Log) -> Iterator[str]:
    rows = {(row.chat, row.message): row for row in log.rows if row.message is not None}
    for sent in log.sent:
        row = None if sent.is_edit else rows.get((sent.chat, sent.message))
        if row is None or row.urgency != Urgency.BULK:
            continue
        if _within(to_local(sent.at, log.zone).time(), log.quiet):
            yield f"{row.key} arrived at {to_local(sent.at, log.zone):%d %H:%M}"


def _within(moment: time, hours: tuple[time, time]) -> bool:
    start, end = hours
    return start <= moment < end if start <= end else moment >= start or moment < end


def _on_fresh_data(log: Log) -> Iterator[str]:
    for nudge in nudges(log):
        soul = log.people.get(nudge.member)
        about = (None, None if soul is None else soul.branch)
        known = [data.as_of for data in log.data if data.after <= nudge.place and data.branch in about]
        if known and nudge.sent.at - max(known) > log.fresh:
            hours = (nudge.sent.at - max(known)) // HOUR
            yield f"member {nudge.member} was reminded by data {hours} hours old"


def _own_eyes_only(log: Log) -> Iterator[str]:
    """Names, dues and words of a member are in no chat but their own, their branch's staff's, and those of whoever has
    had a ticket of theirs. The names of staff are known under their general branch.
    """
    names = {soul.name: soul for soul in log.people.values()}
    may_see = _Eyes(log)
    for sent in log.sent:
        for start in range(len(sent.text) - NAME + 1):
            soul = names.get(sent.text[start : start + NAME])
            if soul is not None and not may_see.name(sent, soul):
                yield f"chat {sent.chat} was shown the name of member {soul.member}"
        for data in sent.data:
            named = _OF_AN_OBLIGATION.match(data)
            member = (
                None if named is None else log.obligations.get(typed.decode(named[1], int, optional=False))
            )
            if member is not None and not may_see.dues(sent, log.people[member]):
                yield f"chat {sent.chat} was shown the dues of member {member}"
        for secret in SECRET.findall(sent.text):
            member = log.secrets.get(secret)
            if member is not None and not may_see.ticket(sent, log.people[member]):
                yield f"chat {sent.chat} was shown {secret} of a ticket of member {member}"


class _Eyes:
    """Who may see what."""

    def __init__(self, log: Log) -> None:
        self._by_account = {soul.account: soul for soul in log.people.values() if soul.account is not None}
        self._held: dict[tuple[int, int], int] = {}
        for ticket in log.tickets:
            for holder, since in ticket.held_by:
                seen = holder, ticket.requester
                self._held[seen] = min(since, self._held.get(seen, since))

    def name(self, sent: Sent, of: Soul) -> bool:
        viewer = self._by_account.get(sent.chat)
        if of.is_staff and viewer is not None and viewer.general == of.general:
            return True
        return self.ticket(sent, of)

    def dues(self, sent: Sent, of: Soul) -> bool:
        viewer = self._by_account.get(sent.chat)
        return viewer is not None and (viewer is of or (viewer.is_staff and viewer.branch == of.branch))

    def ticket(self, sent: Sent, of: Soul) -> bool:
        viewer = self._by_account.get(sent.chat)
        if viewer is None:
            return False
        since = self._held.get((viewer.member, of.member))
        return self.dues(sent, of) or (since is not None and since <= sent.at)


def _in_order(log: Log) -> Iterator[str]:
    """In each chat, what was queued first arrived first."""
    chats: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(log.rows, key=lambda row: row.id):
        if row.message is not None and row.state == "sent" and _NEW_MESSAGE.match(row.method):
            chats[row.chat].append(row)
    for chat, rows in chats.items():
        for earlier, later in itertools.pairwise(rows):
            if (later.message or 0) <= (earlier.message or 0):
                yield f"in chat {chat}, row {later.id} arrived before row {earlier.id}"


def _arrives_or_is_known(log: Log) -> Iterator[str]:
    """What did not arrive was for somebody who blocked the bot, or was taken back. That a message older than two days
    cannot be deleted any more is Telegram's.
    """
    blocked = {fact.member for fact in log.facts if fact.kind is Kind.BLOCKED}
    unreachable = {soul.account for soul in log.people.values() if soul.member in blocked}
    for row in log.rows:
        lost = row.state in ("failed", "unknown") or (row.state == "blocked" and row.chat not in unreachable)
        if lost and row.method != "deleteMessage":
            yield f"row {row.id} ({row.method}, {row.key}) is {row.state}"


def _within_limits(log: Log) -> Iterator[str]:
    if log.refused:
        yield f"Telegram refused {log.refused} calls as too many"


def _nothing_set_aside(log: Log) -> Iterator[str]:
    if log.parked:
        yield f"{log.parked} updates could not be applied"


def _somebody_has_it(log: Log) -> Iterator[str]:
    for ticket in log.tickets:
        if ticket.state == "open" and ticket.owner is None:
            yield f"ticket {ticket.id} waits with nobody"


def _answered_or_climbed(log: Log) -> Iterator[str]:
    for ticket in log.tickets:
        if ticket.state == "open" and _is_late(ticket, log.now) and not _went_on(ticket):
            yield f"ticket {ticket.id} lies with member {ticket.owner} beyond its time"


def _is_late(ticket: Ticket, now: int) -> bool:
    return ticket.first_answered_at is None and ticket.deadline is not None and ticket.deadline < now - HOUR


def _went_on(ticket: Ticket) -> bool:
    return ticket.reminded or len({member for member, _ in ticket.held_by}) > 1


PROMISES: Mapping[str, Callable[[Log], Iterator[str]]] = {
    "a reminder goes to whom it concerns": _to_whom_it_concerns,
    "nobody is reminded who has paid": _settled(Kind.PAID),
    "nobody who says it is paid": _settled(Kind.CLAIMED),
    "nobody who is let off": _settled(Kind.EXEMPT),
    "nobody who asked to be left alone": _settled(Kind.PAUSED),
    "nobody who has blocked the bot": _settled(Kind.BLOCKED),
    "nobody twice at a point": _once_a_point,
    "everybody who owes, at every point": _everybody_who_owes,
    "no reminder in the quiet hours": _by_day,
    "no reminder on stale data": _on_fresh_data,
    "a member's name, dues and tickets are seen by nobody else": _own_eyes_only,
    "messages of one chat arrive in order": _in_order,
    "what does not arrive is known": _arrives_or_is_known,
    "Telegram's limits are kept": _within_limits,
    "every update is applied": _nothing_set_aside,
    "every question has an owner": _somebody_has_it,
    "every question is answered or has gone on": _answered_or_climbed,
}
