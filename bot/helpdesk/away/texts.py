"""Absences put into words."""

from collections.abc import Sequence
from datetime import date, tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.helpdesk.absences import Absence
from bot.helpdesk.away import buttons, rules
from bot.helpdesk.away.rules import Days
from bot.helpdesk.model import Holder
from bot.helpdesk.texts import addressed
from bot.helpdesk.writing import Stop
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged

_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def overview(
    _: Words,
    whom: Holder,
    arranged: Sequence[tuple[Absence, Holder | None]],
    zone: tzinfo,
    now: int,
    *,
    own: bool,
    has_others: bool,
) -> Message:
    """What is arranged for this person. `own`: it is the reader themselves."""
    lines, keyboard = [], []
    for absence, substitute in arranged:
        days = Days(to_local(absence.from_at, zone).date(), absence.last_day)
        lines.append(_arranged(_, days, substitute))
        begun = absence.from_at <= now
        label = (N_("I am back") if own else N_("They are back")) if begun else N_("Call it off")
        text = _.plain(label)
        if len(arranged) > 1:
            text = f"{text} · {day(_, days.since)}"
        keyboard.append([buttons.Back(absence.id).labelled(text)])
    today = buttons.written(to_local(now, zone).date())
    keyboard.append([buttons.When(whom.member_id, today).labelled(_.plain("Arrange other days"))])
    keyboard.append(_ways_out(_, has_others=own and has_others))
    title = _("You are away:") if own else _("{whom} is away:", whom=addressed(_, whom))
    return Message(_lines([title, *lines]), rows(*keyboard))


def last_day(_: Words, whom: Holder, since: date, today: date, *, own: bool, has_others: bool) -> Message:
    """Asks for the last day; it can be typed, too."""
    offered = [
        buttons.Until(whom.member_id, buttons.written(since), buttons.written(until), 0).labelled(
            _named_day(_, until, today)
        )
        for until in rules.offered(since)
    ]
    if since <= today:
        ask = (
            _("Until which day are you away? That day counts, too.")
            if own
            else _("Until which day is {whom} away? That day counts, too.", whom=addressed(_, whom))
        )
        other = _.plain("Not from today on")
    else:
        first = day(_, since)
        ask = (
            _("You are away from {day} on. Until which day? That day counts, too.", day=first)
            if own
            else _(
                "{whom} is away from {day} on. Until which day? That day counts, too.",
                whom=addressed(_, whom),
                day=first,
            )
        )
        other = _.plain("Another first day")
    typed = _("Meanwhile a colleague answers. You can also write the days, for example: 11-20 to 11-25.")
    return Message(
        _lines([ask, typed]),
        rows(
            *_pairs(offered),
            [buttons.Since(whom.member_id).labelled(other)],
            _ways_out(_, has_others=own and has_others),
        ),
    )


def first_day(_: Words, whom: Holder, today: date) -> Message:
    offered = [
        buttons.When(whom.member_id, buttons.written(since)).labelled(_named_day(_, since, today))
        for since in rules.first_days(today)
    ]
    return Message(
        _("From which day on?"),
        rows(*_pairs(offered), [buttons.Of(whom.member_id).labelled(_.plain("‹ Back"))]),
    )


def unreadable(_: Words) -> Message:
    """What was typed is no day."""
    return Message(
        _("I could not read a day there. Please write it like this: 11-25, or 11-20 to 11-25."),
        rows([Stop().labelled(_.plain("Never mind"))]),
    )


def substitute(
    _: Words, whom: Holder, days: Days, candidates: Sequence[tuple[Holder, bool]], page: int, *, own: bool
) -> Message:
    """Asks who answers meanwhile; of each candidate, whether they are away in these days, too."""
    since, until = buttons.written(days.since), buttons.written(days.until)
    choices = [
        buttons.With(whom.member_id, since, until, each.member_id).labelled(
            _.plain("{name} (away, too)", name=each.name) if is_away else f"{each.name} · {each.unit}"
        )
        for each, is_away in candidates
    ]
    lines = paged(_, choices, page, lambda to: buttons.Until(whom.member_id, since, until, to))
    ask = (
        _("{days}. Who answers in your place?", days=span(_, days))
        if own
        else _("{days}. Who answers in {whom}'s place?", days=span(_, days), whom=addressed(_, whom))
    )
    return Message(
        ask,
        rows(
            *lines,
            [
                buttons.With(whom.member_id, since, until, None).labelled(
                    _.plain("Nobody in particular, ask the next in line")
                )
            ],
            [buttons.When(whom.member_id, since).labelled(_.plain("‹ Back"))],
        ),
    )


def preview(
    _: Words,
    whom: Holder,
    days: Days,
    substitute: Holder | None,
    then: Holder | None,
    *,
    substitute_is_away: bool,
    waiting: int,
    at_once: bool,
    replaces: bool,
    own: bool,
) -> Message:
    """What will be, to be confirmed. `at_once`: it begins now; `replaces`: other days had been arranged."""
    answers = _answers(_, substitute)
    lines = [
        _("{days} you are away; {answers}.", days=span(_, days), answers=answers)
        if own
        else _(
            "{days} {whom} is away; {answers}.", days=span(_, days), whom=addressed(_, whom), answers=answers
        )
    ]
    if substitute is not None and substitute_is_away:
        lines.append(
            _("{whom} is away for a part of that, too; then the next in line answers.", whom=substitute.name)
            if then is None
            else _(
                "{whom} is away for a part of that, too; then {other} answers.",
                whom=substitute.name,
                other=addressed(_, then),
            )
        )
    if waiting and at_once:
        lines.append(
            _.plural(
                "{count} question that waits goes on at once.",
                "{count} questions that wait go on at once.",
                waiting,
            )
        )
    elif waiting:
        lines.append(
            _.plural(
                "{count} question waits now; if it is open then, it goes on.",
                "{count} questions wait now; what is open then goes on.",
                waiting,
            )
        )
    lines.append(_("What nobody has answered by the end comes back."))
    if replaces:
        lines.append(_("This takes the place of what was arranged before."))
    since, until = buttons.written(days.since), buttons.written(days.until)
    substitute_id = None if substitute is None else substitute.member_id
    return Message(
        _lines(lines),
        rows(
            [
                buttons.Confirm(whom.member_id, since, until, substitute_id).labelled(_.plain("Do so")),
                buttons.Until(whom.member_id, since, until, 0).labelled(_.plain("‹ Back")),
            ]
        ),
    )


def done(_: Words, whom: Holder, days: Days, substitute: Holder | None, *, own: bool) -> Message:
    if own:
        return Message(
            _(
                "Arranged: {days} {answers}. Back earlier? Send /away.",
                days=span(_, days),
                answers=_answers(_, substitute),
            )
        )
    return Message(
        _(
            "Arranged: {days} {answers} in {whom}'s place. I have told them.",
            days=span(_, days),
            answers=_answers(_, substitute),
            whom=addressed(_, whom),
        )
    )


def for_whom(_: Words, others: Sequence[Holder], page: int) -> Message:
    """For somebody who arranges it for colleagues."""
    choices = [buttons.Of(each.member_id).labelled(f"{each.name} · {each.unit}") for each in others]
    return Message(
        _("Who is away?"),
        rows(*paged(_, choices, page, buttons.Others), [Stop().labelled(_.plain("Never mind"))]),
    )


def back(_: Words, whom: Holder, returned: int, *, own: bool) -> Message:
    """After it was ended, told to whoever did so."""
    if not own:
        return Message(_("Ended: questions go to {whom} again.", whom=addressed(_, whom)))
    return welcome_back(_, returned)


def welcome_back(_: Words, returned: int) -> Message:
    lines = [_("Welcome back. Questions come to you again.")]
    if returned:
        lines.append(
            _.plural(
                "{count} that nobody has answered yet is yours again.",
                "{count} that nobody has answered yet are yours again.",
                returned,
            )
        )
    return Message(_lines(lines))


def arranged_for_you(
    _: Words, absence: Absence, days: Days, arranger: Holder, substitute: Holder | None
) -> Message:
    """Told to the one who is away."""
    text = _(
        "{arranger} has noted that you are away {days}; {answers}. Back earlier? One tap is enough.",
        arranger=addressed(_, arranger),
        days=span(_, days),
        answers=_answers(_, substitute),
    )
    return Message(text, rows([buttons.Back(absence.id).labelled(_.plain("I am here"))]))


def away_from_now(_: Words, absence: Absence, days: Days, substitute: Holder | None) -> Message:
    """Told to the one who is away, when it begins."""
    text = _(
        "From now on until {day} {answers}. Back earlier? One tap is enough.",
        day=day(_, days.until),
        answers=_answers(_, substitute),
    )
    return Message(text, rows([buttons.Back(absence.id).labelled(_.plain("I am back"))]))


def please_stand_in(_: Words, absence: Absence, days: Days, whom: Holder) -> Message:
    """Told to the substitute when it is arranged."""
    text = _(
        "{whom} is away {days} and asks you to answer meanwhile. Questions come to you here by themselves.",
        whom=addressed(_, whom),
        days=span(_, days),
    )
    return Message(text, rows([buttons.Decline(absence.id).labelled(_.plain("I cannot do it"))]))


def stand_in_from_now(_: Words, absence: Absence, days: Days, whom: Holder) -> Message:
    """Told to the substitute when it begins."""
    text = _(
        "From now on until {day} you answer for {whom}. Thank you.",
        day=day(_, days.until),
        whom=addressed(_, whom),
    )
    return Message(text, rows([buttons.Decline(absence.id).labelled(_.plain("I cannot do it"))]))


def no_longer_needed(_: Words, whom: Holder, *, begun: bool) -> Message:
    """Told to the substitute. `begun`: they have been standing in."""
    if begun:
        return Message(_("{whom} is back. Thank you for standing in.", whom=addressed(_, whom)))
    return Message(_("You need not stand in for {whom} after all.", whom=addressed(_, whom)))


def declined(_: Words, days: Days, whom: Holder, substitute: Holder) -> Message:
    """Told to the one who is away."""
    text = _(
        "{substitute} cannot stand in for you {days}. The next in line answers, unless you choose somebody else.",
        substitute=addressed(_, substitute),
        days=span(_, days),
    )
    return Message(text, _another(_, whom, days))


def substitute_changed(_: Words, days: Days, whom: Holder, successor: Holder | None) -> Message:
    """Told to the one who is away: their substitute has handed their post over, to `successor` if that one can do it."""
    answers = _answers(_, successor)
    return Message(
        _("Your substitute has another post now: {days} {answers}.", days=span(_, days), answers=answers),
        _another(_, whom, days),
    )


def you_declined(_: Words, whom: Holder) -> Message:
    return Message(_("All right. I have told {whom}, and pass on what waits.", whom=addressed(_, whom)))


def noted(_: Words, last_days: Sequence[date]) -> str:
    """For /mydata."""
    return _("Noted as away until: {days}", days=_.plain(", ").join(day(_, each) for each in last_days))


def day(_: Words, named: date) -> str:
    return _.plain("{month}/{day}", month=named.month, day=named.day)


def span(_: Words, days: Days) -> Markup:
    """From the first day to the last."""
    if days.since == days.until:
        return _("on {day}", day=day(_, days.since))
    return _("from {first} to {last}", first=day(_, days.since), last=day(_, days.until))


def _named_day(_: Words, named: date, today: date) -> str:
    distance = (named - today).days
    if distance == 0:
        return _.plain("Today")
    if distance == 1:
        return _.plain("Tomorrow")
    return _.plain("{weekday} {day}", weekday=_.plain(_WEEKDAYS[named.weekday()]), day=day(_, named))


def _arranged(_: Words, days: Days, substitute: Holder | None) -> Markup:
    return _("{days}; {answers}.", days=span(_, days), answers=_answers(_, substitute))


def _answers(_: Words, substitute: Holder | None) -> Markup:
    if substitute is None:
        return _("the next in line answers")
    return _("{whom} answers", whom=addressed(_, substitute))


def _pairs(labelled: Sequence[InlineKeyboardButton]) -> Sequence[list[InlineKeyboardButton]]:
    return [list(labelled[at : at + 2]) for at in range(0, len(labelled), 2)]


def _lines(parts: Sequence[Markup]) -> Markup:
    return Markup("\n").join(parts)


def _another(_: Words, whom: Holder, days: Days) -> InlineKeyboardMarkup:
    button = buttons.Until(whom.member_id, buttons.written(days.since), buttons.written(days.until), 0)
    return rows([button.labelled(_.plain("Choose somebody else"))])


def _ways_out(_: Words, *, has_others: bool) -> list[InlineKeyboardButton]:
    leave = Stop().labelled(_.plain("Never mind"))
    if not has_others:
        return [leave]
    return [buttons.Others(0).labelled(_.plain("For a colleague")), leave]
