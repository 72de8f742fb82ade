"""The content that ships with the bot: complete, unambiguous, and sendable as it is."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.faq import content, facts, markup
from bot.faq.buttons import Topic
from bot.faq.matcher import normalise
from bot.faq.model import Entry, Kind, Phone, Stage, Step

FOLDER = Path(__file__).parent.parent.parent / "faq"

TOPICS = {
    Stage.INSTALL: "where android-blocked ios-trust storage failed harmony old-os update new-phone computer",
    Stage.LOGIN: "first forgot sms locked not-found phone-changed network kicked change-password identity-mismatch"
    " crash permissions",
    Stage.USE: "wrong-branch transfer notifications meeting study profile elder logout",
    Stage.PAY: "how amount amount-retired amount-special base base-wrong income-changed deadline arrears ahead"
    " for-other methods bind-card failed deducted-not-shown twice wrong-amount receipt limit no-entry password"
    " probationary hardship during-transfer voluntary overdue no-smartphone use-of-funds",
    Stage.HELP: "human who-is-secretary privacy reminders wrong-person scam",
}


@pytest.fixture(scope="module")
def entries() -> Sequence[Entry]:
    return content.read_entries(FOLDER)


@pytest.fixture(scope="module")
def steps() -> Sequence[Step]:
    return content.read_steps(FOLDER)


def test_every_topic_has_its_entry_in_its_stage(entries: Sequence[Entry]) -> None:
    wanted = {f"{stage}-{name}": stage for stage, names in TOPICS.items() for name in names.split()}
    found = {
        entry.id: entry.stage for entry in entries if entry.kind is Kind.ENTRY and entry.language == "zh"
    }
    assert len(wanted) == 64
    assert found == wanted


def test_everything_stands_in_chinese(entries: Sequence[Entry], steps: Sequence[Step]) -> None:
    in_chinese = {entry.id for entry in entries if entry.language == "zh"}
    assert {entry.id for entry in entries} == in_chinese
    assert {step.id for step in steps} == {step.id for step in steps if step.language == "zh"}


def test_the_languages_of_an_entry_agree(entries: Sequence[Entry]) -> None:
    chinese = {entry.id: entry for entry in entries if entry.language == "zh"}
    for entry in entries:
        twin = chinese[entry.id]
        same = (twin.kind, twin.stage, twin.audience, twin.handover)
        assert (entry.kind, entry.stage, entry.audience, entry.handover) == same, entry.id


def test_every_text_can_be_sent(entries: Sequence[Entry], steps: Sequence[Step]) -> None:
    shipped = facts.read(FOLDER)
    everything_set = facts.read(FOLDER, dict.fromkeys(shipped.names, "写好的一句话"))
    for item in items_of(entries, steps):
        for known in (shipped, everything_set):
            content.check_text(item.id, item.body, known.of(item.language))
            html = markup.render(item.body, known.of(item.language))
            assert html.strip(), item.id
            assert "{" not in html, item.id
            assert "**" not in html, item.id


def items_of(entries: Sequence[Entry], steps: Sequence[Step]) -> Sequence[Entry | Step]:
    return [*entries, *steps]


def test_a_line_that_may_be_left_out_leaves_no_gap_in_a_numbered_list(
    entries: Sequence[Entry], steps: Sequence[Step]
) -> None:
    shipped = facts.read(FOLDER)
    for item in items_of(entries, steps):
        known = shipped.of(item.language)
        for line in item.body.splitlines():
            if any(known[name] == facts.UNSET for name in markup.facts_in(line)):
                assert not line.lstrip()[0].isdigit(), (item.id, line)


def test_each_phone_is_shown_its_own_part_and_what_is_for_all(
    entries: Sequence[Entry], steps: Sequence[Step]
) -> None:
    for item in items_of(entries, steps):
        parts = [line for line in item.body.splitlines() if line.startswith("**") and line.endswith("]")]
        whole = markup.for_phone(item.body, None)
        assert not any(line.startswith("**") and line.endswith("]") for line in whole.splitlines()), item.id
        for phone in (Phone.ANDROID, Phone.IPHONE, Phone.HARMONY):
            own = markup.for_phone(item.body, phone)
            assert set(own.splitlines()) <= set(whole.splitlines())
            shown = [part for part in parts if part.rsplit(" [", 1)[0] in own.splitlines()]
            assert shown == [part for part in parts if phone in part.rsplit(" [", 1)[1]], item.id
            # The line above the first part and the line below the last are for everybody.
            assert own.splitlines()[0] == whole.splitlines()[0]
            assert own.splitlines()[-1] == whole.splitlines()[-1]


def test_every_fact_is_used(entries: Sequence[Entry], steps: Sequence[Step]) -> None:
    bodies = [entry.body for entry in entries] + [step.body for step in steps]
    used = {name for body in bodies for name in markup.facts_in(body)}
    assert used == facts.read(FOLDER).names


def test_cards_and_entries_refer_to_each_other_by_known_ids(
    entries: Sequence[Entry], steps: Sequence[Step]
) -> None:
    entry_ids = {entry.id for entry in entries if entry.kind is Kind.ENTRY}
    step_ids = {step.id for step in steps}
    assert {name for step in steps for name in step.entries} <= entry_ids
    assert {name for entry in entries for name in entry.steps} <= step_ids


def test_every_phone_walks_through_each_step_once(steps: Sequence[Step]) -> None:
    for phone in Phone:
        cards = Counter((step.id, step.language) for step in steps if phone in step.phones)
        assert cards, phone
        assert set(cards.values()) == {1}, phone


def test_no_way_of_asking_belongs_to_two_entries(entries: Sequence[Entry]) -> None:
    owner: dict[str, str] = {}
    for entry in entries:
        for phrasing in entry.phrasings:
            assert owner.setdefault(normalise(phrasing), entry.id) == entry.id, phrasing


def test_titles_are_told_apart(entries: Sequence[Entry]) -> None:
    titles = Counter((entry.title, entry.language) for entry in entries if entry.kind is Kind.ENTRY)
    assert max(titles.values()) == 1


def test_the_largest_button_fits() -> None:
    for stage in Stage:
        assert len(Topic(stage, 2**31, 2**31).encode().encode()) <= 64
