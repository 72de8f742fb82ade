"""The walk-through's wording and keyboards."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.faq.model import Phone, Stage
from bot.helpdesk.model import Fact
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.onboarding.buttons import (
    AskPhone,
    Back,
    Continue,
    Done,
    HandOver,
    HowToAsk,
    Later,
    NoneFits,
    NotNow,
    NotSolved,
    PickPhone,
    Restart,
    Resume,
    Show,
    Stuck,
    Try,
)
from bot.onboarding.guide import key_of
from bot.onboarding.service import Card, Position

_STAGES = {
    Stage.INSTALL: N_("Install"),
    Stage.LOGIN: N_("Log in"),
    Stage.USE: N_("Use"),
    Stage.PAY: N_("Pay dues"),
}
_PHONES = {
    Phone.ANDROID: N_("Android"),
    Phone.IPHONE: N_("iPhone"),
    Phone.HARMONY: N_("HarmonyOS"),
    Phone.HELPED: N_("Family helps me"),
    Phone.NONE: N_("No smartphone"),
}
_REACHED = {
    Stage.INSTALL: N_("✓ The app is installed. Next: logging in."),
    Stage.LOGIN: N_("✓ You are logged in. Next: a look around."),
    Stage.USE: N_("✓ You know your way around. Last: paying dues."),
    Stage.PAY: N_("✓ Paying dues works."),
}


def stage_name(_: Words, stage: Stage) -> str:
    return _.plain(_STAGES[stage])


def phone_name(_: Words, phone: Phone) -> str:
    return _.plain(_PHONES[phone])


def ask_phone(_: Words) -> Message:
    choices = [PickPhone(phone).labelled(phone_name(_, phone)) for phone in Phone]
    return Message(
        _("Which phone do you use? I show you the steps that fit it."),
        rows(choices[:3], choices[3:]),
    )


def card(_: Words, position: Position, body: Markup) -> Message:
    """The card the member stands at, under a short word on a stage just completed. `body` is its text as HTML."""
    shown = position.card
    has_app = shown.phone is not Phone.NONE
    lines = [_(_REACHED[stage]) for stage in position.just_reached if has_app]
    lines.append(
        _(
            "Step {number} of {of} · {stage} · <b>{title}</b>",
            number=shown.number,
            of=shown.of,
            stage=stage_name(_, shown.step.stage),
            title=shown.step.title,
        )
    )
    key = key_of(shown.step.id)
    back = [] if shown.is_first else [Back(key).labelled(_.plain("‹ Previous step"))]
    keyboard = rows(
        [Done(key).labelled(_.plain("✓ Done"))],
        [*back, Stuck(key).labelled(_.plain("I'm stuck"))],
    )
    return Message(Markup("\n\n").join([*lines, body]), keyboard)


def finished(_: Words, phone: Phone, extra: Sequence[InlineKeyboardButton]) -> Message:
    if phone is Phone.NONE:
        text = _(
            "That is settled: somebody helps you, your secretary knows, and your dues get paid. Whenever something"
            " changes, just write to me."
        )
    else:
        text = _(
            "All four are done: installed, logged in, looked around, paid. Thank you for walking through it step by"
            " step.\nFrom now on it is a few minutes a month. Whenever something does not work, just write to me."
        )
    return Message(text, rows([HowToAsk().labelled(_.plain("Ask a question"))], list(extra)))


def home(
    _: Words, name: str, position: Position | None, waiting: int, extra: Sequence[InlineKeyboardButton]
) -> Message:
    """What a bound person sees first. `waiting`: questions for them as staff; `extra`: buttons of other rooms."""
    lines = [_("Hello {name}.", name=name)]
    buttons: list[list[InlineKeyboardButton]] = []
    if position is None:
        lines.append(
            _(
                "We get you through the app step by step: install, log in, look around, pay dues. One card at a time."
            )
        )
        buttons.append([AskPhone().labelled(_.plain("Begin"))])
    elif position.is_finished:
        lines.append(_("You have all four behind you: install, log in, use, pay."))
        buttons.append([Restart().labelled(_.plain("Walk through it once more"))])
    else:
        lines.append(_standing(_, position.card))
        buttons.append([_continue(_, position.card)])
        buttons.append([Restart().labelled(_.plain("From the beginning"))])
    if waiting:
        lines.append(
            _.plural(
                "{count} question waits for your answer: /tickets",
                "{count} questions wait for your answer: /tickets",
                waiting,
            )
        )
    change = [] if position is None else [AskPhone().labelled(_.plain("Other phone"))]
    buttons.append([HowToAsk().labelled(_.plain("Ask a question")), *change])
    return Message(Markup("\n").join(lines), rows(*buttons, *([each] for each in extra)))


def how_to_ask(_: Words) -> Message:
    return Message(
        _(
            "Just write what does not work, as you would say it, or send a screenshot. If I have no answer, I pass it to"
            " your branch secretary."
        )
    )


def stuck(_: Words, shown: Card, offers: Sequence[tuple[str, str]]) -> Message:
    """`offers`: ids and titles of the entries tied to the step."""
    key = key_of(shown.step.id)
    return Message(
        _("Stuck at “{title}”. Is it one of these?", title=shown.step.title),
        rows(
            *([Try(key, key_of(entry_id)).labelled(title)] for entry_id, title in offers),
            [
                NoneFits(key).labelled(_.plain("None of these")),
                Show(key).labelled(_.plain("‹ Back to the step")),
            ],
        ),
    )


def under_entry(_: Words, step_key: int) -> InlineKeyboardMarkup:
    """Under an entry read by somebody who is stuck at a step: where it does not help, the question keeps what is known
    of it.
    """
    return rows(
        [Show(step_key).labelled(_.plain("That helped, go on"))],
        [NotSolved(step_key).labelled(_.plain("👎 Not solved"))],
    )


def describe(_: Words, shown: Card) -> Message:
    key = key_of(shown.step.id)
    return Message(
        _(
            "Please write a word about where it stops, or send a screenshot; it goes straight to your secretary."
        ),
        rows(
            [HandOver(key).labelled(_.plain("Just pass it to the secretary"))],
            [NotNow(key).labelled(_.plain("Not needed"))],
        ),
    )


def back_to_step(_: Words, shown: Card) -> InlineKeyboardMarkup:
    """Under the word that the question is with somebody."""
    return rows([Resume(key_of(shown.step.id)).labelled(_.plain("‹ Back to the step"))])


def silent_question(staff: Words, shown: Card) -> str:
    """The question of somebody who passed it on without a word, as the staff read it."""
    return staff.plain("I'm stuck at “{title}”.", title=shown.step.title)


def facts(staff: Words, shown: Card, tried: Sequence[str]) -> tuple[Fact, ...]:
    """What the ticket carries; `tried` are the titles of the entries the member was shown."""
    told: list[Fact] = [
        (staff.plain("stage"), stage_name(staff, shown.step.stage)),
        (staff.plain("stuck at"), shown.step.title),
        ("", phone_name(staff, shown.phone)),
    ]
    if tried:
        told.append((staff.plain("has read"), staff.plain(", ").join(tried)))
    return tuple(told)


def stalled(_: Words, shown: Card) -> Message:
    """The one question to somebody who has stood still for some days."""
    return Message(
        Markup("\n").join([_standing(_, shown), _("Shall we go on? It is one small card at a time.")]),
        rows(
            [_continue(_, shown)],
            [
                Stuck(key_of(shown.step.id)).labelled(_.plain("I'm stuck")),
                Later().labelled(_.plain("Some other time")),
            ],
        ),
    )


def later(_: Words) -> Message:
    return Message(_("All right. I remember where you are; send /guide whenever you like."))


def kept(_: Words, position: Position, reached: Sequence[Stage]) -> Sequence[str]:
    """Lines for what is kept about a person."""
    lines = [_standing(_, position.card)]
    lines.append(_("Phone type: {phone}", phone=phone_name(_, position.card.phone)))
    if reached:
        names = [stage_name(_, stage) for stage in Stage if stage in reached]
        lines.append(_("Stages done: {stages}", stages=_(", ").join(names)))
    return lines


def _standing(_: Words, shown: Card) -> Markup:
    return _(
        "You are here: {stage} · step {number} of {of} · {title}",
        number=shown.number,
        of=shown.of,
        stage=stage_name(_, shown.step.stage),
        title=shown.step.title,
    )


def _continue(_: Words, shown: Card) -> InlineKeyboardButton:
    return Continue().labelled(
        _.plain("Go on: {stage} · step {number}", stage=stage_name(_, shown.step.stage), number=shown.number)
    )
