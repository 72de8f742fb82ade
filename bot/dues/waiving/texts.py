"""The wording of requests to be let off."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.buttons import Claim, HowTo, NotNow, Trouble
from bot.dues.model import Obligation
from bot.dues.texts import amount_name, day_name, period_name, state_name
from bot.dues.waiving import buttons, own_texts, rules
from bot.dues.waiving.model import Act, Case, Stage, Step, Waiver
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged

_WAITS = {
    Act.ASKED: N_("A request to be let off waits for the branch."),
    Act.PASSED_UP: N_("A request to be let off waits for the level above."),
    Act.AGREED: N_("A request to be let off waits for the level above."),
    Act.RETURNED: N_("A request to be let off waits for the branch."),
}
_STEPS = {
    Act.ASKED: N_("{name} asked to be let off"),
    Act.PASSED_UP: N_("passed on to the level above"),
    Act.REFUSED: N_("{name} did not agree"),
    Act.RETURNED: N_("{name} asks the branch to look again"),
    Act.WITHDRAWN: N_("{name} took the request back"),
}


def ask(_: Words, obligation: Obligation, *, has_above: bool) -> Message:
    if has_above:
        text = _(
            "Please write why you ask to be let off, or to pay less; a picture may go with it. Your secretary decides for"
            " the branch, then the level above approves it."
        )
    else:
        text = _(
            "Please write why you ask to be let off, or to pay less; a picture may go with it. Your secretary decides for"
            " the branch."
        )
    return Message(
        text,
        rows(
            [buttons.Without(obligation.id).labelled(_.plain("Ask without a reason"))],
            [NotNow().labelled(_.plain("Not needed"))],
        ),
    )


def unfit(_: Words) -> Message:
    return Message(_("I cannot pass this kind of message on. Please write a word or two, or send a picture."))


def received(_: Words, of: Case, names: Sequence[str]) -> Message:
    """To the member, who has just asked."""
    month = period_name(_, of.obligation.period)
    if rules.stage(of.waiver) is Stage.ALONE and of.above is not None:
        first = _(
            "Your request about the dues of {month} is with {unit}, which decides it.",
            month=month,
            unit=of.above.name,
        )
    else:
        who = _(", ").join(names) if names else of.branch.name
        first = _("Your request about the dues of {month} is with {who}.", month=month, who=who)
        if of.above is not None:
            first += _(" If the branch agrees, {unit} approves it.", unit=of.above.name)
    then = _("I tell you as soon as it is decided; until then I do not remind you.")
    return Message(Markup("\n").join([first, then]), rows([own_texts.withdraw_button(_, of.waiver)]))


def under_way(_: Words, waiver: Waiver) -> Message:
    """To the member, who asks a second time."""
    lines = [_("You have asked already.")]
    said = own_texts.state(_, waiver)
    if said is not None:
        lines.append(said)
    return Message(Markup("\n").join(lines), rows([own_texts.withdraw_button(_, waiver)]))


def withdrawn(_: Words, of: Case) -> Message:
    return Message(
        _("Taken back. The dues of {month} are open as before.", month=period_name(_, of.obligation.period)),
        rows(_ways(_, of)),
    )


def staff_state(_: Words, waiver: Waiver) -> Markup:
    """How far an open request is, on the member's card."""
    return _(_WAITS[waiver.last.act])


def told(_: Words, of: Case, act: Act) -> Message | None:
    """To the member: what a step means for them; None where they need not know."""
    month = period_name(_, of.obligation.period)
    last = of.waiver.last
    match act:
        case Act.AGREED if of.above is not None and not of.waiver.is_proposed:
            return Message(
                _(
                    "The branch agrees to your request about the dues of {month}. {unit} has to approve it; then I write"
                    " again.",
                    month=month,
                    unit=of.above.name,
                )
            )
        case Act.APPROVED if last.amount is None:
            return Message(_("You need not pay the dues of {month}: that has been agreed to.", month=month))
        case Act.APPROVED:
            return Message(
                _(
                    "It has been agreed to: for {month} you pay {amount}.",
                    month=month,
                    amount=amount_name(_, last.amount),
                ),
                rows(_ways(_, of)),
            )
        case Act.REFUSED:
            text = _(
                "{name} has looked at it: this time the dues of {month} could not be waived.",
                name=last.by_name or of.branch.name,
                month=month,
            )
            more = _("If things are difficult, please tell your secretary at any time.")
            return Message(
                Markup("\n").join([own_texts.with_words(text, _, last), more]),
                rows(_ways(_, of), [Trouble(of.obligation.id).labelled(_.plain("Something is wrong"))]),
            )
        case Act.RETURNED if not of.waiver.is_proposed:
            return Message(
                _(
                    "The branch is asked to look at your request about {month} once more. I write when it is decided.",
                    month=month,
                )
            )
        case _:
            return None


def _ways(_: Words, of: Case) -> list[InlineKeyboardButton]:
    return [
        Claim(of.obligation.id).labelled(_.plain("I have paid")),
        HowTo().labelled(_.plain("How do I pay")),
    ]


def card(_: Words, of: Case, zone: tzinfo, *, acts: bool) -> Message:
    """A request, for those who decide it; with what can be done if it is their turn."""
    lines = [
        _(
            "<b>{name}</b> asks to be let off: dues of {month} · {amount} · {state} · {branch}",
            name=of.name,
            month=period_name(_, of.obligation.period),
            amount=amount_name(_, of.obligation.amount),
            state=state_name(_, of.obligation.state),
            branch=of.branch.name,
        )
        if not of.waiver.is_proposed
        else _(
            "The branch wants <b>{name}</b> to be let off: dues of {month} · {amount} · {state} · {branch}",
            name=of.name,
            month=period_name(_, of.obligation.period),
            amount=amount_name(_, of.obligation.amount),
            state=state_name(_, of.obligation.state),
            branch=of.branch.name,
        )
    ]
    if not of.waiver.is_proposed:
        lines.append(
            _("“{words}”", words=of.waiver.reason) if of.waiver.reason else _("No reason was written.")
        )
    if of.waiver.message_id is not None:
        lines.append(_("With a picture."))
    lines += [_step(_, step, zone) for step in of.waiver.steps[1:]]
    stage = rules.stage(of.waiver)
    hint = _hint(_, of, stage)
    if hint is not None:
        lines.append(hint)
    return Message(Markup("\n").join(lines), rows(*(_acts(_, of, stage) if acts else [])))


def _hint(_: Words, of: Case, stage: Stage) -> Markup | None:
    if stage is Stage.BRANCH and of.above is not None:
        return _("The branch decides; then {unit} approves it.", unit=of.above.name)
    if stage is Stage.BRANCH:
        return _("Nobody of a level above uses me yet: what the branch decides stands.")
    if stage is Stage.ABOVE and of.above is not None:
        return _("Waits for {unit} to approve it.", unit=of.above.name)
    if stage is Stage.ALONE and of.above is not None:
        return _("{unit} decides.", unit=of.above.name)
    return None


def _step(_: Words, step: Step, zone: tzinfo) -> Markup:
    if step.act is Act.AGREED:
        said = _(
            "{name} agreed: {result}", name=step.by_name or _.plain("nobody"), result=result(_, step.amount)
        )
    elif step.act is Act.APPROVED and step.by_member is None:
        said = _("It stands: nobody is above who could approve it.")
    elif step.act is Act.APPROVED:
        said = _("{name} approved: {result}", name=step.by_name or "", result=result(_, step.amount))
    else:
        said = _(_STEPS[step.act], name=step.by_name or "")
    return own_texts.with_words(_("{date} {said}", date=day_name(_, step.at, zone), said=said), _, step)


def result(_: Words, amount: int | None) -> str:
    if amount is None:
        return _.plain("nothing to pay")
    return _.plain("{amount} to pay", amount=amount_name(_, amount))


def _acts(_: Words, of: Case, stage: Stage) -> list[list[InlineKeyboardButton]]:
    number = of.waiver.id
    if stage is Stage.ABOVE:
        return [
            [
                buttons.Approve(number).labelled(_.plain("Approve")),
                buttons.Return(number).labelled(_.plain("Send back")),
            ]
        ]
    if stage is Stage.DONE:
        return []
    free = (
        _.plain("The branch agrees: nothing to pay")
        if stage is Stage.BRANCH
        else _.plain("Agree: nothing to pay")
    )
    return [
        [buttons.Free(number).labelled(free)],
        [
            buttons.Less(number).labelled(_.plain("Agree to less…")),
            buttons.Refuse(number).labelled(_.plain("Do not agree…")),
        ],
    ]


def ask_amount(_: Words, of: Case) -> Message:
    choices = [
        buttons.Amount(of.waiver.id, amount).labelled(amount_name(_, amount))
        for amount in rules.smaller_amounts(of.obligation.amount)
    ]
    return Message(
        _(
            "How much should {name} pay for {month} instead of {amount}? Tap, or send the number.",
            name=of.name,
            month=period_name(_, of.obligation.period),
            amount=amount_name(_, of.obligation.amount),
        ),
        rows(choices[:2], choices[2:], [_back(_, of)]),
    )


def no_amount(_: Words) -> Message:
    return Message(_("I could not read an amount there. Please send just the number, such as 4200."))


def ask_why(_: Words, of: Case) -> Message:
    """Before a request is not agreed to."""
    return Message(
        _(
            "Would you tell {name} in a few words why not? Just write it; {name} reads it as you write it.",
            name=of.name,
        ),
        rows(
            [buttons.RefusePlainly(of.waiver.id).labelled(_.plain("Do not agree, without a word"))],
            [_back(_, of)],
        ),
    )


def ask_what(_: Words, of: Case) -> Message:
    """Before a request is sent back to the branch."""
    return Message(
        _("What should the branch look at? Just write it; the branch reads it, the member does not."),
        rows(
            [buttons.ReturnPlainly(of.waiver.id).labelled(_.plain("Send back without a word"))],
            [_back(_, of)],
        ),
    )


def only_words(_: Words) -> Message:
    return Message(_("Please write it as a text of a few words."))


def waiting(_: Words, cases: Sequence[Case], page: int) -> Message:
    if not cases:
        return Message(_("No request is waiting for you."))
    choices = [
        buttons.See(each.waiver.id).labelled(
            _.plain(
                "{name} · {month} · {amount}",
                name=each.name,
                month=period_name(_, each.obligation.period),
                amount=amount_name(_, each.obligation.amount),
            )
        )
        for each in cases
    ]
    return Message(
        _.plural(
            "{count} request to be let off is waiting for you.",
            "{count} requests to be let off are waiting for you.",
            len(cases),
        ),
        rows(*paged(_, choices, page, buttons.Waiting)),
    )


def _back(_: Words, of: Case) -> InlineKeyboardButton:
    return buttons.See(of.waiver.id).labelled(_.plain("‹ Back"))
