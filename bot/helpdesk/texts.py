"""The helpdesk's wording towards members, and what both sides share."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.helpdesk.buttons import Drop, More, SendNow, Solved
from bot.helpdesk.model import Fact, Holder, Ticket
from bot.helpdesk.own.buttons import GoesOn
from bot.helpdesk.rules import Day, day_of, promised
from bot.kit.buttons import Button
from bot.kit.clock import SECOND, to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Role

_ROLES = {
    Role.SECRETARY: N_("branch secretary"),
    Role.DEPUTY: N_("deputy secretary"),
    Role.HELPER: N_("helper of the branch"),
    Role.GENERAL: N_("general branch staff"),
}

_ADDRESSED = {
    Role.SECRETARY: N_("{name} (branch secretary)"),
    Role.DEPUTY: N_("{name} (deputy secretary)"),
    Role.HELPER: N_("{name} (helper)"),
    Role.GENERAL: N_("{name} (general branch)"),
}

_EXCERPT = 16
_GOES_ON = 12


def excerpt(text: str, size: int = _EXCERPT) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= size else line[: size - 1] + "…"


def when(_: Words, instant: int, now: int, zone: tzinfo) -> Markup:
    """A deadline as people say it: 'today 17:00'."""
    moment = promised(instant, zone)
    local = to_local(moment, zone)
    match day_of(moment, now, zone):
        case Day.TODAY:
            return _("today {time}", time=f"{local:%H:%M}")
        case Day.TOMORROW:
            return _("tomorrow {time}", time=f"{local:%H:%M}")
        case Day.LATER:
            return _("{month}/{day} {time}", month=local.month, day=local.day, time=f"{local:%H:%M}")


def addressed(_: Words, holder: Holder) -> Markup:
    """As people are spoken of: '王梅书记'."""
    if holder.role is None:
        return Markup("{}").format(holder.name)
    return _(_ADDRESSED[holder.role], name=holder.name)


def titled(_: Words, holder: Holder) -> Markup:
    """'副书记张强', or '第一党总支的赵敏'."""
    if holder.role is None or holder.role is Role.GENERAL or holder.beside:
        return your(_, holder)
    return _("{role} {name}", role=_(_ROLES[holder.role]), name=holder.name)


def your(_: Words, holder: Holder) -> Markup:
    """As the member is told: their own 'deputy secretary 张强', or somebody of the general branch or of another one."""
    if holder.role is None:
        return Markup("{}").format(holder.name)
    if holder.role is Role.GENERAL or holder.beside:
        return _("{name} of {unit}", name=holder.name, unit=holder.unit)
    return _("your {role} {name}", name=holder.name, role=_(_ROLES[holder.role]))


def offer(
    _: Words,
    ticket: Ticket,
    holder: Holder | None,
    *,
    branch: str,
    stands_in: bool,
    unasked: bool,
    gathering: int,
    earlier: Ticket | None = None,
) -> Message:
    """`unasked`: the member sent a file out of the blue, so no answer was looked for. `stands_in`: the holder is of
    the general branch, because the branch has nobody who can answer. `gathering`: milliseconds until it goes by itself.
    `earlier`: a question of theirs that this may be about.
    """
    lines = []
    if holder is None:
        lines.append(
            _("Nobody of {branch} can be reached through me right now; I keep this for them.", branch=branch)
        )
        lines.append(_("To add words or a screenshot, just send them."))
    else:
        if stands_in:
            lines.append(_nobody_here(_, branch))
        whom, moment = your(_, holder), wait(_, gathering)
        lines.append(
            _(
                "I have it and am passing it to {whom}. To add words or a screenshot, just send them; it goes in {wait}.",
                whom=whom,
                wait=moment,
            )
            if unasked
            else _(
                "I have no ready answer to this and am passing it to {whom}. To add words or a screenshot, just send"
                " them; it goes in {wait}.",
                whom=whom,
                wait=moment,
            )
        )
    keyboard = rows(
        [
            SendNow(ticket.id).labelled(_.plain("Pass it on now")),
            Drop(ticket.id).labelled(_.plain("Not needed")),
        ],
        [] if earlier is None else [_goes_on(_, ticket, earlier)],
    )
    return Message(_lines(lines), keyboard)


def _goes_on(_: Words, ticket: Ticket, earlier: Ticket) -> InlineKeyboardButton:
    words = excerpt(earlier.question or _.plain("[no words]"), _GOES_ON)
    return GoesOn(ticket.id, earlier.id).labelled(_.plain("It belongs to “{question}”", question=words))


def wait(_: Words, milliseconds: int) -> Markup:
    """How long it takes until something goes by itself."""
    seconds = milliseconds // SECOND
    if seconds % 60:
        return _.plural("{count} second", "{count} seconds", seconds)
    return _("a minute") if seconds == 60 else _.plural("{count} minute", "{count} minutes", seconds // 60)


def joined(_: Words) -> Message:
    return Message(_("Noted. It goes along with your question."))


def dropped(_: Words) -> Message:
    return Message(_("All right, I have not passed it on. Whenever you need something, just write."))


def seen_entries(_: Words, titles: Sequence[str]) -> Fact:
    """The fact for staff that the member was shown these FAQ entries."""
    return _.plain("Already read"), " / ".join(titles)


def sent(_: Words, holder: Holder, expected: Markup, *, branch: str, stands_in: bool) -> Message:
    """`branch` is the member's own."""
    nobody = [_nobody_here(_, branch)] if stands_in else []
    return Message(_lines([*nobody, *promise_lines(_, holder, expected)]))


def promise_lines(_: Words, holder: Holder, expected: Markup) -> Sequence[Markup]:
    """Who has it, and by when they answer."""
    return [_("Your question is with {whom}.", whom=your(_, holder)), promise(_, holder, expected)]


def kept(_: Words, branch: str, secretary: Holder | None) -> Message:
    """Nobody can be reached."""
    return Message(_lines(kept_lines(_, branch, secretary)))


def kept_lines(_: Words, branch: str, secretary: Holder | None) -> Sequence[Markup]:
    first = _(
        "Nobody of {branch} can be reached through me right now. I keep your question and pass it on as soon as somebody can.",
        branch=branch,
    )
    urgent = (
        _("If it is urgent, please ask in your branch whom to phone.")
        if secretary is None
        else _("If it is urgent, please phone {whom}.", whom=addressed(_, secretary))
    )
    return [first, urgent]


def unbound(_: Words) -> Message:
    return Message(
        _(
            "I do not know you yet, so I cannot tell which secretary is yours. Please send /start first, it takes a"
            " minute; then send your question once more."
        )
    )


def passed_on(_: Words, holder: Holder | None, expected: Markup | None = None) -> Message:
    """`expected`: by when they answer, where that is new to the member."""
    if holder is None:
        return Message(_("Noted. It goes along as soon as somebody can be reached."))
    passed = _("Passed on to {name}.", name=holder.name)
    return Message(passed if expected is None else _lines([passed, promise(_, holder, expected)]))


def not_delivered(_: Words, holder: Holder) -> Message:
    """What the member said can never reach the owner."""
    return Message(
        _(
            "What you have just sent did not reach {whom}. Please send it once more as text, or phone.",
            whom=addressed(_, holder),
        )
    )


def still_waiting(_: Words, holder: Holder) -> Message:
    """Told to the member when the last on the ladder was reminded."""
    return Message(
        _(
            "{name} has not got to it yet; I have just reminded them. If it is urgent, please phone them.",
            name=holder.name,
        )
    )


def said(_: Words, name: str, text: str) -> Markup:
    """What somebody said, as the other side reads it."""
    return _("{name}: {text}", name=name, text=text)


def under_answer(_: Words, ticket_id: int) -> InlineKeyboardMarkup:
    return rows(
        [
            Solved(ticket_id).labelled(_.plain("It is settled")),
            More(ticket_id).labelled(_.plain("I still need help")),
        ]
    )


def paging(_: Words, page: int, *, has_next: bool, to: Callable[[int], Button]) -> list[InlineKeyboardButton]:
    """Back and forth in a list; `to` makes the button for a page."""
    line = []
    if page > 0:
        line.append(to(page - 1).labelled(_.plain("Previous page")))
    if has_next:
        line.append(to(page + 1).labelled(_.plain("Next page")))
    return line


def holdings(_: Words, running: int, closed: int) -> str:
    """For /mydata."""
    return _(
        "Questions you asked the staff: {running} running, {closed} closed.", running=running, closed=closed
    )


def _nobody_here(_: Words, branch: str) -> Markup:
    return _("{branch} has nobody here who can answer right now.", branch=branch)


def promise(_: Words, holder: Holder, expected: Markup) -> Markup:
    """By when they answer."""
    return _("{name} will answer by {when}. I tell you at once.", name=holder.name, when=expected)


def _lines(parts: Sequence[Markup]) -> Markup:
    return Markup("\n").join(parts)
