"""Telling staff about requests, and that somebody else has answered them."""

from collections.abc import Sequence

from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Queued, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.joining import staff_texts, store
from bot.roster.joining.service import Asked, Decided, deciders_for
from bot.roster.joining.store import Notice


async def announce(work: Work, asked: Asked, account_name: str) -> None:
    """Puts the request before everybody who may decide it."""
    for person in asked.deciders:
        if person.account_id is None:
            continue
        row = await work.out.send(
            person.account_id,
            staff_texts.request(work.languages[person.language], asked.request, asked.unit, account_name),
            key=f"join:{asked.request.id}:{person.account_id}",
            urgency=Urgency.TICKET,
        )
        await store.add_notice(work.session, asked.request.id, Notice(person.account_id, row))


async def pass_on(work: Work, unit_id: int) -> None:
    """After a post in the unit, or above it, has changed hands: its open requests come before those who decide now, and
    are no longer before those who do not.
    """
    unit = await roster.unit(work.session, unit_id)
    for request in [] if unit is None else await store.open_requests(work.session, unit_id):
        deciders = await deciders_for(work.session, unit_id, about=request.member_id)
        deciding = {person.account_id for person in deciders}
        told = await store.notices(work.session, request.id)
        for notice in told:
            if notice.account_id not in deciding:
                words = await words_of(work, notice.account_id)
                await _change(work, notice, staff_texts.with_others(words))
                await store.drop_notice(work.session, request.id, notice.account_id)
        untold = deciding - {notice.account_id for notice in told}
        account = await roster.account(work.session, request.account_id)
        name = "" if account is None else account.display_name
        new = [person for person in deciders if person.account_id in untold]
        if unit is not None and new:
            await announce(work, Asked(request, unit, new), name)


async def settle(work: Work, notices: Sequence[Notice]) -> None:
    """Tells the staff who were asked that nothing is left to do."""
    for notice in notices:
        await _change(work, notice, staff_texts.settled(await words_of(work, notice.account_id)))


async def answered(work: Work, decided: Decided, by_account: int, decider: str) -> None:
    """Tells the other staff who were asked who has answered."""
    for notice in decided.notices:
        if notice.account_id != by_account:
            words = await words_of(work, notice.account_id)
            await _change(work, notice, staff_texts.answered_by(words, decided.case, decider))


async def words_of(work: Work, account_id: int) -> Words:
    account = await roster.account(work.session, account_id)
    return work.languages[None if account is None else account.language]


async def _change(work: Work, notice: Notice, message: Message) -> None:
    key = f"join:done:{notice.outgoing_id}"
    await work.out.edit(notice.account_id, Queued(notice.outgoing_id), message, key=key)
