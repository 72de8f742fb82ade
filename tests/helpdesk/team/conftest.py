"""A branch whose helper team sits in a group."""

import dataclasses
from collections.abc import Sequence

import pytest

from bot.sandbox import Group, Person, SeenMessage
from tests.helpdesk.conftest import Counter, Office, found


@dataclasses.dataclass(slots=True)
class Room:
    """The group of 采油三队党支部's staff, linked to the branch."""

    office: Office
    group: Group
    bystander: Person
    """周涛, who is in the group and of no branch's staff."""

    @property
    def counter(self) -> Counter:
        return self.office.counter

    async def asked(self, text: str = "验证码一直收不到") -> SeenMessage:
        """李建国 asks, does not wait, and the card is in the group: returned as it is seen there."""
        member = self.office.member
        await member.says(text)
        await self.counter.settle()
        await member.taps(found(member, "正在转给"), "马上转")
        await self.counter.settle()
        return in_group(self.group, "直接回复这条消息")

    async def passes(self, seconds: int = 5) -> None:
        """Time passes, and the sweeps run."""
        await self.counter.advance(seconds=seconds)


def in_group(group: Group, words: str) -> SeenMessage:
    """The newest message of the bot in the group that holds these words."""
    for message in reversed(group.messages()):
        if message.from_bot and words in message.text:
            return message
    raise AssertionError(f"{words!r} is in none of: {said_in(group)}")


def said_in(group: Group) -> list[str]:
    """What the bot has written in the group, oldest first; service messages left out."""
    return [message.text for message in group.messages() if message.from_bot and message.kind != "service"]


def notes(messages: Sequence[SeenMessage]) -> list[str]:
    """Service messages, in words."""
    return [message.text for message in messages if message.kind == "service"]


async def link(office: Office, group: Group, *, by: Person | None = None) -> None:
    """王梅 links the group and both sides agree."""
    who, counter = by or office.secretary, office.counter
    await who.says("/team", chat=group)
    await counter.settle()
    owner = counter.sandbox.person(group.state.members[0])
    await owner.taps(in_group(group, "点“同意”"), "同意")
    await who.taps(found(who, "要把"), "接到群里")
    await counter.settle()


async def gathered(office: Office, *, is_forum: bool, bot: str = "administrator") -> Room:
    sandbox = office.counter.sandbox
    bystander = sandbox.add_person(first_name="周涛")
    people = [office.secretary, office.deputy, bystander]
    group = sandbox.add_group("三队支委", people, is_forum=is_forum, bot=bot)
    await office.counter.settle()
    return Room(office, group, bystander)


@pytest.fixture
async def unlinked(office: Office) -> Room:
    """Nobody has linked the group yet; it has topics."""
    return await gathered(office, is_forum=True)


@pytest.fixture
async def room(unlinked: Room) -> Room:
    """A group with topics."""
    await link(unlinked.office, unlinked.group)
    return unlinked


@pytest.fixture
async def plain(office: Office) -> Room:
    """A basic group in which the bot is a mere member."""
    made = await gathered(office, is_forum=False, bot="member")
    await link(office, made.group)
    return made
