"""Who is asked, who is asked next, when: the ladder's decisions."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk import climb, rules
from bot.helpdesk.calendar import Hours
from bot.helpdesk.climb import PassOn, Remind, Rest, Standing, Step, Wait, Warn, next_step
from bot.helpdesk.model import Holder, Holding, Rung, Why
from bot.helpdesk.rules import Schedule, Timing
from bot.kit.clock import DAY, from_local
from bot.roster.model import Role

ZONE = ZoneInfo("Asia/Shanghai")
SCHEDULE = Schedule(Hours.parse("08:30-17:30"), ZONE, 240)
MEMBER = 100

_RUNGS = {"s": Rung.SECRETARY, "d": Rung.DEPUTY, "h": Rung.HELPER, "b": Rung.SIBLING, "g": Rung.GENERAL}
_ROLES = {Rung.SIBLING: Role.SECRETARY}


def at(text: str) -> int:
    return from_local(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def who(name: str) -> Holder:
    """Of 'd2', the second deputy; the number is that of the person."""
    rung = _RUNGS[name[0]]
    return Holder(
        int(name[1:]), name, _ROLES.get(rung) or Role(str(rung)), "某支部", int(name[1:]), None, rung
    )


def staff(names: str) -> list[Holder]:
    return [who(name) for name in names.split()]


def name_of(holder: Holder | None) -> str | None:
    return None if holder is None else holder.name


def held(story: str) -> list[Holding]:
    """Of 's1 d2:claimed', that the secretary had it first and the deputy, who claimed it, has it now."""
    found = []
    for number, each in enumerate(story.split()):
        name, _, why = each.partition(":")
        ladder = Why.LADDER if number else Why.ASKED
        began = number * DAY
        found.append(Holding(1, int(name[1:]), _RUNGS[name[0]], Why(why or ladder), None, began, began + DAY))
    if found:
        found[-1] = dataclasses.replace(found[-1], until=None)
    return found


@pytest.mark.parametrize(
    ("available", "first"),
    [
        ("s1 d2 h3 b4 g5", "s1"),
        ("g5 b4 h3 d2", "d2"),
        ("h3 b4 g5", "h3"),
        ("b4 g5", "g5"),  # a branch without anybody: the level above at once
        ("b4", "b4"),
        ("", None),
        ("s100 d2", "d2"),  # nobody is asked their own question
    ],
)
def test_who_gets_a_question(available: str, first: str | None) -> None:
    asked = climb.asked(staff(available), {}, MEMBER, is_secretary=False)
    assert name_of(climb.first(asked)) == first


@pytest.mark.parametrize(
    ("available", "first"),
    [
        ("s100 d2 h3 b4 g5", "g5"),
        ("s100 s1 d2", "s1"),
        ("s100 d2 b4", "d2"),
        ("s100 b4", "b4"),
        ("s100", None),
    ],
)
def test_a_secretary_is_helped_from_above(available: str, first: str | None) -> None:
    asked = climb.asked(staff(available), {}, MEMBER, is_secretary=True)
    assert name_of(climb.first(asked)) == first


def test_on_a_rung_whoever_has_least_to_do_is_asked() -> None:
    asked = climb.asked(staff("h1 h2 h3 b4 b5 g6"), {1: 2, 2: 1, 3: 1, 4: 3}, MEMBER, is_secretary=False)
    assert [name_of(each) for each in asked[Rung.HELPER]] == ["h2", "h3", "h1"]
    assert [name_of(each) for each in asked[Rung.SIBLING]] == ["b5", "b4"]


EVERYBODY = "s1 d2 h3 h4 b5 b6 g7 g8"


@pytest.mark.parametrize(
    ("available", "story", "heir"),
    [
        (EVERYBODY, "s1", "d2"),
        (EVERYBODY, "s1 d2", "h3"),
        (EVERYBODY, "s1 d2 h3", "b5"),  # one of the team, then one of the branches beside
        (EVERYBODY, "s1 d2 h3 b5", "g7"),
        (EVERYBODY, "s1 d2 h3 b5 g7", "g8"),  # at last the others of the level above
        (EVERYBODY, "s1 d2 h3 b5 g7 g8", None),
        ("s1 h3 g7", "s1", "h3"),  # rungs without anybody are passed over
        ("s1 g7", "s1", "g7"),
        ("s1", "s1", None),
        # What people pass to one another leaves the ladder where it stood.
        (EVERYBODY, "s1 h3:claimed", "d2"),
        (EVERYBODY, "s1 d2 g7:transferred", "h3"),
        (EVERYBODY, "s1 d2:transferred", "h3"),
        (EVERYBODY, "s1 b6:transferred d2", "h3"),
        # Whoever had it when the climb began counts, however it came to them.
        (EVERYBODY, "d2:answered", "h3"),
        (EVERYBODY, "h3:answered b5", "g7"),
        # A climb that began higher up goes on to those below.
        (EVERYBODY, "g7:answered", "s1"),
        (EVERYBODY, "g7:answered s1 d2", "h3"),
        ("b5 b6 g7", "g7", "b5"),
        ("b5 b6 g7", "g7 b5", None),
        # In the place of somebody else, on their rung, and not again as themselves.
        ("s1 d2 g7", "s2", "g7"),
    ],
)
def test_who_takes_over(available: str, story: str, heir: str | None) -> None:
    asked = climb.asked(staff(available), {}, MEMBER, is_secretary=False)
    assert name_of(climb.heir(asked, held(story))) == heir


def test_a_secretarys_own_question_goes_to_colleagues_after_the_level_above() -> None:
    asked = climb.asked(staff("s100 d2 h3 b5 g7"), {}, MEMBER, is_secretary=True)
    assert name_of(climb.heir(asked, held("g7"))) == "b5"
    assert name_of(climb.heir(asked, held("g7 b5"))) == "d2"


@pytest.mark.parametrize(
    ("available", "story", "successor"),
    [
        ("d2 h3 g7", "s1", "d2"),  # the secretary is no longer there
        ("s9 d2 g7", "s1", "s9"),  # but another one is
        ("s1 h3 g7", "s1 d2", "h3"),
        ("s1 h4 g7", "s1 d2 h3", "h4"),
        ("b5 g7", "s1 d2", "g7"),  # nobody of the branch is left: the level above at once
        ("b5 b6", "s1 d2", "b5"),
        ("b6 g7", "s1 d2 b5", "b6"),
        ("s1", "s1 d2", "s1"),  # rather for the second time than nobody
        ("", "s1", None),
        ("d2 g7", "", "d2"),
    ],
)
def test_who_gets_it_when_the_owner_cannot(available: str, story: str, successor: str | None) -> None:
    asked = climb.asked(staff(available), {}, MEMBER, is_secretary=False)
    assert name_of(climb.successor(asked, held(story))) == successor


def test_whoever_stands_in_for_the_owner_comes_first() -> None:
    away = dataclasses.replace(who("h4"), rung=Rung.DEPUTY, instead_of=2)
    asked = climb.asked([*staff("s1 d3 h4 g7"), away], {4: 9}, MEMBER, is_secretary=False)
    assert climb.successor(asked, held("s1 d2")) == away
    # Also where they had claimed it on another rung, and where the substitute has gone away in turn.
    assert climb.successor(asked, held("s1 s2:claimed")) == dataclasses.replace(away, rung=Rung.SECRETARY)
    stood_in = [*held("s1"), Holding(1, 3, Rung.DEPUTY, Why.UNFIT, 2, DAY, None)]
    assert climb.successor(asked, stood_in) == away


def test_a_climb_begins_with_whoever_had_the_ticket_then() -> None:
    story = held("s1 d2 g7")
    assert [each.member_id for each in climb.course(story, 0)] == [1, 2, 7]
    assert [each.member_id for each in climb.course(story, DAY)] == [2, 7]
    assert [each.member_id for each in climb.course(story, DAY + 1)] == [2, 7]
    assert [each.member_id for each in climb.course(story, 9 * DAY)] == [7]
    assert climb.course([], 5) == []


people = st.lists(
    st.builds(
        lambda rung, number: who(f"{rung}{number}"), st.sampled_from(sorted(_RUNGS)), st.integers(1, 12)
    ),
    max_size=12,
)


@given(
    st.lists(people, min_size=1, max_size=20),
    st.booleans(),
    st.lists(st.booleans(), min_size=20, max_size=20),
)
def test_nobody_twice_in_one_climb(
    presences: list[list[Holder]], is_secretary: bool, unfit: list[bool]
) -> None:
    """Whoever is there, and goes, between two steps: the ladder asks nobody twice, nobody their own question, and one
    person a rung below the top; whoever must be replaced is replaced by somebody who is there, if anybody is.
    """
    story: list[Holding] = []
    for number, (available, cannot) in enumerate(zip(presences, unfit, strict=False)):
        asked = climb.asked(available, {}, 5, is_secretary=is_secretary)
        if not story or cannot:
            holder, why = climb.successor(asked, story), Why.UNFIT
            assert (holder is None) == all(each.member_id == 5 for each in available)
        else:
            holder, why = climb.heir(asked, story), Why.LADDER
            assert holder is None or holder.member_id not in {each.member_id for each in story}
            once = {each.rung for each in story if each.why is Why.LADDER} - {Rung.GENERAL}
            assert holder is None or holder.rung not in once
        if holder is not None:
            assert holder.member_id != 5
            assert holder in available
            story.append(Holding(1, holder.member_id, holder.rung, why, None, number, None))


MONDAY = "2026-11-02 "
ASKED_AT_NINE = Standing(at(MONDAY + "13:00"), at(MONDAY + "12:00"), warned=False)
WARNED = Standing(at(MONDAY + "13:00"), at(MONDAY + "13:00"), warned=True)
ONCE_MORE = Timing(at(MONDAY + "17:00"), at(MONDAY + "17:00"))


@pytest.mark.parametrize(
    ("standing", "now", "has_heir", "step"),
    [
        (ASKED_AT_NINE, MONDAY + "11:59", True, Wait()),
        (ASKED_AT_NINE, MONDAY + "12:00", True, Warn(at(MONDAY + "13:00"))),
        (WARNED, MONDAY + "12:59", True, Wait()),
        (WARNED, MONDAY + "13:00", True, PassOn()),
        (WARNED, MONDAY + "13:00", False, Remind(ONCE_MORE)),
        # Down from 11:00 to Tuesday 10:00: the warning first, and its hour after it.
        (ASKED_AT_NINE, "2026-11-03 10:00", True, Warn(at("2026-11-03 11:00"))),
        # Nothing at night, nothing on a Sunday: looked at again when people are at work.
        (WARNED, MONDAY + "19:00", True, Rest(at("2026-11-03 08:30"))),
        (WARNED, MONDAY + "17:30", True, Rest(at("2026-11-03 08:30"))),
        (WARNED, "2026-11-08 10:00", True, Rest(at("2026-11-09 08:30"))),
        # An answer has stopped the clock.
        (Standing(None, None, warned=False), "2026-11-03 10:00", True, Wait()),
    ],
)
def test_the_ladder(standing: Standing, now: str, has_heir: bool, step: Step) -> None:
    assert next_step(standing, at(now), SCHEDULE, has_heir=has_heir) == step


def test_further_up_the_ladder_a_unit_may_expect_it_sooner() -> None:
    schedule = dataclasses.replace(SCHEDULE, climb_minutes=60)
    begun = rules.timing(at(MONDAY + "09:00"), schedule, climbing=True)
    assert begun == Timing(at(MONDAY + "10:00"), at(MONDAY + "09:45"))
    late = Standing(begun.deadline, begun.next_at, warned=False, climbing=True)
    assert next_step(late, at(MONDAY + "11:00"), schedule, has_heir=True) == Warn(at(MONDAY + "11:15"))


instants = st.integers(at("2026-01-01 00:00"), at("2026-12-31 00:00"))
schedules = st.builds(
    Schedule,
    st.sampled_from([SCHEDULE.hours, Hours.parse("22:00-06:00"), Hours.parse("08:00-12:00,14:00-18:00")]),
    st.just(ZONE),
    st.integers(1, 2_000),
    warn_percent=st.integers(1, 99),
    climb_minutes=st.none() | st.integers(1, 2_000),
)


@given(instants, st.lists(st.integers(0, 2 * DAY), min_size=1, max_size=40), schedules, st.integers(0, 3))
def test_a_ticket_nobody_answers(asked: int, waits: list[int], schedule: Schedule, rungs_above: int) -> None:
    """Whenever the sweep happens to run: never outside working time, never passed on without a warning and time to act
    on it, at most once a rung, the deadline never earlier than it was, and running twice does nothing more.
    """
    begun = rules.timing(asked, schedule)
    standing = Standing(begun.deadline, begun.next_at, warned=False)
    now, warned_at, above = asked, None, rungs_above
    for wait in waits:
        now += wait
        deadline = standing.deadline
        step = next_step(standing, now, schedule, has_heir=above > 0)
        match step:
            case Wait():
                continue
            case Rest(next_at):
                assert not schedule.at_work(now)
                assert schedule.at_work(next_at)
                standing = dataclasses.replace(standing, next_at=next_at)
            case Warn(next_at):
                assert not standing.warned
                standing = dataclasses.replace(standing, next_at=next_at, warned=True)
                warned_at = now
            case PassOn():
                assert deadline is not None
                assert now >= deadline
                assert warned_at is not None
                assert now > warned_at
                timing = rules.timing(now, schedule, climbing=True)
                standing = Standing(timing.deadline, timing.next_at, warned=False, climbing=True)
                above -= 1
            case Remind(timing):
                assert above == 0
                assert warned_at is not None
                standing = dataclasses.replace(standing, deadline=timing.deadline, next_at=timing.next_at)
        assert schedule.at_work(now) or isinstance(step, Rest)
        assert standing.next_at is not None
        assert standing.deadline is not None
        assert deadline is not None
        assert standing.next_at > now
        assert standing.deadline >= deadline
        assert next_step(standing, now, schedule, has_heir=above > 0) == Wait()


@given(instants, schedules, st.booleans())
def test_a_warning_comes_before_the_deadline(asked: int, schedule: Schedule, climbing: bool) -> None:
    timing = rules.timing(asked, schedule, climbing=climbing)
    assert asked < timing.next_at <= timing.deadline
    assert timing.deadline <= rules.grace(timing.next_at, schedule, climbing=climbing)
