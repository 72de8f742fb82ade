"""Who is told of a request's steps, and with what."""

from collections.abc import Sequence
from datetime import tzinfo

from bot.dues.waiving import rules, service, store, texts
from bot.dues.waiving.model import Act, Case, Stage
from bot.kit.outbox import Queued, Urgency, message_id_of
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Person


async def send_cards(work: Work, of: Case, zone: tzinfo) -> Sequence[str]:
    """Puts the request before those whose turn it is; returns the names of those who got it. In the branch its
    secretaries get it, and its deputies where no secretary can be written to.
    """
    those = [
        each for each in (await service.bench(work.session, of)).staff if each.person.account_id is not None
    ]
    first = {each.post.role for each in those[:1]}
    names: list[str] = []
    for each in those:
        person = each.person
        if each.post.role not in first or person.account_id is None or person.member.name in names:
            continue
        key = f"waiver:{of.waiver.id}:{len(of.waiver.steps)}:{person.member.id}"
        card = texts.card(work.languages[person.language], of, zone, acts=True)
        sent = await work.out.send(person.account_id, card, key=key, urgency=Urgency.TICKET)
        await store.add_card(work.session, of.waiver.id, sent, person.account_id)
        if of.waiver.chat_id is not None and of.waiver.message_id is not None:
            await work.out.copy(
                person.account_id,
                from_chat_id=of.waiver.chat_id,
                message_id=of.waiver.message_id,
                key=f"{key}:picture",
                reply_to=Queued(sent),
            )
        names.append(person.member.name)
    return names


async def close_cards(work: Work, of: Case, zone: tzinfo, *, but: int | None = None) -> None:
    """The cards of those whose turn it was show how it stands, and nothing to tap any more; not the message `but`, by
    Telegram's id.
    """
    for chat_id, outgoing_id in await store.take_cards(work.session, of.waiver.id):
        if but is not None and await message_id_of(work.session, outgoing_id) == but:
            continue
        account = await roster.account(work.session, chat_id)
        words = work.languages[None if account is None else account.language]
        await work.out.edit(
            chat_id,
            Queued(outgoing_id),
            texts.card(words, of, zone, acts=False),
            key=f"waiver:{of.waiver.id}:{len(of.waiver.steps)}:{outgoing_id}:closed",
        )


async def pass_on(work: Work, of: Case, act: Act, zone: tzinfo) -> None:
    """Tells the member, puts it before whoever is next, and tells the branch how the level above has decided."""
    key = f"waiver:{of.waiver.id}:{len(of.waiver.steps)}"
    member = await roster.person(work.session, of.waiver.member_id)
    if member is not None and member.account_id is not None:
        message = texts.told(work.languages[member.language], of, act)
        if message is not None:
            await work.out.send(member.account_id, message, key=f"{key}:member", urgency=Urgency.TICKET)
    if rules.stage(of.waiver) is not Stage.DONE:
        await send_cards(work, of, zone)
    elif act is Act.APPROVED:
        await _tell_branch(work, of, zone, key)


async def _tell_branch(work: Work, of: Case, zone: tzinfo, key: str) -> None:
    """Whoever agreed to it for the branch, unless they have just decided it by themselves."""
    agreed = of.waiver.agreed
    if agreed is None or agreed.by_member is None or of.waiver.last.by_member is None:
        return
    person: Person | None = await roster.person(work.session, agreed.by_member)
    if person is None or person.account_id is None:
        return
    card = texts.card(work.languages[person.language], of, zone, acts=False)
    await work.out.send(person.account_id, card, key=f"{key}:branch", urgency=Urgency.TICKET)
