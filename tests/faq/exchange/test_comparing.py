"""What a file would change, as a table of cases."""

import dataclasses

import pytest

from bot.faq.exchange.comparing import Change, changes, collisions, compare, unified
from bot.faq.exchange.package import Item, fingerprint
from bot.faq.model import Entry, Stage, State
from bot.faq.upkeep.store import Kept

THEN = Entry("pay-how", "zh", "怎么交", "打开 App。\n点党费。", ("怎么交", "在哪交"), stage=Stage.PAY)
FILE = dataclasses.replace(THEN, body="打开 App。\n点我的。\n点党费。")
HERE = dataclasses.replace(THEN, title="党费怎么交", phrasings=("怎么交", "咋交"))


def kept(entry: Entry, state: State = State.PUBLISHED, row: int = 1) -> Kept:
    return Kept(row, None, entry, state, "", True, None, 0, None, 3)


def item(entry: Entry, base: str | None) -> Item:
    return Item(entry, "pay-how.zh.md", tuple(range(7, 7 + len(entry.phrasings))), base)


WAS = fingerprint(THEN)


@pytest.mark.parametrize(
    ("given", "base", "here", "state", "listed"),
    [
        (FILE, None, None, State.PUBLISHED, "new"),
        (FILE, WAS, None, State.PUBLISHED, "new"),
        (THEN, WAS, THEN, State.PUBLISHED, "same"),
        (FILE, WAS, FILE, State.PUBLISHED, "same"),
        (FILE, None, FILE, State.PUBLISHED, "same"),
        (FILE, WAS, THEN, State.PUBLISHED, "changed"),
        (FILE, None, HERE, State.PUBLISHED, "changed"),
        (THEN, WAS, HERE, State.PUBLISHED, "newer_here"),
        (FILE, WAS, HERE, State.PUBLISHED, "conflicts"),
        (THEN, WAS, THEN, State.RETIRED, "newer_here"),
        (FILE, WAS, THEN, State.RETIRED, "conflicts"),
        (THEN, None, THEN, State.RETIRED, "new"),
    ],
)
def test_an_entry_is_listed_by_who_changed_it(
    given: Entry, base: str | None, here: Entry | None, state: State, listed: str
) -> None:
    found = compare([item(given, base)], [] if here is None else [kept(here, state)], trust_bases=True)
    names = ("new", "changed", "same", "newer_here", "conflicts")
    assert [name for name in names if getattr(found, name)] == [listed]
    assert found.missing == ()


def test_what_was_exported_of_another_unit_is_no_ones_earlier_version_here() -> None:
    found = compare([item(THEN, WAS)], [kept(HERE)], trust_bases=False)
    assert [each.entry for each in found.changed] == [THEN]


def test_what_the_file_does_not_have_is_missing_unless_it_is_retired() -> None:
    other, gone = (dataclasses.replace(THEN, id=name) for name in ("pay-other", "pay-gone"))
    found = compare([], [kept(other), kept(gone, State.RETIRED)], trust_bases=True)
    assert [each.entry for each in found.missing] == [other]


def test_blanks_at_the_ends_of_lines_are_no_change() -> None:
    spaced = dataclasses.replace(THEN, body="打开 App。  \n点党费。\n\n", title=" 怎么交 ")
    assert compare([item(THEN, None)], [kept(spaced)], trust_bases=True).same


def test_a_decided_conflict_is_written_and_another_is_not() -> None:
    found = compare([item(FILE, WAS)], [kept(HERE)], trust_bases=True)
    assert found.chosen([]) == []
    assert [each.entry for each in found.chosen([("pay-how", "zh")])] == [FILE]


def test_a_phrasing_may_stand_in_one_topic_only() -> None:
    other = dataclasses.replace(THEN, id="pay-other", title="别的", phrasings=("在 哪交", "另外的"))
    (problem,) = collisions([item(FILE, None)], [kept(other)])
    assert problem.details == {"file": "pay-how.zh.md", "line": 8, "text": "在哪交", "other": "“别的”"}
    english = dataclasses.replace(THEN, language="en")
    assert collisions([item(FILE, None)], [kept(english)]) == []
    assert collisions([item(FILE, None)], [kept(other, State.RETIRED)]) == []
    # In the file the other one has given it up.
    given_up = Item(dataclasses.replace(other, phrasings=()), "pay-other.zh.md", ())
    assert collisions([item(FILE, None), given_up], [kept(other)]) == []
    assert len(collisions([item(FILE, None), Item(other, "pay-other.zh.md", (5, 6))], [])) == 1


def test_what_differs_is_told_part_by_part() -> None:
    assert changes(HERE, FILE) == [
        Change("title", ("党费怎么交",), ("怎么交",)),
        Change("body", (), ("点我的。",)),
        Change("phrasings", ("咋交",), ("在哪交",)),
    ]


def test_a_difference_reads_as_of_files() -> None:
    said = unified(THEN, FILE)
    assert said.startswith("--- a/entries/pay-how.zh.md\n+++ b/entries/pay-how.zh.md\n")
    assert "\n+点我的。\n" in said
