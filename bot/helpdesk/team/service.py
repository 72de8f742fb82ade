"""Linking a group to a branch, and what becomes of its tickets when the group cannot be used any more."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import delivery, moving, people, places, rules, store, teams, thread
from bot.helpdesk.model import Holder, State
from bot.helpdesk.rules import Desk
from bot.helpdesk.team import texts
from bot.helpdesk.team.errors import NotAdministrator, NoTopicRights, Stranger, Taken
from bot.helpdesk.team.rules import OFFER_STANDS, Fault, fault_of
from bot.helpdesk.teams import Ending, Seat, Side, Team, TeamState
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.groups import Group
from bot.kit.messages import Call, Message
from bot.kit.outbox import Queued, Target, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Unit


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """What Telegram tells of a group when it is asked."""

    people: int
    """Without bots."""
    staff: int
    """How many of them are of the branch's staff."""
    manages_topics: bool
    """Whether the bot may."""


async def linkable(reader: Reader, actor: Actor) -> Sequence[Unit]:
    """The branches for which this person may link a group. `Stranger` for somebody not known, `NotAllowed` for one who is
    on no branch's staff.
    """
    if actor.member is None:
        raise Stranger
    found = [await roster.unit(reader, unit_id) for unit_id in actor.units(*BRANCH_ROLES)]
    if not found:
        raise NotAllowed
    return [unit for unit in found if unit is not None]


async def standing(reader: Reader, actor: Actor) -> Sequence[tuple[Unit, Team]]:
    """The groups linked to this person's branches. `Stranger`, `NotAllowed`."""
    linked = [(unit, await teams.of_unit(reader, unit.id)) for unit in await linkable(reader, actor)]
    return [(unit, team) for unit, team in linked if team is not None]


async def standing_in(reader: Reader, actor: Actor, chat_id: int) -> tuple[Unit, Team] | None:
    """The branch to which this group is linked, if it is one of this person's. `Taken` if it is another; `Stranger`,
    `NotAllowed`.
    """
    units = {unit.id: unit for unit in await linkable(reader, actor)}
    team = await teams.of_chat(reader, chat_id)
    if team is None:
        return None
    if team.unit_id not in units:
        raise Taken
    return units[team.unit_id], team


async def accounts_of_staff(reader: Reader, unit_id: int) -> Sequence[int]:
    """The accounts of the branch's staff."""
    staff = await roster.staff_of(reader, unit_id, BRANCH_ROLES)
    return list(dict.fromkeys(each.person.account_id for each in staff if each.person.account_id is not None))


async def offer(
    work: Work,
    actor: Actor,
    unit_id: int,
    group: Group,
    look: Look,
    *,
    reply_to: Target | None,
    topic: Target | None,
) -> None:
    """Asks both sides whether the group is to be linked to the branch. `Stranger`, `NotAllowed`, `Taken`,
    `NoTopicRights`; `Outdated` for what is no group.
    """
    units = {unit.id: unit for unit in await linkable(work.session, actor)}
    if unit_id not in units or actor.member is None:
        raise NotAllowed
    if group.chat_id > 0:
        raise Outdated
    if await teams.of_chat(work.session, group.chat_id) is not None:
        raise Taken
    if group.has_topics and not look.manages_topics:
        raise NoTopicRights
    unit = units[unit_id]
    team_id = await teams.offer(
        work.session,
        unit_id,
        group.chat_id,
        group.title,
        has_topics=group.has_topics,
        by=actor.member.id,
        now=work.now,
    )
    in_group = await work.out.send(
        group.chat_id,
        texts.ask_group(work.languages[None], team_id, actor.member.name, unit.name),
        key=f"team:{team_id}:ask:group",
        reply_to=reply_to,
        topic=topic,
    )
    in_private = await work.out.send(
        actor.account_id,
        texts.ask_person(
            work.languages[actor.language],
            team_id,
            unit.name,
            group.title,
            people=look.people,
            others=max(0, look.people - look.staff),
        ),
        key=f"team:{team_id}:ask:person",
    )
    await teams.note_asked(work.session, team_id, group=in_group, person=in_private)


async def agree_in_group(
    work: Work, desk: Desk, team_id: int, chat_id: int, *, is_administrator: bool
) -> None:
    """Somebody in a group agrees, who is an administrator there or not. `NotAdministrator`, also for one of another group;
    `Outdated`.
    """
    team = await _offered(work, team_id)
    if not is_administrator or chat_id != team.chat_id:
        raise NotAdministrator
    await _agree(work, desk, team, Side.GROUP)


async def confirm(work: Work, desk: Desk, actor: Actor, team_id: int) -> None:
    """Who asked for it agrees, having read who is in the group. `NotAllowed`, `Outdated`."""
    await _agree(work, desk, await _offered_by(work, actor, team_id), Side.PERSON)


async def decline(work: Work, actor: Actor, team_id: int) -> None:
    """Who asked for it would rather not. `NotAllowed`, `Outdated`."""
    team = await _offered_by(work, actor, team_id)
    await teams.end(work.session, team.id, Ending.DECLINED, now=work.now)
    await _rewrite(work, team, Side.GROUP, texts.declined(work.languages[None]), key="declined")
    await _rewrite(work, team, Side.PERSON, texts.declined(work.languages[actor.language]), key="declined")


async def unlink(work: Work, desk: Desk, actor: Actor, team_id: int) -> None:
    """Somebody of the branch's staff ends the link. `NotAllowed`, `Outdated`."""
    team = await teams.team(work.session, team_id)
    if team is None:
        raise Outdated
    if actor.member is None or not actor.holds(team.unit_id, BRANCH_ROLES):
        raise NotAllowed
    if team.state is not TeamState.LINKED:
        raise Outdated
    await end(work, desk, team, Ending.UNLINKED, by=actor.member.id)


async def end(work: Work, desk: Desk, team: Team, why: Ending, *, by: int | None = None) -> None:
    """The group is linked no more: what is in work there comes to its owners in private, and the staff are told."""
    if why in (Ending.UNLINKED, Ending.REPLACED):
        await _say_farewell(work, team)
    await teams.end(work.session, team.id, why, now=work.now)
    await work.audit("team.ended", by=by, subject=f"unit:{team.unit_id}", team=team.id, why=str(why))
    await _tell_staff_of_ending(work, team, why, by)
    for seat in await teams.seats_of(work.session, team.id):
        await _fall_back(work, desk, seat, can_write=why in (Ending.UNLINKED, Ending.REPLACED))


async def migrated(work: Work, desk: Desk, team: Team, chat_id: int) -> None:
    """The group lives on with another id, where the messages of before cannot be replied to."""
    unit_id = team.unit_id
    for holder in await _staff(work.session, unit_id):
        message = texts.moved(work.languages[holder.language], team.title)
        await _tell(work, holder, message, key=f"team:{team.id}:moved:{chat_id}")
    for seat in await teams.seats_of(work.session, team.id):
        await _fall_back(work, desk, seat, can_write=False)
    await teams.move(work.session, team.id, chat_id)
    await work.audit("team.moved", by=None, subject=f"unit:{unit_id}", team=team.id)


async def recover(work: Work, desk: Desk, team_id: int) -> None:
    """Notices that a linked group cannot be written to, or has moved, where Telegram did not say so itself."""
    team = await teams.team(work.session, team_id)
    if team is None or team.state is not TeamState.LINKED:
        return
    for stranded, moved_to in await teams.stranded(work.session):
        if stranded == team.id and moved_to is not None:
            await migrated(work, desk, team, moved_to)
        elif stranded == team.id:
            await end(work, desk, team, Ending.REMOVED)


async def rescue(work: Work, desk: Desk, ticket_id: int) -> None:
    """Brings a ticket of which something did not reach its group to its owner in private, and ends the link where the
    fault is the group's. Nothing where the message itself was at fault.
    """
    told = [(seat, error) for seat, error in await teams.refused(work.session) if seat.ticket_id == ticket_id]
    fault = fault_of(error for _, error in told)
    if fault is None:
        return
    seat = told[0][0]
    team = await teams.team(work.session, seat.team_id)
    if team is None:
        return
    if fault is Fault.TOPIC:
        await lose_topic(work, desk, seat, is_closed=False)
        return
    await end(work, desk, team, Ending.REMOVED if fault is Fault.GROUP else Ending.RIGHTS)


async def lose_topic(work: Work, desk: Desk, seat: Seat, *, is_closed: bool) -> None:
    """The ticket's topic cannot be used any more: the ticket goes on in private, and its owner is told why."""
    ticket = await store.existing(work.session, seat.ticket_id)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        requester = await delivery.requester_of(work.session, ticket)
        _, name = work.languages[owner.language], requester.member.name
        message = texts.topic_closed(_, name) if is_closed else texts.topic_lost(_, name)
        await delivery.note(work, ticket, owner.account_id, message, key=f"seat:{seat.id}:lost")
    await _fall_back(work, desk, seat, can_write=is_closed)


async def close_topic(work: Work, seat_id: int) -> None:
    """The ticket is closed, or has come under another branch: its topic is closed."""
    seat = await teams.seat(work.session, seat_id)
    if seat is None:
        return
    ticket = await store.existing(work.session, seat.ticket_id)
    belongs_here = await teams.seat_of(work.session, ticket.id) == seat
    if not belongs_here:
        await teams.leave(work.session, seat.id, now=work.now)
        await moving.close_to_outsiders(work, ticket, key=f"seat:{seat.id}")
    if ticket.state is State.CLOSED or not belongs_here:
        await _set_topic(work, seat, "closeForumTopic")
        await teams.note_topic(work.session, seat.id, work.now)


async def reopen_topic(work: Work, seat_id: int) -> None:
    """The ticket is in work again, and its topic is open."""
    seat = await teams.seat(work.session, seat_id)
    if seat is None:
        return
    if (await store.existing(work.session, seat.ticket_id)).state is not State.CLOSED:
        await _set_topic(work, seat, "reopenForumTopic")
        await teams.note_topic(work.session, seat.id, None)


async def _offered(work: Work, team_id: int) -> Team:
    team = await teams.team(work.session, team_id)
    if team is None or team.state is not TeamState.OFFERED or work.now - team.offered_at > OFFER_STANDS:
        raise Outdated
    return team


async def _offered_by(work: Work, actor: Actor, team_id: int) -> Team:
    team = await _offered(work, team_id)
    if (
        actor.member is None
        or actor.member.id != team.linked_by
        or not actor.holds(team.unit_id, BRANCH_ROLES)
    ):
        raise NotAllowed
    return team


async def _agree(work: Work, desk: Desk, team: Team, side: Side) -> None:
    await teams.agree(work.session, team.id, side, now=work.now)
    person = await roster.person(work.session, team.linked_by)
    if person is None:
        raise Outdated
    if team.agreed | {side} == frozenset(Side):
        await _link(work, desk, team)
    elif side is Side.GROUP:
        message = texts.waits_for_person(work.languages[None], person.member.name)
        await _rewrite(work, team, side, message, key="waits")
    else:
        message = texts.waits_for_group(work.languages[person.language], team.title)
        await _rewrite(work, team, side, message, key="waits")


async def _link(work: Work, desk: Desk, team: Team) -> None:
    posts = await roster.posts_of(work.session, team.linked_by)
    if not any(post.unit_id == team.unit_id and post.role in BRANCH_ROLES for post, _ in posts):
        raise Outdated
    if await teams.of_chat(work.session, team.chat_id) is not None:
        raise Taken
    before = await teams.of_unit(work.session, team.unit_id)
    if before is not None:
        await end(work, desk, before, Ending.REPLACED, by=team.linked_by)
    await teams.link(work.session, team.id, now=work.now)
    await work.audit("team.linked", by=team.linked_by, subject=f"unit:{team.unit_id}", team=team.id)
    unit = await _unit_name(work, team)
    in_group = texts.linked_in_group(work.languages[None], unit, has_topics=team.has_topics)
    await _rewrite(work, team, Side.GROUP, in_group, key="linked")
    for holder in await _staff(work.session, team.unit_id):
        _ = work.languages[holder.language]
        if holder.member_id == team.linked_by:
            await _rewrite(work, team, Side.PERSON, texts.linked_in_private(_, team.title), key="linked")
            continue
        by = await roster.person(work.session, team.linked_by)
        message = texts.linked_by_colleague(_, unit, team.title, "" if by is None else by.member.name)
        await _tell(work, holder, message, key=f"team:{team.id}:linked")


async def _rewrite(work: Work, team: Team, side: Side, message: Message, *, key: str) -> None:
    """Puts `message` in the place of the question that side was asked."""
    asked = team.group_asked if side is Side.GROUP else team.person_asked
    person = await roster.person(work.session, team.linked_by)
    chat_id = team.chat_id if side is Side.GROUP else None if person is None else person.account_id
    if asked is not None and chat_id is not None:
        await work.out.edit(chat_id, Queued(asked), message, key=f"team:{team.id}:{key}:{side}")


async def _fall_back(work: Work, desk: Desk, seat: Seat, *, can_write: bool) -> None:
    """The ticket goes on in private. What it left in the group is taken away, where we can."""
    await teams.leave(work.session, seat.id, now=work.now)
    ticket = await store.existing(work.session, seat.ticket_id)
    if can_write:
        await moving.close_to_outsiders(work, ticket, key=f"seat:{seat.id}")
    else:
        for copy in await thread.shown(work.session, ticket.id):
            if copy.chat_id == seat.chat_id:
                await thread.note_gone(work.session, copy.outgoing_id)
    spot = await places.of_owner(work.session, ticket)
    # An answered one comes back to its owner with the member's next words.
    if spot is not None and ticket.state is State.OPEN:
        await delivery.bring(work, desk, ticket, spot, key=f"seat:{seat.id}:left")


async def _say_farewell(work: Work, team: Team) -> None:
    message = texts.ended_in_group(work.languages[None], await _unit_name(work, team))
    await work.out.send(team.chat_id, message, key=f"team:{team.id}:ended", urgency=Urgency.TICKET)
    for seat in await teams.seats_of(work.session, team.id):
        await _set_topic(work, seat, "closeForumTopic")


async def _tell_staff_of_ending(work: Work, team: Team, why: Ending, by: int | None) -> None:
    if why is Ending.REPLACED:
        return  # they are told of the new group
    colleague = None if by is None else await roster.person(work.session, by)
    name, unit = "" if colleague is None else colleague.member.name, await _unit_name(work, team)
    for holder in await _staff(work.session, team.unit_id):
        message = texts.ended_in_private(work.languages[holder.language], why, unit, team.title, name)
        if holder.member_id != by:
            await _tell(work, holder, message, key=f"team:{team.id}:ended")


async def _set_topic(work: Work, seat: Seat, method: str) -> None:
    if seat.outgoing_id is not None:
        await work.out.call(
            seat.chat_id,
            Call(method, {}),
            key=f"seat:{seat.id}:{method}:{work.now}",
            urgency=Urgency.TICKET,
            topic=Queued(seat.outgoing_id),
        )


async def _tell(work: Work, holder: Holder, message: Message, *, key: str) -> None:
    if holder.account_id is not None:
        await work.out.send(
            holder.account_id, message, key=f"{key}:{holder.account_id}", urgency=Urgency.TICKET
        )


async def _staff(reader: Reader, unit_id: int) -> Sequence[Holder]:
    """The branch's own staff, each once."""
    found = [each for each in await people.staff(reader, unit_id) if each.rung in rules.OF_THE_BRANCH]
    return list({each.member_id: each for each in reversed(found)}.values())[::-1]


async def _unit_name(work: Work, team: Team) -> str:
    unit = await roster.unit(work.session, team.unit_id)
    return "" if unit is None else unit.name
