"""The wording of a unit's reminder times."""

from collections.abc import Sequence
from datetime import time, tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.buttons import OfBranch
from bot.dues.plans import MOST_DAYS, Day, Plan, Sort, Term
from bot.dues.points.buttons import AddDay, Adding, Ask, Choose, Overview, Toggle, Units, Weekdays
from bot.dues.points.service import Arrangement
from bot.dues.texts import day_name
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit, UnitKind

_NUMBERS = {
    1: N_("the first {weekday}"),
    2: N_("the second {weekday}"),
    3: N_("the third {weekday}"),
    4: N_("the fourth {weekday}"),
    -1: N_("the last {weekday}"),
}
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_ANY = {
    1: N_("First …"),
    2: N_("Second …"),
    3: N_("Third …"),
    4: N_("Fourth …"),
    -1: N_("Last …"),
}
_LABELS = {
    Term.DAYS: N_("Days"),
    Term.AT: N_("Hour"),
    Term.WORKING_DAYS: N_("On days off"),
}
_QUESTIONS = {
    Term.DAYS: N_("On which days of the month do I remind? At most {most}. Tap a day to take it away."),
    Term.AT: N_("At what hour? The hours in which nobody is to be disturbed are not offered."),
    Term.WORKING_DAYS: N_(
        "And if the day is a weekend or a public holiday? Moved means: to the next working day of that month, or if none"
        " is left, to the last one before."
    ),
}
_ADDING = {
    Adding.NUMBER: N_("Day of the month …"),
    Adding.BEFORE_END: N_("Before the month's end …"),
    Adding.WEEKDAY: N_("A weekday …"),
}
_WHICH = {
    Adding.NUMBER: N_("Which day of the month? Where a month is shorter, its last day counts."),
    Adding.BEFORE_END: N_("How many days before the month's last day?"),
    Adding.WEEKDAY: N_("Which one of the month?"),
}
_BEFORE_END = range(11)


def choose_unit(_: Words, units: Sequence[Unit]) -> Message:
    return Message(
        _("Whose reminder times?"), rows(*[[Overview(unit.id).labelled(unit.name)] for unit in units])
    )


def overview(_: Words, known: Arrangement, zone: tzinfo, *, several: bool) -> Message:
    """`several`: the person sets the times of other units too."""
    coming = [
        _("{date} {time}", date=day_name(_, point.at, zone), time=f"{to_local(point.at, zone):%H:%M}")
        for point in known.coming
    ]
    lines = [
        _("<b>{unit}</b>: when I remind of the dues", unit=known.unit.name),
        *(
            _(
                "{term}: {value}{source}",
                term=_(label),
                value=_said(_, known.plan, term),
                source=_source(_, known, term),
            )
            for term, label in _LABELS.items()
        ),
        _("Next: {points}.", points=_(", ").join(coming)),
    ]
    asks = [Ask(known.unit.id, term).labelled(_.plain(label)) for term, label in _LABELS.items()]
    back = []
    if several:
        back.append(Units().labelled(_.plain("‹ Other units")))
    if known.unit.kind is UnitKind.BRANCH:
        back.append(OfBranch(known.unit.id).labelled(_.plain("‹ To the figures")))
    return Message(Markup("\n").join(lines), rows(asks, back))


def ask(_: Words, known: Arrangement, term: Term) -> Message:
    """What there is to choose; a check mark stands before what the unit has set itself."""
    above = known.sources_above[term]
    from_above = _said(_, known.from_above, term)
    fallback = (
        _("If you set nothing, it is as {unit} has it: {value}.", unit=above.name, value=from_above)
        if above is not None
        else _("If you set nothing, the usual holds: {value}.", value=from_above)
    )
    unset = _marked(_.plain("Set nothing"), is_chosen=getattr(known.own, term) is None)
    last = [
        Choose(known.unit.id, term, "").labelled(unset),
        Overview(known.unit.id).labelled(_.plain("‹ Back")),
    ]
    question = _(_QUESTIONS[term], most=MOST_DAYS)
    return Message(Markup("\n").join([question, fallback]), rows(*_offered(_, known, term), last))


def add_day(_: Words, known: Arrangement, adding: Adding) -> Message:
    unit_id = known.unit.id
    return Message(_(_WHICH[adding]), rows(*_days_to_add(_, unit_id, adding), [_to_days(_, unit_id)]))


def _days_to_add(_: Words, unit_id: int, adding: Adding) -> list[list[InlineKeyboardButton]]:
    match adding:
        case Adding.NUMBER:
            numbers = [Day(Sort.NUMBER, number) for number in range(1, 32)]
            return _by(7, [Toggle(unit_id, str(day), True).labelled(str(day)) for day in numbers])
        case Adding.BEFORE_END:
            return _by(3, [_adding(_, unit_id, Day(Sort.BEFORE_END, number)) for number in _BEFORE_END])
        case Adding.WEEKDAY:
            return _by(
                3, [Weekdays(unit_id, number).labelled(_.plain(label)) for number, label in _ANY.items()]
            )


def weekdays(_: Words, known: Arrangement, number: int) -> Message:
    try:
        days = [Day(Sort.WEEKDAY, number, weekday) for weekday in range(7)]
    except ValueError:
        return ask(_, known, Term.DAYS)
    lines = _by(2, [_adding(_, known.unit.id, day) for day in days])
    return Message(_("Which weekday?"), rows(*lines, [_to_days(_, known.unit.id)]))


def noted(_: Words) -> str:
    return _.plain("Noted. It holds from the next round.")


def said_day(_: Words, day: Day) -> str:
    match day.sort:
        case Sort.NUMBER:
            return _.plain("day {number}", number=day.number)
        case Sort.BEFORE_END if day.number == 0:
            return _.plain("the last day")
        case Sort.BEFORE_END:
            return _.plain("{number} days before the end", number=day.number)
        case Sort.WEEKDAY:
            return _.plain(_NUMBERS[day.number], weekday=_.plain(_WEEKDAYS[day.weekday]))


def _said(_: Words, plan: Plan, term: Term) -> Markup:
    match term:
        case Term.DAYS:
            return _(", ").join(said_day(_, day) for day in plan.days)
        case Term.AT:
            return Markup.escape(f"{plan.at:%H:%M}")
        case Term.WORKING_DAYS:
            return _("moved to a working day") if plan.working_days else _("as on other days")


def _source(_: Words, known: Arrangement, term: Term) -> Markup:
    """Nothing for what the unit has set itself."""
    if getattr(known.own, term) is not None:
        return Markup()
    source = known.sources[term]
    return _(" (usual)") if source is None else _(" (as {unit})", unit=source.name)


def _offered(_: Words, known: Arrangement, term: Term) -> list[list[InlineKeyboardButton]]:
    unit_id, own = known.unit.id, known.own
    match term:
        case Term.DAYS:
            taken = [
                Toggle(unit_id, str(day), is_set=False).labelled(f"✕ {said_day(_, day)}")
                for day in known.plan.days
            ]
            more = [AddDay(unit_id, adding).labelled(_.plain(label)) for adding, label in _ADDING.items()]
            return [*_by(2, taken), *([] if len(taken) >= MOST_DAYS else _by(2, more))]
        case Term.AT:
            return _by(4, [_hour(unit_id, at, own.at) for at in known.times])
        case Term.WORKING_DAYS:
            labels = {False: _.plain("As on other days"), True: _.plain("Move to a working day")}
            return [
                [
                    Choose(unit_id, term, str(int(value))).labelled(
                        _marked(label, is_chosen=own.working_days is value)
                    )
                    for value, label in labels.items()
                ]
            ]


def _hour(unit_id: int, at: time, own: time | None) -> InlineKeyboardButton:
    return Choose(unit_id, Term.AT, f"{at:%H%M}").labelled(_marked(f"{at:%H:%M}", is_chosen=at == own))


def _adding(_: Words, unit_id: int, day: Day) -> InlineKeyboardButton:
    return Toggle(unit_id, str(day), is_set=True).labelled(said_day(_, day))


def _to_days(_: Words, unit_id: int) -> InlineKeyboardButton:
    return Ask(unit_id, Term.DAYS).labelled(_.plain("‹ Back"))


def _marked(label: str, *, is_chosen: bool) -> str:
    return f"✓ {label}" if is_chosen else label


def _by(size: int, buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[at : at + size]) for at in range(0, len(buttons), size)]
