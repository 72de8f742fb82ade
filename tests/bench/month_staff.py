"""What those who answer for members do in a simulated month."""

from tests.bench.month_log import Kind
from tests.bench.month_town import Member, Town, local

CONFIRMED_AT_ONCE = 3
"""So many claims a secretary looks up in one go."""


class Staff:
    def __init__(self, town: Town) -> None:
        self._town = town

    async def look(self, member: Member) -> None:
        """Answers what waits with them, the oldest first, as many as they manage in a day."""
        if self._is_away(member):
            return
        day = local(self._town).day
        left = self._town.assumed.answers_a_day - member.answered.get(day, 0)
        for ticket, requester, card in await self._waiting(member):
            if left <= 0:
                return
            left -= 1
            asked = self._town.by_id[requester]
            words = f"您好，先把 App 更新到最新，再从“我的”里重新进一次 {self._town.secret(asked)}"
            await member.person.says(words, reply_to=card)
            await self._town.settle()
            member.answered[day] = member.answered.get(day, 0) + 1
            if await self._town.house.rows(
                "SELECT 1 FROM ticket WHERE id = :id AND first_answered_at IS NULL", id=ticket
            ):
                raise AssertionError(f"ticket {ticket} was answered, and it is not noted")

    async def _waiting(self, member: Member) -> list[tuple[int, int, int]]:
        """Tickets in their hands, with who asks and the card in their chat."""
        rows = await self._town.house.rows(
            "SELECT ticket.id, ticket.requester_id, MAX(outgoing.message_id) AS card FROM ticket"
            " JOIN ticket_copy ON ticket_copy.ticket_id = ticket.id AND ticket_copy.part = 'card'"
            " AND ticket_copy.chat_id = :chat JOIN outgoing ON outgoing.id = ticket_copy.outgoing_id"
            " WHERE ticket.state = 'open' AND ticket.owner_id = :me AND outgoing.state = 'sent'"
            " GROUP BY ticket.id, ticket.requester_id, ticket.asked_at ORDER BY ticket.asked_at, ticket.id",
            chat=member.person.id,
            me=member.id,
        )
        return [(row["id"], row["requester_id"], row["card"]) for row in rows]

    async def confirm(self, member: Member) -> None:
        """Looks up a few who say that they have paid, and confirms those who have."""
        if self._is_away(member):
            return
        begun = await member.person.says("/dues")
        await self._town.settle()
        names = {each.name: each for each in self._town.members if each.branch == member.branch}
        shown = self._town.newest(member, begun.message_id, "待核实的")
        for _ in range(CONFIRMED_AT_ONCE):
            if shown is None:
                return
            await member.person.taps(
                shown, next(each for each in shown.buttons if each.startswith("待核实的"))
            )
            await self._town.settle()
            listed = member.person.sees(shown)
            paid = [
                each
                for each in listed.buttons
                if (who := names.get(each[:3])) is not None and who.paid_at is not None
            ]
            if not paid:
                return
            await member.person.taps(listed, paid[0])
            await self._town.settle()
            one = member.person.sees(listed)
            await member.person.taps(one, next(each for each in one.buttons if each.startswith("✓")))
            await self._town.rest()
            who = names[paid[0][:3]]
            if await self._town.state_of(who) != "paid":
                raise AssertionError(f"what member {who.id} paid was confirmed, and it is not noted")
            self._town.now_so(who, Kind.PAID)
            await self._town.settle()
            begun = await member.person.says("/dues")
            await self._town.settle()
            shown = self._town.newest(member, begun.message_id, "待核实的")

    async def goes_away(self, member: Member) -> None:
        """Tells the bot that they are away today and tomorrow; whoever is next on the ladder answers."""
        await member.person.says("/away")
        await self._town.settle()
        for button in ("明天", "不指定，按顺序请人", "就这样"):
            shown = self._town.with_button(member, button)
            if shown is None:
                raise AssertionError(f"/away does not offer {button}")
            await member.person.taps(shown, button)
            await self._town.settle()

    def _is_away(self, member: Member) -> bool:
        since, until = member.away
        return since <= self._town.clock.now() < until
