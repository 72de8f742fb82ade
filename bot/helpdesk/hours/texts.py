"""The wording of `/hours`."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk import texts as helpdesk_texts
from bot.helpdesk.calendar import DAY_MINUTES, Days, Hours, Pattern, clock
from bot.helpdesk.hours.buttons import Ask, Choose, Overview, Units, Weekdays, WriteHours
from bot.helpdesk.hours.service import Arrangement
from bot.helpdesk.terms import Term, Terms
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit

_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_USUAL_HOURS = ("08:30-17:30", "08:00-12:00,14:00-18:00", "00:00-24:00", "20:00-08:00")
_USUAL_MINUTES = (30, 60, 120, 240, 480, 960)
_USUAL_PERCENTS = (50, 75, 90)

_LABELS = {
    Term.DAYS: N_("Working days"),
    Term.HOURS: N_("Working hours"),
    Term.ANSWER: N_("Time to answer"),
    Term.WARN: N_("When to remind"),
    Term.CLIMB: N_("Time for the next"),
    Term.ACCOUNTS: N_("Private accounts"),
}

_QUESTIONS = {
    Term.DAYS: N_(
        "Which days are worked? Public holidays, and the days worked in their place, are as the State Council announces"
        " them. Those who work every day answer on public holidays too."
    ),
    Term.HOURS: N_("From when to when? Only this time counts, both for what is promised and for reminders."),
    Term.ANSWER: N_("Within how much working time does whoever is asked first answer?"),
    Term.WARN: N_("When is whoever has a question reminded that somebody waits for them?"),
    Term.CLIMB: N_(
        "When somebody does not get to a question, the next is asked. How much working time does each of them have?"
    ),
    Term.ACCOUNTS: N_(
        "May members tap the name over an answer to get to that person's own account? If not, they see the name only."
    ),
}


def choose_unit(_: Words, units: Sequence[Unit]) -> Message:
    return Message(_("Whose hours?"), rows(*[[Overview(unit.id).labelled(unit.name)] for unit in units]))


def overview(_: Words, known: Arrangement, now: int, zone: tzinfo, *, several: bool) -> Message:
    """`several`: the person sets the terms of other units too."""
    lines = [
        _("<b>{unit}</b>: when you work, how soon you answer", unit=known.unit.name),
        *(
            _(
                "{term}: {value}{source}",
                term=_(label),
                value=said(_, known.terms, term),
                source=_source(_, known, term),
            )
            for term, label in _LABELS.items()
        ),
        _("A question asked now would be answered by {when}.", when=_promise(_, known, now, zone)),
        *_unknown(_, known),
    ]
    labels = [Ask(known.unit.id, term).labelled(_.plain(label)) for term, label in _LABELS.items()]
    back = [Units().labelled(_.plain("‹ Other units"))] if several else []
    return Message(_lines(lines), rows(*_by(2, labels), back))


def for_members(_: Words, known: Arrangement, now: int, zone: tzinfo) -> Message:
    lines = [
        _(
            "Questions to {branch} are answered on: {days}, {hours}.",
            branch=known.unit.name,
            days=said_days(_, known.terms.days),
            hours=said_hours(_, known.terms.hours),
        ),
        _(
            "What you ask now will be answered by {when}. Just write or send a screenshot.",
            when=_promise(_, known, now, zone),
        ),
        *_unknown(_, known),
    ]
    return Message(_lines(lines))


def ask(_: Words, known: Arrangement, term: Term) -> Message:
    """What there is to choose; a check mark stands before what the unit has set itself."""
    unit_id, own = known.unit.id, getattr(known.own, term)
    chosen = None if own is None else _encoded(own)
    above = known.sources_above[term]
    inherited = said(_, known.from_above, term)
    fallback = (
        _("If you set nothing, it is as {unit} has it: {value}.", unit=above.name, value=inherited)
        if above is not None
        else _("If you set nothing, the usual holds: {value}.", value=inherited)
    )
    offered = [_choice(unit_id, term, value, label, chosen) for value, label in _offered(_, known, term)]
    more = []
    if term is Term.DAYS:
        picked = str(known.own.days) if known.own.days is not None and known.own.days.weekdays else ""
        label = _.plain("Pick weekdays …")
        more.append(Weekdays(unit_id, picked).labelled(f"✓ {label}" if picked else label))
    if term is Term.HOURS:
        more.append(WriteHours(unit_id).labelled(_.plain("Write other hours …")))
    last = [
        _choice(unit_id, term, "", _.plain("Set nothing"), "" if own is None else None),
        Overview(unit_id).labelled(_.plain("‹ Back")),
    ]
    lines = _by(1 if term is Term.HOURS else 2, offered)
    return Message(_lines([_(_QUESTIONS[term]), fallback]), rows(*lines, more, last))


def pick_weekdays(_: Words, unit_id: int, picked: frozenset[int]) -> Message:
    toggles = []
    for day, name in enumerate(_WEEKDAYS):
        label = _.plain(name)
        then = "".join(str(each + 1) for each in sorted(picked ^ {day}))
        toggles.append(Weekdays(unit_id, then).labelled(f"✓ {label}" if day in picked else label))
    done = []
    if picked:
        value = str(Days(Pattern.WEEKDAYS, picked))
        done.append(Choose(unit_id, Term.DAYS, value).labelled(_.plain("Set these")))
    back = Ask(unit_id, Term.DAYS).labelled(_.plain("‹ Back"))
    return Message(
        _("Tap the weekdays that are worked; public holidays are off. Then tap “Set these”."),
        rows(*_by(4, toggles), [*done, back]),
    )


def write_hours(_: Words, unit_id: int) -> Message:
    return Message(
        _(
            "Please write the hours like 8:30-12:00, 14:00-17:30; a night shift like 20:00-8:00, around the clock like"
            " 0:00-24:00."
        ),
        rows([Overview(unit_id).labelled(_.plain("‹ Back"))]),
    )


def noted(_: Words) -> str:
    return _.plain("Noted. What was promised stays; new questions follow this.")


def said(_: Words, terms: Terms, term: Term) -> Markup:
    match term:
        case Term.DAYS:
            return said_days(_, terms.days)
        case Term.HOURS:
            return said_hours(_, terms.hours)
        case Term.ANSWER:
            return _("within {duration} of work", duration=duration(_, terms.answer_minutes))
        case Term.WARN:
            waited = terms.answer_minutes * terms.warn_percent // 100
            return _("after {duration} without an answer", duration=duration(_, max(1, waited)))
        case Term.CLIMB:
            return _("{duration} each", duration=duration(_, terms.climb_minutes or terms.answer_minutes))
        case Term.ACCOUNTS:
            return _("shown") if terms.shows_accounts else _("not shown")


def said_days(_: Words, days: Days) -> Markup:
    match days.pattern:
        case Pattern.WORKING:
            return _("working days")
        case Pattern.DAILY:
            return _("every day")
        case Pattern.WEEKDAYS:
            return _("{weekdays}, not on public holidays", weekdays=_said_weekdays(_, days.weekdays))


def said_hours(_: Words, hours: Hours) -> Markup:
    if hours.are_all_day and len(hours.windows) == 1:
        return _("around the clock")
    said_windows = [
        _("{start} to {end} of the next day", start=clock(each.start), end=clock(each.end))
        if each.end > DAY_MINUTES
        else Markup("{}-{}").format(clock(each.start), clock(each.end))
        for each in hours.windows
    ]
    return _(", ").join(said_windows)


def duration(_: Words, minutes: int) -> Markup:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(_("{hours} h", hours=hours))
    if rest:
        parts.append(_("{minutes} min", minutes=rest))
    return Markup(" ").join(parts)


def _said_weekdays(_: Words, weekdays: frozenset[int]) -> Markup:
    """Three or more in a row as 'Mon to Fri'."""
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = []
    for run in runs:
        names = [_(_WEEKDAYS[day]) for day in run]
        named += [_("{first} to {last}", first=names[0], last=names[-1])] if len(run) > 2 else names
    return _(", ").join(named)


def _offered(_: Words, known: Arrangement, term: Term) -> Sequence[tuple[str, str]]:
    """Values as buttons carry them, with their labels."""
    match term:
        case Term.DAYS:
            common = [Days(Pattern.WORKING), Days(Pattern.DAILY)]
            return [(str(days), _plain(said_days(_, days))) for days in common]
        case Term.HOURS:
            usual = [Hours.parse(text) for text in _USUAL_HOURS]
            return [(_encoded(hours), _plain(said_hours(_, hours))) for hours in usual]
        case Term.ANSWER | Term.CLIMB:
            return [(str(minutes), _plain(duration(_, minutes))) for minutes in _USUAL_MINUTES]
        case Term.WARN:
            answer = known.terms.answer_minutes
            return [
                (
                    str(percent),
                    _.plain("after {duration}", duration=_plain(duration(_, answer * percent // 100))),
                )
                for percent in _USUAL_PERCENTS
            ]
        case Term.ACCOUNTS:
            return [("0", _.plain("Not shown")), ("1", _.plain("Shown"))]


def _encoded(value: Days | Hours | int | bool) -> str:
    """As a button carries it: without colons."""
    return str(int(value)) if isinstance(value, int) else str(value).replace(":", "")


def _choice(unit_id: int, term: Term, value: str, label: str, chosen: str | None) -> InlineKeyboardButton:
    return Choose(unit_id, term, value).labelled(f"✓ {label}" if value == chosen else label)


def _source(_: Words, known: Arrangement, term: Term) -> Markup:
    """Nothing for what the unit has set itself."""
    if getattr(known.own, term) is not None:
        return Markup()
    source = known.sources[term]
    return _(" (usual)") if source is None else _(" (as {unit})", unit=source.name)


def _promise(_: Words, known: Arrangement, now: int, zone: tzinfo) -> Markup:
    return helpdesk_texts.when(_, known.promise, now, zone)


def _unknown(_: Words, known: Arrangement) -> Sequence[Markup]:
    if known.unknown_year is None:
        return []
    if known.terms.days.pattern is Pattern.WORKING:
        text = _(
            "The days off of {year} are not known yet. Until they are, I count Monday to Friday, without New Year's Day,"
            " 1 and 2 May and 1 to 3 October.",
            year=known.unknown_year,
        )
    else:
        text = _(
            "The days off of {year} are not known yet. Until they are, New Year's Day, 1 and 2 May and 1 to 3 October are"
            " off.",
            year=known.unknown_year,
        )
    return [text]


def _by(size: int, buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[at : at + size]) for at in range(0, len(buttons), size)]


def _plain(text: Markup) -> str:
    return str(text.unescape())


def _lines(parts: Sequence[Markup]) -> Markup:
    return Markup("\n").join(parts)
