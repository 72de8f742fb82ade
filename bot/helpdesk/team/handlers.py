"""From what happens in a team's group to the helpdesk and back."""

import functools
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, ChatMember
from telegram import Message as TelegramMessage
from telegram.error import TelegramError

from bot.helpdesk import delivery, people, store, teams, thread
from bot.helpdesk.errors import NotYours, Unfit
from bot.helpdesk.model import Content
from bot.helpdesk.rules import Desk
from bot.helpdesk.team import service, texts
from bot.helpdesk.team.buttons import Agree, Confirm, Decline, ForUnit, Unlink
from bot.helpdesk.team.errors import Unseen
from bot.helpdesk.team.service import Look
from bot.helpdesk.teams import Ending, Team
from bot.helpdesk.thread import Place
from bot.helpdesk.updates import content_of
from bot.kit.groups import Group, LetIn, Migrated, News, PutOut, TopicClosed, may_manage_topics
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.outbox import Delivered
from bot.kit.router import Router
from bot.kit.work import Work
from bot.roster import Ctx
from bot.roster.model import BRANCH_ROLES, Actor

Say = Callable[[Ctx, Place, Content], Awaitable[bool]]
"""Takes what somebody says to a ticket."""

_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
_OUTSIDE = (ChatMember.LEFT, ChatMember.BANNED)


class Teams:
    def __init__(self, router: Router[Actor], desk: Desk, say: Say) -> None:
        self._desk = desk
        self._say = say
        router.command(
            "team",
            self.in_private,
            about=N_("Answer together in a group"),
            shown_to=lambda actor: bool(actor.units(*BRANCH_ROLES)),
        )
        router.group_command("team", self.in_group)
        router.button(ForUnit, self.for_unit, in_group=True)
        router.button(Agree, self.agree, in_group=True)
        router.button(Confirm, self.confirm)
        router.button(Decline, self.decline)
        router.button(Unlink, self.unlink, in_group=True)
        router.group_message(self.claim)
        router.group_news(self.hear)

    # Linking

    async def in_private(self, ctx: Ctx) -> None:
        linked = await service.standing(ctx.session, ctx.actor)
        for unit, team in linked:
            await ctx.reply(texts.standing(ctx._, unit.name, team))
        if not linked:
            await ctx.reply(texts.how_to(ctx._))

    async def in_group(self, ctx: Ctx) -> None:
        linked = await service.standing_in(ctx.session, ctx.actor, ctx.chat.id)
        if linked is not None:
            unit, team = linked
            await ctx.reply(texts.standing(ctx._, unit.name, team), reply_to=_under(ctx))
            return
        units = await service.linkable(ctx.session, ctx.actor)
        if len(units) > 1:
            await ctx.reply(texts.choose_unit(ctx._, list(units)), reply_to=_under(ctx))
        else:
            await self._offer(ctx, units[0].id)

    async def for_unit(self, ctx: Ctx, button: ForUnit) -> None:
        await self._offer(ctx, button.unit)

    async def agree(self, ctx: Ctx, button: Agree) -> None:
        bot = ctx.update.get_bot()
        look = functools.partial(_is_administrator, bot, ctx.chat.id, ctx.user.id)
        is_administrator = await ctx.outside("administrator", look)
        await service.agree_in_group(
            ctx, self._desk, button.team, ctx.chat.id, is_administrator=is_administrator
        )

    async def confirm(self, ctx: Ctx, button: Confirm) -> None:
        await service.confirm(ctx, self._desk, ctx.actor, button.team)

    async def decline(self, ctx: Ctx, button: Decline) -> None:
        await service.decline(ctx, ctx.actor, button.team)

    async def unlink(self, ctx: Ctx, button: Unlink) -> None:
        await service.unlink(ctx, self._desk, ctx.actor, button.team)
        await ctx.take_buttons_away()
        if ctx.message.chat_id > 0:
            await ctx.reply(texts.ended_by_you(ctx._))

    async def _offer(self, ctx: Ctx, unit_id: int) -> None:
        accounts = await service.accounts_of_staff(ctx.session, unit_id)
        look = functools.partial(_look, ctx.update.get_bot(), ctx.chat.id, accounts)
        seen = await ctx.outside("group", look)
        if seen is None:
            raise Unseen
        group = Group(ctx.chat.id, ctx.chat.title or "", bool(ctx.chat.is_forum))
        under = _under(ctx) if ctx.update.message is not None else None
        await service.offer(ctx, ctx.actor, unit_id, group, seen, reply_to=under, topic=ctx.topic)

    # Answering

    async def claim(self, ctx: Ctx) -> bool:
        """What is written in a ticket's topic, or as a reply to a message of one."""
        team = await teams.of_chat(ctx.session, ctx.chat.id)
        if team is None:
            return False
        place = await _place(ctx)
        if place is None:
            return False
        if await self._is_refused(ctx, team, place):
            return True
        content = content_of(ctx.message)
        if content is None:
            raise Unfit
        if content.text.startswith("/"):
            await ctx.reply(texts.commands_in_private(ctx._), reply_to=_under(ctx))
            return True
        await self._say(ctx, place, content)
        return True

    async def _is_refused(self, ctx: Ctx, team: Team, place: Place) -> bool:
        """Whether this is not to be passed on; whoever wrote it is told so once."""
        ticket = await store.existing(ctx.session, place.ticket_id)
        try:
            await people.as_staff(ctx.session, ctx.actor, ticket)
        except NotYours:
            await self._once(ctx, texts.not_staff(ctx._), f"team:{team.id}:stranger:{ctx.user.id}")
            return True
        if not _replies_to_a_colleague(ctx.message):
            return False
        requester = await delivery.requester_of(ctx.session, ticket)
        hint = texts.among_colleagues(ctx._, requester.member.name, in_topic=ctx.topic is not None)
        await self._once(ctx, hint, f"ticket:{ticket.id}:among:{ctx.user.id}")
        return True

    @staticmethod
    async def _once(ctx: Ctx, message: Message, key: str) -> None:
        await ctx.out.send(ctx.chat.id, message, key=key, reply_to=_under(ctx), topic=ctx.topic)

    # What happens to the group

    async def hear(self, work: Work, news: News) -> None:
        match news:
            case LetIn(group):
                await self._let_in(work, group, news)
            case PutOut(group):
                team = await teams.of_chat(work.session, group.chat_id)
                if team is not None:
                    await service.end(work, self._desk, team, Ending.REMOVED)
            case Migrated(old, new):
                team = await teams.of_chat(work.session, old)
                if team is not None:
                    await service.migrated(work, self._desk, team, new)
            case TopicClosed(chat_id, topic_id):
                seat = await teams.seat_in_topic(work.session, chat_id, topic_id)
                if seat is not None:
                    await service.lose_topic(work, self._desk, seat, is_closed=True)

    async def _let_in(self, work: Work, group: Group, news: LetIn) -> None:
        team = await teams.of_chat(work.session, group.chat_id)
        lacks_topics = group.has_topics and not news.manages_topics
        if team is None and news.anew:
            message = texts.hello(work.languages[None], lacks_topics=lacks_topics)
            await work.out.send(group.chat_id, message, key=f"hello:{group.chat_id}:{work.now}")
        elif team is not None and team.has_topics and lacks_topics:
            await service.end(work, self._desk, team, Ending.RIGHTS)
        elif team is not None:
            has_topics = group.has_topics and news.manages_topics
            await teams.describe(work.session, team.id, group.title, has_topics=has_topics)


async def _place(ctx: Ctx) -> Place | None:
    """The ticket to which a message of the group belongs."""
    message, chat_id = ctx.message, ctx.chat.id
    if message.reply_to_message is not None:
        place = await thread.place_of(ctx.session, chat_id, message.reply_to_message.message_id)
        if place is not None:
            return place
    if message.media_group_id is not None:
        place = await thread.place_of_album(ctx.session, chat_id, message.media_group_id)
        if place is not None:
            return place
    if isinstance(ctx.topic, Delivered):
        return await thread.place_of(ctx.session, chat_id, ctx.topic.message_id)
    return None


def _replies_to_a_colleague(message: TelegramMessage) -> bool:
    replied = message.reply_to_message
    return (
        replied is not None and replied.from_user is not None and replied.from_user.id != message.get_bot().id
    )


def _under(ctx: Ctx) -> Delivered:
    return Delivered(ctx.message.message_id)


async def _look(bot: Bot, chat_id: int, accounts: Sequence[int]) -> Look | None:
    """Who is in the group and what the bot may do there; None if Telegram does not say."""
    try:
        everybody = await bot.get_chat_member_count(chat_id)
        own = await bot.get_chat_member(chat_id, bot.id)
        staff = [await bot.get_chat_member(chat_id, account) for account in accounts]
    except TelegramError:
        return None
    inside = sum(member.status not in _OUTSIDE for member in staff)
    return Look(everybody - 1, inside, may_manage_topics(own))


async def _is_administrator(bot: Bot, chat_id: int, user_id: int) -> bool:
    try:
        member = await bot.get_chat_member(chat_id, user_id)
    except TelegramError:
        return False
    return member.status in _ADMINISTRATORS
