"""Joining put into words for staff: requests, codes, links."""

from collections.abc import Sequence

from bot.kit.clock import HOUR
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows
from bot.roster.joining import buttons, rules
from bot.roster.joining.inviting import Issued
from bot.roster.joining.service import Pending
from bot.roster.joining.store import Kind, Request, State
from bot.roster.keyboards import paged
from bot.roster.model import Member, Unit


def request(_: Words, asked: Request, unit: Unit, account_name: str) -> Message:
    values = {"name": asked.given_name, "unit": unit.name, "account": account_name}
    if asked.kind is Kind.MOVE and asked.member_id is not None:
        text = _(
            "<b>{name}</b>, {unit}, wants to use a new Telegram account ({account}) and has shown their phone number"
            " or code. Their old account is still connected. Move it to the new one?",
            **values,
        )
        confirm = buttons.Confirm(asked.id, asked.member_id).labelled(_.plain("Move"))
        return Message(text, rows([confirm], [buttons.Refuse(asked.id).labelled(_.plain("Do not move"))]))
    text = _("<b>{name}</b> (in Telegram: {account}) would like to join {unit}. Do you know them?", **values)
    return Message(
        text,
        rows(
            [buttons.Candidates(asked.id, 0).labelled(_.plain("Approve: choose who it is"))],
            [buttons.Refuse(asked.id).labelled(_.plain("Refuse"))],
        ),
    )


def candidates(_: Words, case: Pending, page: int) -> Message:
    choices = [
        buttons.Choose(case.request.id, member.id).labelled(_named(member)) for member in case.candidates
    ]
    lines = paged(_, choices, page, lambda to: buttons.Candidates(case.request.id, to))
    return Message(
        _("Who on the roster of {unit} is <b>{name}</b>?", unit=case.unit.name, name=case.request.given_name),
        rows(
            *lines,
            [buttons.NotOnRoster(case.request.id).labelled(_.plain("Not on the roster"))],
            [buttons.Refuse(case.request.id).labelled(_.plain("Refuse"))],
        ),
    )


def confirm_choice(_: Words, case: Pending, member: Member) -> Message:
    return Message(
        _(
            "Connect the Telegram account {account} (calls themselves {name}) with <b>{member}</b>?",
            account=case.account_name,
            name=case.request.given_name,
            member=_named(member),
        ),
        rows(
            [buttons.Confirm(case.request.id, member.id).labelled(_.plain("Yes, connect"))],
            [buttons.Candidates(case.request.id, 0).labelled(_.plain("‹ Back"))],
        ),
    )


def approved_by_you(_: Words, member: Member, kind: Kind) -> Message:
    if kind is Kind.MOVE:
        return Message(_("Moved. {name} now uses the new account; both were told.", name=member.name))
    return Message(_("Connected. {name} can begin now and was told.", name=member.name))


def refused_by_you(_: Words, case: Pending, state: State) -> Message:
    name = case.request.given_name
    if state is State.NOT_ON_ROSTER:
        return Message(
            _(
                "{name} was told that they are not on the roster yet. Add them to the roster file and send it with"
                " /roster; after that, /start finds them.",
                name=name,
            )
        )
    if case.request.kind is Kind.MOVE:
        return Message(_("Nothing was moved. {name}'s old account stays connected.", name=name))
    return Message(_("Refused. {name} was told kindly.", name=name))


def answered_by(_: Words, case: Pending, decider: str) -> Message:
    """For the other staff who were asked."""
    return Message(
        _("{decider} has answered the request of {name}.", decider=decider, name=case.request.given_name)
    )


def with_others(_: Words) -> Message:
    """For those who do not decide about the request any more."""
    return Message(_("Somebody else answers this request now. You need not do anything more."))


def settled(_: Words) -> Message:
    """For staff, when a request needs no answer any more."""
    return Message(_("This request has been settled. There is nothing left to do."))


def whom_for(_: Words, members: Sequence[Member], page: int) -> Message:
    if not members:
        return Message(_("Everybody you look after is already here. Nobody needs a code."))
    choices = [buttons.IssueCode(member.id).labelled(_named(member)) for member in members]
    return Message(_("Whom is the code for?"), rows(*paged(_, choices, page, buttons.CodePage)))


def code(_: Words, issued: Issued) -> Message:
    return Message(
        _(
            "Code for {name}: <b>{code}</b>\nIt works once, within {hours} hours. Tell it to them in person or by phone;"
            " they send it to me after /start.",
            name=issued.member.name,
            code=rules.spaced(issued.code),
            hours=rules.CODE_LIFETIME // HOUR,
        )
    )


def which_link(_: Words, branches: Sequence[Unit], page: int) -> Message:
    if not branches:
        return Message(_("There is no branch in your care yet. Send the roster with /roster first."))
    choices = [buttons.ShowLink(unit.id).labelled(unit.name) for unit in branches]
    return Message(_("For which branch is the link?"), rows(*paged(_, choices, page, buttons.LinkPage)))


def link(_: Words, branch: Unit, username: str) -> Message:
    return Message(
        _(
            "The link of {branch}, to pass on to your members:\n{link}",
            branch=branch.name,
            link=f"https://t.me/{username}?start={branch.join_token}",
        )
    )


def _named(member: Member) -> str:
    return member.name if member.employee_no is None else f"{member.name} {member.employee_no}"
