"""What holds for a unit: its own terms, those of the units above it, the settings."""

import dataclasses
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk import rules, schedules, unit_desks
from bot.helpdesk.calendar import Days, Hours, Pattern
from bot.helpdesk.hours import service
from bot.helpdesk.hours.buttons import Choose
from bot.helpdesk.rules import Desk, Schedule
from bot.helpdesk.terms import OwnTerms, Term, Terms, inherited, source_of
from bot.kit.clock import MINUTE
from bot.kit.errors import Outdated
from bot.kit.work import Works
from bot.roster.model import UnitKind
from tests import factories
from tests.helpdesk.test_calendar import any_hours, instants

ZONE = ZoneInfo("Asia/Shanghai")
DESK = Desk.of(
    hours=Hours.parse("08:30-17:30"), answer_hours=4, zone=ZONE, gather_seconds=60, ticket_days=365
)

days = st.one_of(
    st.sampled_from([Days(Pattern.WORKING), Days(Pattern.DAILY)]),
    st.sets(st.integers(0, 6), min_size=1).map(lambda picked: Days(Pattern.WEEKDAYS, frozenset(picked))),
)
minutes = st.integers(1, service.LONGEST)
own_terms = st.builds(
    OwnTerms,
    st.none() | days,
    st.none() | any_hours(),
    st.none() | minutes,
    st.none() | st.integers(1, 99),
    st.none() | minutes,
    st.none() | st.booleans(),
)
terms = st.builds(Terms, any_hours(), minutes, days, st.integers(1, 99), st.none() | minutes, st.booleans())


@given(st.lists(own_terms, max_size=4), terms)
def test_the_nearest_that_says_something_holds(line: list[OwnTerms], default: Terms) -> None:
    found = inherited(line, default)
    for name in Term:
        said = [getattr(own, name) for own in line if getattr(own, name) is not None]
        assert getattr(found, name) == (said[0] if said else getattr(default, name))
        place = source_of(name, line)
        assert (place is None) is (not said)
        if place is not None:
            assert all(getattr(own, name) is None for own in line[:place])


@given(terms, instants, instants, st.booleans())
def test_a_deadline(given_terms: Terms, asked: int, asked_otherwise: int, climbing: bool) -> None:
    """Inside working time, never earlier than the time to answer allows, after its warning, monotone, and the same
    when it is reckoned anew from what is stored.
    """
    schedule = Schedule.of(given_terms, ZONE)
    timing = rules.timing(asked, schedule, climbing=climbing)
    assert schedule.at_work(timing.deadline - 1)
    assert schedule.at_work(timing.next_at - 1)
    minutes_given = (given_terms.climb_minutes if climbing else None) or given_terms.answer_minutes
    assert timing.deadline - asked >= minutes_given * MINUTE
    assert asked < timing.next_at <= timing.deadline
    sooner, later = sorted((asked, asked_otherwise))
    assert rules.timing(sooner, schedule).deadline <= rules.timing(later, schedule).deadline
    stored = dataclasses.replace(
        given_terms, days=Days.parse(str(given_terms.days)), hours=Hours.parse(str(given_terms.hours))
    )
    assert rules.timing(asked, Schedule.of(stored, ZONE), climbing=climbing) == timing


@given(terms, instants)
def test_it_opens_when_people_come_to_work(given_terms: Terms, now: int) -> None:
    schedule = Schedule.of(given_terms, ZONE)
    opening = schedule.opens(now)
    assert schedule.at_work(opening)
    assert (opening == now) is schedule.at_work(now)
    assert schedule.opens(opening) == opening


@given(st.sampled_from(Term), own_terms)
def test_what_a_button_carries_is_read_back(term: Term, own: OwnTerms) -> None:
    value = getattr(own, term)
    text = "" if value is None else str(int(value)) if isinstance(value, int) else str(value)
    assert service.read(term, text) == value


def test_every_term_can_be_set() -> None:
    assert {term.value for term in Term} == {field.name for field in dataclasses.fields(OwnTerms)}
    assert Choose(1, Term.HOURS, "0800-1200,1400-1800").encode()


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Term.DAYS, "sometimes"),
        (Term.HOURS, "whenever"),
        (Term.ANSWER, "0"),
        (Term.ANSWER, "4801"),
        (Term.WARN, "100"),
        (Term.CLIMB, "-60"),
        (Term.ACCOUNTS, "2"),
        (Term.ANSWER, "soon"),
    ],
)
def test_what_no_button_carries(term: Term, text: str) -> None:
    with pytest.raises(Outdated):
        service.read(term, text)


@pytest.mark.parametrize(
    "wrong", [{"answer_minutes": 0}, {"climb_minutes": 0}, {"warn_percent": 0}, {"warn_percent": 100}]
)
def test_terms_nobody_could_keep(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"answer|warning"):
        dataclasses.replace(DESK.terms, **wrong)


async def test_rows(works: Works) -> None:
    async with works.begin() as work:
        tree = await factories.tree(work.session)
        other = await factories.unit(work.session, "后勤党支部", UnitKind.BRANCH, tree.committee)
        committee = OwnTerms(answer_minutes=480, shows_accounts=True)
        general = OwnTerms(hours=Hours.parse("08:00-12:00,14:00-18:00"), answer_minutes=120)
        branch = OwnTerms(days=Days.parse("123456"), shows_accounts=False, warn_percent=50)
        for unit, own in ((tree.committee, committee), (tree.general, general), (tree.branch, branch)):
            await unit_desks.write(work.session, unit, own)
        found = await unit_desks.lines(work.session, [tree.branch, tree.sibling, other])
        assert found == {
            tree.branch: [branch, general, committee],
            tree.sibling: [OwnTerms(), general, committee],
            other: [OwnTerms(), committee],
        }
        assert await unit_desks.lines(work.session, []) == {}
        assert await schedules.terms_of(work.session, DESK, tree.branch) == Terms(
            Hours.parse("08:00-12:00,14:00-18:00"), 120, Days.parse("123456"), 50, None, shows_accounts=False
        )
        several = await schedules.of_branches(work.session, DESK, [tree.branch, other])
        assert several[other].answer_minutes == 480
        alone = await schedules.of_branch(work.session, DESK, tree.branch)
        assert rules.timing(work.now, several[tree.branch]) == rules.timing(work.now, alone)
        assert await schedules.shows_accounts(work.session, DESK, tree.sibling)
        assert not await schedules.shows_accounts(work.session, DESK, tree.branch)

        await unit_desks.write(work.session, tree.branch, OwnTerms())
        assert (await schedules.terms_of(work.session, DESK, tree.branch)).shows_accounts


def test_audit_details_are_plain() -> None:
    for value in (None, 5, True, Days.parse("12"), Hours.parse("8-17")):
        json.dumps(service.plain(value))
