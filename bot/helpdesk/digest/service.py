"""Choosing when the digest comes, and sending it."""

from bot.helpdesk import people, schedules
from bot.helpdesk.digest import rules, store, texts
from bot.helpdesk.inbox import service as lists
from bot.helpdesk.inbox import store as tickets
from bot.helpdesk.inbox import texts as inbox_texts
from bot.helpdesk.inbox.model import Filter
from bot.helpdesk.rules import Desk
from bot.kit.clock import to_local
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.i18n import DEFAULT_LANGUAGE
from bot.kit.outbox import Policy, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor


async def chosen(work: Work, actor: Actor) -> int | None:
    """At which minute of the day this person of the staff gets their digest. `NotAllowed` for others."""
    return await store.chosen(work.session, _staff(actor))


async def choose(work: Work, desk: Desk, actor: Actor, minute: int | None) -> None:
    """The digest comes at this minute of the day from now on; today only where that is still to come. `NotAllowed`;
    `Outdated` for what is no minute of the day.
    """
    member_id = _staff(actor)
    if minute is not None and not 0 <= minute < 24 * 60:
        raise Outdated
    local = to_local(work.now, desk.zone)
    over = minute is not None and minute <= local.hour * 60 + local.minute
    await store.choose(work.session, member_id, minute, sent_on=local.date().isoformat() if over else None)


async def send(work: Work, desk: Desk, member_id: int) -> None:
    """Sends a digest that is due to somebody of the staff for whom something waits, on a day their unit works. Whoever
    has it otherwise gets none today.
    """
    wish = await store.wish_of(work.session, member_id)
    local = to_local(work.now, desk.zone)
    if wish is None or not rules.is_due(wish.minute, wish.sent_on, local):
        return
    day = local.date()
    await store.note_seen_to(work.session, member_id, day.isoformat())
    person = await roster.person(work.session, member_id)
    if person is None or person.account_id is None:
        return
    actor = await roster.actor(work.session, person.account_id, DEFAULT_LANGUAGE)
    if actor is None or not actor.is_staff:
        return
    terms = [await schedules.terms_of(work.session, desk, post.unit_id) for post in actor.posts]
    if not any(each.days.include(day) for each in terms):
        return
    _, waiting = await tickets.counts(work.session, member_id, now=work.now)
    if not waiting:
        return
    shown = await lists.page(work.session, actor, Filter.ALL, 0, now=work.now)
    words = work.languages[actor.language]
    await work.out.send(
        actor.account_id,
        texts.digest(words, inbox_texts.inbox(words, shown, ())),
        key=f"digest:{member_id}:{day.isoformat()}",
        urgency=Urgency.BULK,
        policy=Policy.AT_MOST_ONCE,
    )


def _staff(actor: Actor) -> int:
    if not actor.is_staff:
        raise NotAllowed
    return people.bound(actor).id
