"""Joining put into words."""

from collections.abc import Sequence
from datetime import tzinfo

from telegram import InlineKeyboardButton, KeyboardButton, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.kit.clock import to_local
from bot.kit.i18n import LANGUAGES, Words
from bot.kit.messages import Message, rows
from bot.roster import buttons as own
from bot.roster.joining import buttons
from bot.roster.joining.service import Pending, StillWaiting
from bot.roster.joining.store import Kind, State
from bot.roster.keyboards import paged
from bot.roster.model import Member, Unit, UnitKind
from bot.roster.service import Standing
from bot.roster.texts import LANGUAGE_NAMES, staff_line


def welcome(_: Words, invited_to: Unit | None) -> Message:
    if invited_to is None:
        hello = _(
            "Hello, I am your branch helper. Trouble with the app, logging in or dues? I am here to help."
        )
    else:
        hello = _("Hello, I am the branch helper of {branch}.", branch=invited_to.name)
    first = _(
        "First let me find out who you are: tap “Share my phone number” below, and I look for you on the roster."
        " The number is only used for checking and shown to nobody else."
    )
    return Message(hello + "\n\n" + first, _share_phone(_))


def other_ways(_: Words) -> Message:
    languages = [own.Language(code).labelled(LANGUAGE_NAMES[code]) for code in LANGUAGES]
    return Message(
        _("Would you rather not share it? These ways work too:"),
        rows(
            [buttons.HaveCode().labelled(_.plain("I have a code from my secretary"))],
            [_ask_secretary(_)],
            languages,
        ),
    )


def not_your_own_contact(_: Words) -> Message:
    return Message(
        _(
            "That contact is somebody else's, or it was forwarded. Please tap “Share my phone number” below to send your own."
        ),
        _share_phone(_),
    )


def typed_phone(_: Words) -> Message:
    return Message(
        _(
            "A typed number could be anybody's, so I may not go by it. Please tap “Share my phone number” below:"
            " then Telegram vouches that it is yours."
        ),
        _share_phone(_),
    )


def recognised(_: Words, found: Standing) -> Message:
    text = _("Found you: {name}, {branch}.", name=found.member.name, branch=found.units[0].name)
    return Message(text + "\n" + staff_line(_, found), ReplyKeyboardRemove())


def no_match(_: Words) -> Message:
    return Message(_("This number is not on the roster yet. That is no problem."), ReplyKeyboardRemove())


def offer_request(_: Words, invited_to: Unit | None) -> Message:
    lines = []
    if invited_to is not None and invited_to.kind is UnitKind.BRANCH:
        label = _.plain("I belong to {branch}", branch=invited_to.name)
        lines.append([buttons.PickUnit(invited_to.id, 0).labelled(label)])
        lines.append([buttons.PickUnit(None, 0).labelled(_.plain("Another branch"))])
    else:
        lines.append([_ask_secretary(_)])
    return Message(
        _("Your branch secretary can confirm who you are, or hand you a code."),
        rows(*lines, [buttons.HaveCode().labelled(_.plain("I have a code from my secretary"))]),
    )


def ask_code(_: Words) -> Message:
    return Message(_("Please type the eight digits your secretary gave you."), rows([_cancel(_)]))


def no_code(_: Words) -> Message:
    return Message(
        _("A code has exactly eight digits, for example 1234 5678. Please type it once more."),
        rows([_cancel(_)]),
    )


def wrong_code(_: Words, tries_left: int) -> Message:
    if tries_left == 0:
        text = _(
            "This code does not fit or has ended. Please ask your secretary for a new one and try in an hour."
        )
    else:
        text = _.plural(
            "This code does not fit or has ended. You can try {count} more time.",
            "This code does not fit or has ended. You can try {count} more times.",
            tries_left,
        )
    return Message(text, rows([_ask_secretary(_)], [_cancel(_)]))


def too_many_tries(_: Words, again_at: int, zone: tzinfo) -> Message:
    time = f"{to_local(again_at, zone):%H:%M}"
    return Message(
        _("That was several tries in a short time. You can try again after {time}.", time=time),
        rows([_ask_secretary(_)]),
    )


def pick_unit(_: Words, parent: Unit | None, choices: Sequence[Unit], page: int) -> Message:
    """Choices below a unit; of None, the top."""
    if not choices:
        return Message(
            _("There is no branch here yet. Please ask your secretary for a code."), rows([_cancel(_)])
        )
    parent_id = None if parent is None else parent.id
    lines = paged(
        _,
        [buttons.PickUnit(unit.id, 0).labelled(unit.name) for unit in choices],
        page,
        lambda to: buttons.PickUnit(parent_id, to),
    )
    if parent is None:
        text = _("Which one do you belong to?")
    else:
        text = _("{unit}: which one do you belong to?", unit=parent.name)
    return Message(text, rows(*lines, [_cancel(_)]))


def ask_name(_: Words, branch: Unit) -> Message:
    return Message(
        _("{branch}, noted. What is your name, as it stands on the roster?", branch=branch.name),
        rows([_cancel(_)]),
    )


def no_name(_: Words) -> Message:
    return Message(_("Please type just your name, for example Wang Xiaoming."), rows([_cancel(_)]))


def asked(_: Words, unit: Unit, kind: Kind, *, anybody: bool) -> Message:
    if not anybody:
        text = _(
            "Your request is kept, but nobody of {unit} uses this bot yet. Please phone your secretary:"
            " as soon as they have started it, they can confirm you.",
            unit=unit.name,
        )
    elif kind is Kind.MOVE:
        text = _(
            "This member is already connected to another Telegram account. I have asked the staff of {unit}"
            " whether to move it to this one. I write to you as soon as they have answered.",
            unit=unit.name,
        )
    else:
        text = _(
            "I have asked the staff of {unit} to confirm you. I write to you as soon as they have answered.",
            unit=unit.name,
        )
    return Message(text, ReplyKeyboardRemove())


def still_waiting(_: Words, found: StillWaiting) -> Message:
    return Message(
        _(
            "Your request is with the staff of {unit}. I write to you as soon as they have answered.",
            unit=found.unit.name,
        ),
        rows(
            [buttons.Withdraw().labelled(_.plain("Take the request back"))],
            [buttons.HaveCode().labelled(_.plain("I have a code from my secretary"))],
        ),
    )


def withdrawn(_: Words) -> Message:
    return Message(_("The request is taken back. Whenever you like, begin again."), rows([_begin(_)]))


def cancelled(_: Words) -> Message:
    return Message(_("All right, we leave that."), rows([_begin(_)]))


def approved(_: Words, member: Member, unit: Unit, decider: str) -> Message:
    return Message(
        _("{decider} has confirmed you: {name}, {unit}.", decider=decider, name=member.name, unit=unit.name),
        rows([_begin(_)]),
    )


def moved_away(_: Words, member: Member, decider: str) -> Message:
    return Message(
        _(
            "{decider} has moved {name} to another Telegram account, so this one is no longer connected."
            " If that was not you, please phone {decider}.",
            decider=decider,
            name=member.name,
        )
    )


def refused(_: Words, case: Pending, state: State) -> Message:
    if state is State.NOT_ON_ROSTER:
        text = _(
            "The staff of {unit} does not find you on the roster yet and has been told how to add you."
            " Send /start again in a day or two.",
            unit=case.unit.name,
        )
    elif case.request.kind is Kind.MOVE:
        text = _(
            "The staff of {unit} did not move the account. Please phone them if this is a mistake.",
            unit=case.unit.name,
        )
    else:
        text = _(
            "The staff of {unit} could not confirm you. Perhaps it was another branch, or the name was spelt"
            " differently: you can ask once more.",
            unit=case.unit.name,
        )
    return Message(text, rows([_begin(_)]))


def _share_phone(_: Words) -> ReplyKeyboardMarkup:
    button = KeyboardButton(_.plain("Share my phone number"), request_contact=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


def _ask_secretary(_: Words) -> InlineKeyboardButton:
    return buttons.PickUnit(None, 0).labelled(_.plain("Ask the secretary to confirm me"))


def _cancel(_: Words) -> InlineKeyboardButton:
    return buttons.Cancel().labelled(_.plain("Cancel"))


def _begin(_: Words) -> InlineKeyboardButton:
    return buttons.Begin().labelled(_.plain("Begin"))
