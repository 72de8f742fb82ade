"""Every button, command and dialogue of the bot, tried by everybody, about what is theirs and what is not."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.kit import dialogue
from bot.kit.clock import ManualClock
from tests.harness import House, open_house
from tests.rights import world
from tests.rights.probing import Outcome, Probe
from tests.rights.table import BUTTONS, COMMANDS, DIALOGUES, GROUP_COMMANDS
from tests.rights.world import Part, Place, Where, World

_AT_A_TIME = 40
"""Rounds of taps before everybody waits until all is done."""

NOT_FOR_YOU = frozenset({"NotAllowed", "NotYours", "NotOnRoster", "DraftGone", "LookedAfter", "LongAgo"})
"""Refusals because of who one is."""

MAY_BE_READ_OF_A_COLLEAGUE = frozenset({Part.SECRETARY, Part.DEPUTY, Part.HELPER, Part.ASKER})


@pytest.fixture
async def tried(
    clock: ManualClock, database_path: Path, content_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[House, World, Probe]]:
    probe = Probe()
    probe.install(monkeypatch)
    async with open_house(clock, database_path.parent, content_dir=content_dir) as house:
        yield house, await world.build(house, house.zhibu.vault), probe


async def test_every_button_is_for_those_in_the_table(tried: tuple[House, World, Probe]) -> None:
    house, built, probe = tried
    assert set(probe.buttons) == set(BUTTONS)
    taps = {}
    for number, (tag, kind) in enumerate(sorted(probe.buttons.items())):
        for where in built.differing(kind):
            data = built.about(kind, where).encode()
            for part, person in built.people.items():
                taps[tag, where, part] = await person.taps(built.hooks[part], data=data)
        if number % _AT_A_TIME == 0:
            await house.settle()
    await house.settle()
    wrong = []
    for (tag, where, part), tap in taps.items():
        outcome = probe.outcomes[str(tap)]
        access = BUTTONS[tag]
        fault = _fault(outcome, allowed=part in access.allowed(where), idle=access.idle)
        if fault:
            wrong.append(f"{tag} of {where} by {part}: {fault}")
        wrong += [f"{tag} of {where} by {part}: {line}" for line in _leaks(outcome, part, built)]
    assert not wrong, "\n".join(wrong)


async def test_every_command_is_for_those_in_the_table(tried: tuple[House, World, Probe]) -> None:
    house, built, probe = tried
    assert set(probe.commands) == set(COMMANDS)
    said = {}
    for command in sorted(probe.commands):
        for part, person in built.people.items():
            message = await person.says(f"/{command}")
            said[command, part] = f"{person.id}/{message.message_id}"
        await house.settle()
    wrong = []
    for (command, part), key in said.items():
        outcome = probe.outcomes[key]
        if part in COMMANDS[command]:
            fault = _fault(outcome, allowed=True, idle=False)
        else:  # anybody may type it; then they are told what they can do instead
            fault = f"it wrote to {sorted(outcome.changed)}" if outcome.changed else None
        if fault:
            wrong.append(f"/{command} by {part}: {fault}")
        wrong += [f"/{command} by {part}: {line}" for line in _leaks(outcome, part, built)]
    assert not wrong, "\n".join(wrong)


async def test_every_command_in_a_group_is_for_those_in_the_table(tried: tuple[House, World, Probe]) -> None:
    house, built, probe = tried
    assert set(probe.group_commands) == set(GROUP_COMMANDS)
    group = house.sandbox.add_group(
        "支部群", list(built.people.values()), is_forum=False, bot="administrator"
    )
    await house.settle()
    said = {}
    for command in probe.group_commands:
        for part, person in built.people.items():
            message = await person.says(f"/{command}", chat=group)
            said[command, part] = f"{person.id}/{message.message_id}"
        await house.settle()
    wrong = []
    for (command, part), key in said.items():
        fault = _fault(probe.outcomes[key], allowed=part in GROUP_COMMANDS[command], idle=False)
        if fault:
            wrong.append(f"/{command} by {part}: {fault}")
    assert not wrong, "\n".join(wrong)


async def test_every_dialogue_goes_on_for_those_in_the_table(tried: tuple[House, World, Probe]) -> None:
    """Posts end in the middle of a sentence: each further message is judged anew."""
    house, built, probe = tried
    assert set(probe.dialogues) == set(DIALOGUES)
    said = {}
    for tag, kind in sorted(probe.dialogues.items()):
        for where in built.differing(kind):
            begun = built.about(kind, where)
            async with house.work() as work:
                for person in built.people.values():
                    await dialogue.begin(work.session, person.id, begun, now=work.now)
            for part, person in built.people.items():
                message = await person.says("写点什么")
                said[tag, where, part] = f"{person.id}/{message.message_id}"
            await house.settle()
    wrong = []
    for (tag, where, part), key in said.items():
        outcome = probe.outcomes[key]
        access = DIALOGUES[tag]
        fault = _fault(outcome, allowed=part in access.allowed(where), idle=True)
        if fault:
            wrong.append(f"{tag} of {where} by {part}: {fault}")
        wrong += [f"{tag} of {where} by {part}: {line}" for line in _leaks(outcome, part, built)]
    assert not wrong, "\n".join(wrong)


def _fault(outcome: Outcome, *, allowed: bool, idle: bool) -> str | None:
    """What is wrong about what came of it; None for nothing."""
    if not allowed:
        return None if outcome.refusal else f"not refused; it wrote to {sorted(outcome.changed)}"
    if outcome.refusal is None or (idle and outcome.refusal not in NOT_FOR_YOU):
        return None
    return f"refused: {outcome.refusal}"


def _leaks(outcome: Outcome, part: Part, built: World) -> Sequence[str]:
    """What somebody was told although nobody of theirs may know it."""
    return [
        f"it told {told} of {where}"
        for where, place in built.places.items()
        if (told := _told(outcome, place))
        and (where is not Where.OWN or part not in MAY_BE_READ_OF_A_COLLEAGUE)
    ]


def _told(outcome: Outcome, place: Place) -> Sequence[str]:
    return [secret for secret in place.secrets if secret in outcome.said]
