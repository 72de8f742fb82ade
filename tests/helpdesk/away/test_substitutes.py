"""Who stands in for whom: chains, circles, and people who may not."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.model import Holder, Rung
from bot.helpdesk.substitutes import Standing, leads_back, misplaced, present, stand_in
from bot.roster.model import Role

_PEOPLE = st.integers(1, 8)
_AWAY = st.dictionaries(_PEOPLE, st.none() | _PEOPLE, max_size=8)
_ROLES = {Rung.SECRETARY: Role.SECRETARY, Rung.DEPUTY: Role.DEPUTY, Rung.GENERAL: Role.GENERAL}


def holder(member_id: int, rung: Rung = Rung.SECRETARY) -> Holder:
    return Holder(member_id, f"人{member_id}", _ROLES[rung], "三队", 1_000 + member_id, None, rung)


_HOLDERS = st.lists(
    st.builds(holder, _PEOPLE, st.sampled_from(list(_ROLES))),
    max_size=8,
    unique_by=lambda each: (each.member_id, each.rung),
)


def test_a_chain_ends_with_whoever_is_here() -> None:
    assert stand_in(1, {}) == 1
    assert stand_in(1, {1: 2}) == 2
    assert stand_in(1, {1: 2, 2: 3, 3: 4}) == 4
    assert stand_in(2, {1: 2}) == 2


def test_a_chain_that_leads_nowhere() -> None:
    assert stand_in(1, {1: None}) is None
    assert stand_in(1, {1: 2, 2: None}) is None
    assert stand_in(1, {1: 1}) is None
    assert stand_in(1, {1: 2, 2: 1}) is None
    assert stand_in(1, {1: 2, 2: 3, 3: 2}) is None


def test_a_circle_is_seen_before_it_closes() -> None:
    assert leads_back(2, 1, {1: 2})
    assert leads_back(1, 1, {})
    assert leads_back(1, 2, {2: 3, 3: 1})
    assert not leads_back(1, 2, {3: 1})
    assert not leads_back(1, 2, {2: None})
    assert not leads_back(1, 2, {2: 3, 3: 2})


def test_the_substitute_is_asked_on_the_rung_of_the_one_who_is_away() -> None:
    secretary, deputy = holder(1), holder(2, Rung.DEPUTY)
    assert present([secretary, deputy], {1: 2}) == [
        dataclasses.replace(deputy, rung=Rung.SECRETARY, instead_of=1),
        deputy,
    ]


def test_a_substitute_who_may_not_look_after_the_branch_gets_nothing() -> None:
    deputy = holder(2, Rung.DEPUTY)
    assert present([holder(1), deputy], {1: 7}) == [deputy]


def test_what_was_held_in_somebodys_place_goes_back() -> None:
    standing = [Standing(10, 2, 1), Standing(11, 3, 1), Standing(12, 5, 4)]
    assert misplaced(standing, {4: 5}) == [(standing[0], 1), (standing[1], 1)]
    assert misplaced(standing, {1: 2, 4: 5}) == [(standing[1], 2)]
    assert misplaced(standing, {1: None, 4: 5}) == []


@given(_PEOPLE, _AWAY)
def test_whoever_stands_in_is_here(member_id: int, away: dict[int, int | None]) -> None:
    answering = stand_in(member_id, away)
    assert answering is None or answering not in away
    if member_id not in away:
        assert answering == member_id


@given(_PEOPLE, _AWAY)
def test_everybody_on_a_chain_has_the_same_stand_in(member_id: int, away: dict[int, int | None]) -> None:
    following = away.get(member_id)
    if following is not None:
        assert stand_in(member_id, away) == stand_in(following, away)


@given(_PEOPLE, _AWAY, _PEOPLE)
def test_somebody_else_who_comes_back_leaves_nobody_without_a_stand_in(
    member_id: int, away: dict[int, int | None], back: int
) -> None:
    fewer = {each: named for each, named in away.items() if each != back}
    if stand_in(member_id, away) is not None:
        assert stand_in(member_id, fewer) is not None
    if back in away and stand_in(member_id, away) is None and stand_in(member_id, fewer) is not None:
        assert stand_in(member_id, fewer) == back


@given(_HOLDERS, _AWAY)
def test_nobody_is_asked_while_away(holders: list[Holder], away: dict[int, int | None]) -> None:
    found = present(holders, away)
    known = {each.member_id for each in holders}
    for each in found:
        assert each.member_id not in away
        assert each.member_id in known
        assert each.instead_of is None or stand_in(each.instead_of, away) == each.member_id
    here = [each for each in holders if each.member_id not in away]
    assert [each for each in found if each.instead_of is None] == here


@given(_HOLDERS, _AWAY)
def test_rungs_keep_their_order(holders: list[Holder], away: dict[int, int | None]) -> None:
    rungs = [(each.instead_of or each.member_id, each.rung) for each in present(holders, away)]
    remaining = iter([(each.member_id, each.rung) for each in holders])
    assert all(each in remaining for each in rungs)


@given(st.lists(st.builds(Standing, st.integers(1, 50), _PEOPLE, _PEOPLE), max_size=10), _AWAY)
def test_once_moved_everything_is_in_its_place(standing: list[Standing], away: dict[int, int | None]) -> None:
    moves = dict(misplaced(standing, away))
    after = [dataclasses.replace(each, holder_id=moves.get(each, each.holder_id)) for each in standing]
    assert not misplaced(after, away)
    assert all(target not in away for target in moves.values())


@given(_PEOPLE, _PEOPLE, _AWAY)
def test_who_leads_back_leaves_nobody_to_answer(
    member_id: int, substitute: int, away: dict[int, int | None]
) -> None:
    answering = stand_in(member_id, {**away, member_id: substitute})
    assert answering != member_id
    if leads_back(member_id, substitute, away):
        assert answering is None
