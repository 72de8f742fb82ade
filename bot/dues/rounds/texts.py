"""The wording of a branch's round of reminders."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues import texts
from bot.dues.buttons import Listed
from bot.dues.model import Outcome, Point, State, Unreached
from bot.dues.rounds.buttons import Ahead as AheadButton
from bot.dues.rounds.buttons import Cancel, Phoned, Report, Restore, Reword, ToPhone, UsualWords, Who
from bot.dues.rounds.service import Ahead, Missed, Reported
from bot.dues.rules import WORDS_LENGTH
from bot.dues.texts import day_name, period_name
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged

NAMES = 60
"""Names written out in one message."""

_UNREACHED = {
    Outcome.FAILED: N_("{name} · not delivered"),
    Outcome.BLOCKED: N_("{name} · turned me off"),
    Outcome.NEVER_STARTED: N_("{name} · never started me"),
}


def announcement(_: Words, ahead: Ahead, now: int, zone: tzinfo) -> Message:
    """What the secretary sees a day ahead."""
    branch_id, point = ahead.branch_id, ahead.point
    if ahead.is_cancelled:
        return cancelled(_, branch_id, point.key)
    when, month = _when(_, point.at, now, zone), period_name(_, point.period)
    lines = [
        _.plural(
            "{when} I remind {count} member of the dues of {month}.",
            "{when} I remind {count} members of the dues of {month}.",
            len(ahead.chosen),
            when=when,
            month=month,
        )
    ]
    before = sum(candidate.owed_before for candidate in ahead.chosen)
    if before:
        lines.append(
            _.plural(
                "{count} of them owes two months running.", "{count} of them owe two months running.", before
            )
        )
    if ahead.as_of is not None:
        lines.append(_("Payment data as of {date}.", date=day_name(_, ahead.as_of, zone)))
    if ahead.words is not None:
        lines.append(_("They read first: “{words}”", words=ahead.words))
    lines.append(_("You can still hold this round back, see who, or change the words."))
    keyboard = rows(
        [
            Who(branch_id, point.key).labelled(_.plain("Who")),
            Reword(branch_id, point.key).labelled(_.plain("Change the words")),
        ],
        [Cancel(branch_id, point.key).labelled(_.plain("Hold this round back"))],
    )
    return Message(Markup("\n").join(lines), keyboard)


def _when(_: Words, instant: int, now: int, zone: tzinfo) -> Markup:
    local = to_local(instant, zone)
    time = f"{local:%H:%M}"
    if local.date() == to_local(now, zone).date():
        return _("Today at {time}", time=time)
    return (
        _("Tomorrow morning at {time}", time=time) if local.hour < 12 else _("Tomorrow at {time}", time=time)
    )


def who(_: Words, ahead: Ahead) -> Message:
    branch_id, point = ahead.branch_id, ahead.point.key
    back = AheadButton(branch_id, point).labelled(_.plain("‹ Back"))
    if not ahead.chosen:
        return Message(_("As it stands, nobody is to be reminded."), rows([back]))
    count = _.plural("{count} member to be reminded:", "{count} members to be reminded:", len(ahead.chosen))
    names = _names(_, sorted(candidate.name for candidate in ahead.chosen))
    return Message(
        Markup("\n").join([count, names]),
        rows([Cancel(branch_id, point).labelled(_.plain("Hold this round back")), back]),
    )


def ask_words(_: Words, ahead: Ahead, zone: tzinfo) -> Message:
    """The reminder as it stands, and how to change it."""
    lines = [
        _("This is what members read:"),
        _as_read(_, ahead, zone),
        _(
            "Write me what you would like to say first, at most {most} characters. The facts and the buttons stay below"
            " it.",
            most=WORDS_LENGTH,
        ),
    ]
    return Message(Markup("\n").join(lines), rows(*_words_buttons(_, ahead)))


def worded(_: Words, ahead: Ahead, zone: tzinfo) -> Message:
    """The reminder as it stands now."""
    lines = [_("This is what members read, with the usual buttons below:"), _as_read(_, ahead, zone)]
    again = [Reword(ahead.branch_id, ahead.point.key).labelled(_.plain("Change the words"))]
    return Message(Markup("\n").join(lines), rows(again, *_words_buttons(_, ahead)))


def _as_read(_: Words, ahead: Ahead, zone: tzinfo) -> Markup:
    text = texts.nudge_text(_, [ahead.point.period], ahead.as_of, zone, own=ahead.words)
    return Markup("<blockquote>{}</blockquote>").format(text)


def _words_buttons(_: Words, ahead: Ahead) -> list[list[InlineKeyboardButton]]:
    branch_id, point = ahead.branch_id, ahead.point.key
    back = AheadButton(branch_id, point).labelled(_.plain("‹ Back"))
    if ahead.words is None:
        return [[back]]
    return [[UsualWords(branch_id, point).labelled(_.plain("Back to the usual words")), back]]


def cancelled(_: Words, branch_id: int, point: str) -> Message:
    return Message(
        _("This round is held back; nobody of your branch is reminded. The next one goes out as planned."),
        rows([Restore(branch_id, point).labelled(_.plain("Send it after all"))]),
    )


def restored(_: Words, branch_id: int, point: str) -> Message:
    return Message(
        _("All right, this round goes out as planned."),
        rows([Cancel(branch_id, point).labelled(_.plain("Hold this round back"))]),
    )


def ask_for_data(_: Words, point: Point, as_of: int, until: int, zone: tzinfo) -> Message:
    return Message(
        _(
            "The reminders for {month} wait: the payment data ends on {date}, and I do not want to remind people who"
            " have paid. Please send me a new payment file; if it comes before {time}, I remind as usual.",
            month=period_name(_, point.period),
            date=day_name(_, as_of, zone),
            time=f"{to_local(until, zone):%H:%M}",
        )
    )


def missed(_: Words, branch_id: int, found: Sequence[Missed], zone: tzinfo) -> Message:
    """What could not go out in its time, and what can be done about it."""
    lines = []
    for each in found:
        day = day_name(_, each.point.at, zone)
        if each.was_held:
            line = _.plural(
                "The reminder of {date} was not sent, because no newer payment data came; {count} member was to get it.",
                "The reminders of {date} were not sent, because no newer payment data came; {count} members were to get"
                " them.",
                each.left,
                date=day,
            )
        else:
            line = _.plural(
                "The reminder of {date} did not reach {count} member: I could not send it in its time.",
                "The reminders of {date} did not reach {count} members: I could not send them in their time.",
                each.left,
                date=day,
            )
        lines.append(line)
    lines.append(_("I do not send it late; the next one goes out as planned. If it is urgent, please phone."))
    listed = [Listed(branch_id, State.DUE, 0).labelled(_.plain("Who has not paid"))]
    return Message(Markup("\n").join(lines), rows(listed))


def report(_: Words, found: Reported) -> Message:
    delivery = found.delivery
    told = [
        _outcome(_, outcome, number)
        for outcome in Outcome
        if (number := delivery.counts.get(outcome, 0)) or outcome is Outcome.DELIVERED
    ]
    lines = [
        _(
            "<b>Reminders for {month}</b>: {told}.",
            month=period_name(_, found.round.period),
            told=_(", ").join(told),
        )
    ]
    if delivery.counts.get(Outcome.UNKNOWN):
        lines.append(_("Uncertain: it was on its way when the connection broke. I do not send it twice."))
    if found.late:
        who_is_late = [
            _("{name} ({months} months)", name=each.name, months=each.months) for each in found.late
        ]
        lines.append(
            _(
                "Unpaid for three months running or more: {names}. A word in private may help.",
                names=_names(_, who_is_late),
            )
        )
    buttons = []
    if delivery.to_phone:
        label = _.plain("To phone: {count}", count=len(delivery.to_phone))
        buttons.append([ToPhone(found.round.branch_id, found.round.point, 0).labelled(label)])
    return Message(Markup("\n").join(lines), rows(*buttons))


def to_phone(_: Words, found: Reported, page: int, zone: tzinfo) -> Message:
    """Who could not be reached, with a mark at those who were spoken to since."""
    branch_id, point = found.round.branch_id, found.round.point
    back = [Report(branch_id, point).labelled(_.plain("‹ Back"))]
    people = found.delivery.to_phone
    if not people:
        return Message(_("There is nobody left to phone."), rows(back))
    month = period_name(_, found.round.period)
    text = _.plural(
        "<b>{count} member to phone</b> about the dues of {month}.",
        "<b>{count} members to phone</b> about the dues of {month}.",
        len(people),
        month=month,
    )
    choices = [
        Phoned(branch_id, each.member_id, point, each.phoned_at is None, page).labelled(
            _to_phone(_, each, zone)
        )
        for each in people
    ]
    lines = paged(_, choices, page, lambda turned: ToPhone(branch_id, point, turned))
    hint = _("Tap a name once you have spoken; tap again to take it back.")
    return Message(Markup("\n").join([text, hint]), rows(*lines, back))


def _to_phone(_: Words, each: Unreached, zone: tzinfo) -> str:
    if each.phoned_at is not None:
        return _.plain("✓ {name} · spoken to, {date}", name=each.name, date=day_name(_, each.phoned_at, zone))
    return _.plain(_UNREACHED[each.outcome], name=each.name)


def _outcome(_: Words, outcome: Outcome, number: int) -> Markup:
    match outcome:
        case Outcome.DELIVERED:
            return _("{number} delivered", number=number)
        case Outcome.FAILED:
            return _("{number} not delivered", number=number)
        case Outcome.BLOCKED:
            return _("{number} turned me off", number=number)
        case Outcome.UNKNOWN:
            return _("{number} uncertain", number=number)
        case Outcome.WAITING:
            return _("{number} still under way", number=number)
        case Outcome.NOT_SENT:
            return _("{number} not sent before the quiet hours", number=number)
        case Outcome.NEVER_STARTED:
            return _("{number} never started me", number=number)


def _names(_: Words, names: Sequence[str]) -> Markup:
    shown = _(", ").join(names[:NAMES])
    more = len(names) - NAMES
    return shown if more <= 0 else _("{names} and {more} more", names=shown, more=more)
