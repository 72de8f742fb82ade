"""What differs, who sees which, and how two people's changes come together."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.editing import rules
from bot.faq.editing.rules import Group, Line, Mark, Part
from bot.faq.model import Audience, Entry, Kind, Owner, Stage, State

BASE = Entry("pay-how", "zh", "怎么交党费", "点“党费”。", ("怎么交", "咋交"), stage=Stage.PAY)


def line(slug: str, owner: Owner, language: str = "zh", state: State = State.PUBLISHED) -> Line:
    return Line(hash((slug, owner, language)), owner, slug, language, Kind.ENTRY, slug, Stage.PAY, state)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line("a", None), line("a", 2), line("a", 3)], [(3, "zh")]),
        ([line("a", None), line("a", 2)], [(2, "zh")]),
        ([line("a", None), line("a", 3, state=State.RETIRED)], [(None, "zh")]),
        ([line("a", None), line("a", 9)], [(None, "zh")]),
        ([line("a", None, "en"), line("a", None)], [(None, "zh")]),
        ([line("a", None, "en")], [(None, "en")]),
        ([line("b", None), line("a", None)], [(None, "zh"), (None, "zh")]),
        ([], []),
    ],
)
def test_the_nearest_is_seen(lines: list[Line], expected: list[tuple[Owner, str]]) -> None:
    seen = rules.nearest(lines, (3, 2, None), "zh")
    assert [(each.owner, each.language) for each in seen] == expected
    assert [each.slug for each in seen] == sorted(each.slug for each in seen)


@pytest.mark.parametrize(
    ("kind", "stage", "expected"),
    [
        (Kind.ENTRY, Stage.PAY, Group.PAY),
        (Kind.ENTRY, None, Group.SMALLTALK),
        (Kind.DECLINE, None, Group.DECLINE),
        (Kind.COURTESY, None, Group.SMALLTALK),
    ],
)
def test_where_an_entry_is_laid_out(kind: Kind, stage: Stage | None, expected: Group) -> None:
    assert rules.group_of(kind, stage) is expected


def test_a_difference_names_the_parts_and_the_phrasings() -> None:
    after = dataclasses.replace(
        BASE, title="党费怎么交", phrasings=("咋交", "哪里交"), audience=Audience.MEMBERS
    )
    found = rules.difference(BASE, after)
    assert found.parts == (Part.TITLE, Part.PHRASINGS, Part.AUDIENCE)
    assert (found.added, found.removed) == (("哪里交",), ("怎么交",))
    assert rules.difference(BASE, BASE).parts == ()
    assert rules.difference(None, BASE).added == BASE.phrasings


def test_an_answer_is_compared_line_by_line() -> None:
    marked = rules.compared("一\n\n二\n三", "一\n二二\n三\n四")
    assert [text for mark, text in marked if mark is Mark.GONE] == ["二"]
    assert [text for mark, text in marked if mark is Mark.NEW] == ["二二", "四"]
    assert all(mark is Mark.KEPT for mark, _ in rules.compared("一\n\n二", "一\n二"))


def test_what_only_i_changed_stays_and_for_the_rest_theirs_stands() -> None:
    mine = dataclasses.replace(BASE, title="我的标题", body="我的答案", phrasings=("怎么交", "我加的"))
    theirs = dataclasses.replace(BASE, body="他的答案", phrasings=("怎么交", "咋交", "他加的"))
    both = rules.together(BASE, mine, theirs)
    assert (both.title, both.body) == ("我的标题", "他的答案")
    assert both.phrasings == ("怎么交", "他加的", "我加的")


PHRASES = st.lists(st.sampled_from("甲乙丙丁戊己"), unique=True).map(tuple)


@given(PHRASES, PHRASES, PHRASES)
def test_no_phrasing_that_somebody_added_is_lost(
    base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    entries = [dataclasses.replace(BASE, phrasings=each) for each in (base, mine, theirs)]
    both = rules.together(*entries).phrasings
    assert (set(mine) | set(theirs)) - set(base) <= set(both)
    assert not (set(base) - set(mine)) & set(both)  # what I took away is gone
    assert len(both) == len(set(both))
    assert rules.together(entries[0], entries[0], entries[2]) == entries[2]
    assert set(rules.together(entries[0], entries[1], entries[0]).phrasings) == set(mine)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("怎么交党费\n党费咋交", ["怎么交党费", "党费咋交"]),
        ("1. 怎么交\n2. 咋交\n\n- 哪里交\n• 在哪交", ["怎么交", "咋交", "哪里交", "在哪交"]),
        ("怎么 交\n怎么交", ["怎么 交"]),
        ("  ", []),
        ("2026 年的党费", ["2026 年的党费"]),
    ],
)
def test_one_phrasing_a_line(text: str, expected: list[str]) -> None:
    assert rules.phrasings_in(text) == expected
