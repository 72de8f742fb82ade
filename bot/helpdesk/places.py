"""Where the staff see a ticket."""

from collections.abc import Mapping, Sequence

from bot.helpdesk import holdings, people
from bot.helpdesk.model import Holder, Spot, Ticket
from bot.kit.database import Reader


def private(holder: Holder) -> Spot | None:
    """Somebody's private chat; None for a person without an account."""
    return None if holder.account_id is None else Spot(holder.account_id, holder.language)


async def of_owner(reader: Reader, ticket: Ticket) -> Spot | None:
    """Where the ticket's owner looks after it; None while nobody has it."""
    owner = await people.owner(reader, ticket)
    return None if owner is None else private(owner)


async def of_staff(reader: Reader, ticket: Ticket) -> Sequence[Spot]:
    """Where the ticket is looked after now: with its owner, and with those who were asked to help."""
    helping = await holdings.guests(reader, ticket.id)
    spots = [
        await of_owner(reader, ticket),
        *[private(await people.named(reader, ticket, guest)) for guest in helping],
    ]
    return list({spot.chat_id: spot for spot in spots if spot is not None}.values())


async def languages(reader: Reader, ticket: Ticket) -> Mapping[int, str | None]:
    """The chats whose people may see the ticket now, with their languages: of its branch's staff, of its owner and of
    those who help.
    """
    found = {
        each.account_id: each.language
        for each in await people.staff(reader, ticket.branch_id)
        if each.account_id is not None
    }
    return found | {spot.chat_id: spot.language for spot in await of_staff(reader, ticket)}
