"""Updates of staff about joining: requests, codes, links."""

from random import Random

from bot.kit.errors import Outdated
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.outbox import Urgency
from bot.kit.router import Router
from bot.kit.vault import Vault
from bot.roster.context import Ctx
from bot.roster.joining import buttons, inviting, notices, service, staff_texts, texts
from bot.roster.joining.store import Kind, State
from bot.roster.model import Actor, Unit
from bot.roster.service import tell_menu


class Admitting:
    def __init__(self, router: Router[Actor], *, vault: Vault, random: Random) -> None:
        self._menu = router.menu
        self._vault = vault
        self._random = random
        router.command("code", self._whom_for, about=N_("A one-time code for a member"), shown_to=_is_staff)
        router.command(
            "link", self._which_link, about=N_("Your branch's invitation link"), shown_to=_is_staff
        )
        router.button(buttons.Candidates, self._candidates)
        router.button(buttons.Choose, self._choose)
        router.button(buttons.Confirm, self._confirm)
        router.button(buttons.NotOnRoster, self._not_on_roster)
        router.button(buttons.Refuse, self._refuse)
        router.button(buttons.CodePage, self._code_page)
        router.button(buttons.IssueCode, self._issue_code)
        router.button(buttons.LinkPage, self._link_page)
        router.button(buttons.ShowLink, self._show_link)

    async def _candidates(self, ctx: Ctx, button: buttons.Candidates) -> None:
        case = await service.pending(ctx.session, ctx.actor, button.request)
        await ctx.replace(staff_texts.candidates(ctx._, case, button.page))

    async def _choose(self, ctx: Ctx, button: buttons.Choose) -> None:
        case = await service.pending(ctx.session, ctx.actor, button.request)
        chosen = [member for member in case.candidates if member.id == button.member]
        if not chosen:
            raise Outdated
        await ctx.replace(staff_texts.confirm_choice(ctx._, case, chosen[0]))

    async def _confirm(self, ctx: Ctx, button: buttons.Confirm) -> None:
        decided = await service.approve(ctx, ctx.actor, button.request, button.member)
        await notices.answered(ctx, decided, ctx.user.id, _name(ctx))
        person, account_id = decided.person, decided.case.request.account_id
        if person is None:
            return
        decider = _name(ctx)
        await ctx.replace(staff_texts.approved_by_you(ctx._, person.member, decided.case.request.kind))
        words = await notices.words_of(ctx, account_id)
        message = texts.approved(words, person.member, decided.case.unit, decider)
        await ctx.out.send(account_id, message, key=ctx.key("approved"), urgency=Urgency.TICKET)
        await tell_menu(ctx, self._menu, account_id)
        if decided.case.request.kind is Kind.MOVE and person.account_id is not None:
            words = ctx.languages[person.language]
            message = texts.moved_away(words, person.member, decider)
            await ctx.out.send(person.account_id, message, key=ctx.key("moved"), urgency=Urgency.TICKET)
            await tell_menu(ctx, self._menu, person.account_id)

    async def _not_on_roster(self, ctx: Ctx, button: buttons.NotOnRoster) -> None:
        await self._without_binding(ctx, button.request, State.NOT_ON_ROSTER)

    async def _refuse(self, ctx: Ctx, button: buttons.Refuse) -> None:
        await self._without_binding(ctx, button.request, State.REFUSED)

    async def _without_binding(self, ctx: Ctx, request_id: int, state: State) -> None:
        decided = await service.refuse(ctx, ctx.actor, request_id, state)
        await notices.answered(ctx, decided, ctx.user.id, _name(ctx))
        await ctx.replace(staff_texts.refused_by_you(ctx._, decided.case, state))
        account_id = decided.case.request.account_id
        message = texts.refused(await notices.words_of(ctx, account_id), decided.case, state)
        await ctx.out.send(account_id, message, key=ctx.key("refused"), urgency=Urgency.TICKET)

    async def _whom_for(self, ctx: Ctx) -> None:
        members = await inviting.code_candidates(ctx.session, ctx.actor)
        await ctx.reply(staff_texts.whom_for(ctx._, members, 0))

    async def _code_page(self, ctx: Ctx, button: buttons.CodePage) -> None:
        members = await inviting.code_candidates(ctx.session, ctx.actor)
        await ctx.replace(staff_texts.whom_for(ctx._, members, button.page))

    async def _issue_code(self, ctx: Ctx, button: buttons.IssueCode) -> None:
        issued = await inviting.issue_code(ctx, ctx.actor, button.member, self._vault, self._random)
        await ctx.replace(staff_texts.code(ctx._, issued))

    async def _which_link(self, ctx: Ctx) -> None:
        branches = await inviting.branches_to_invite_to(ctx.session, ctx.actor)
        if len(branches) == 1:
            await ctx.reply(self._link(ctx, branches[0]))
        else:
            await ctx.reply(staff_texts.which_link(ctx._, branches, 0))

    async def _link_page(self, ctx: Ctx, button: buttons.LinkPage) -> None:
        branches = await inviting.branches_to_invite_to(ctx.session, ctx.actor)
        await ctx.replace(staff_texts.which_link(ctx._, branches, button.page))

    async def _show_link(self, ctx: Ctx, button: buttons.ShowLink) -> None:
        branches = await inviting.branches_to_invite_to(ctx.session, ctx.actor)
        chosen = [unit for unit in branches if unit.id == button.unit]
        if not chosen:
            raise Outdated
        await ctx.reply(self._link(ctx, chosen[0]))

    @staticmethod
    def _link(ctx: Ctx, branch: Unit) -> Message:
        return staff_texts.link(ctx._, branch, ctx.update.get_bot().username)


def _is_staff(actor: Actor) -> bool:
    return actor.is_staff


def _name(ctx: Ctx) -> str:
    return "" if ctx.actor.member is None else ctx.actor.member.name
