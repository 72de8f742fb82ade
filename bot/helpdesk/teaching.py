"""What the FAQ may learn from an answer: the seams to whoever keeps it."""

import dataclasses
from collections.abc import Sequence
from typing import Protocol

from telegram import InlineKeyboardButton

from bot.helpdesk import thread
from bot.helpdesk.model import Direction, Entry, Kind, Origin, Ticket
from bot.kit.database import Reader
from bot.roster import Ctx
from bot.roster import store as roster
from bot.roster.model import Actor

Lines = Sequence[Sequence[InlineKeyboardButton]]


class Learn(Protocol):
    async def __call__(
        self, ctx: Ctx, *, branch_id: int, account_id: int, question: str, answer: str, shown: Sequence[str]
    ) -> InlineKeyboardButton | None:
        """Takes note of a question that the actor has answered (`answer`: all of it so far); returns the button by
        which they make an entry of it, where they may.
        """
        ...


class Finish(Protocol):
    async def __call__(
        self,
        ctx: Ctx,
        actor: Actor,
        *,
        branch_id: int,
        account_id: int,
        question: str,
        answer: str,
        shown: Sequence[str],
    ) -> Lines | None:
        """The same at the end of it: lines of buttons, in `actor`'s language, each of which makes an answer for everybody
        of it in one tap; None where it is not theirs to do, or was done.
        """
        ...


async def learn_nothing(
    ctx: Ctx, *, branch_id: int, account_id: int, question: str, answer: str, shown: Sequence[str]
) -> None:
    """For a helpdesk without an FAQ beside it."""


async def finish_nothing(
    ctx: Ctx,
    actor: Actor,
    *,
    branch_id: int,
    account_id: int,
    question: str,
    answer: str,
    shown: Sequence[str],
) -> None:
    """As `learn_nothing`."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Told:
    """What a ticket has to teach."""

    account_id: int
    answer: str


async def teach(ctx: Ctx, learn: Learn, ticket: Ticket) -> InlineKeyboardButton | None:
    """Offers the FAQ what was asked and answered in words."""
    told = await _told(ctx.session, ticket)
    if told is None:
        return None
    return await learn(
        ctx,
        branch_id=ticket.branch_id,
        account_id=told.account_id,
        question=ticket.question,
        answer=told.answer,
        shown=ticket.shown,
    )


async def finish(ctx: Ctx, make: Finish, ticket: Ticket, actor: Actor) -> Lines | None:
    """The buttons by which `actor` makes an answer for everybody of a ticket that has ended."""
    told = await _told(ctx.session, ticket)
    if told is None:
        return None
    return await make(
        ctx,
        actor,
        branch_id=ticket.branch_id,
        account_id=told.account_id,
        question=ticket.question,
        answer=told.answer,
        shown=ticket.shown,
    )


async def _told(reader: Reader, ticket: Ticket) -> _Told | None:
    """A ticket from a card or of dues is about that person's own affairs, and of a picture with a caption the caption is
    half of the question: nothing is learnt from those.
    """
    if ticket.origin is not Origin.ASK or not ticket.question:
        return None
    said = await thread.entries(reader, ticket.id)
    if any(_asks_in_pictures(entry, ticket) for entry in said):
        return None
    answers = [
        entry.content.text
        for entry in said
        if entry.direction is Direction.ANSWERED and entry.content.kind is Kind.TEXT
    ]
    requester = await roster.person(reader, ticket.requester_id)
    if not answers or requester is None or requester.account_id is None:
        return None
    return _Told(requester.account_id, "\n".join(answers))


def _asks_in_pictures(entry: Entry, ticket: Ticket) -> bool:
    is_question = (
        entry.direction is Direction.ASKED
        and entry.content.message_id is not None
        and entry.content.message_id == ticket.question_message_id
    )
    return is_question and entry.content.kind is not Kind.TEXT
