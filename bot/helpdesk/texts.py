"""The helpdesk's wording towards members, and what both sides share."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.helpdesk.buttons import Drop, More, Page, Rate, SendNow, Shelf, Show, Solved
from bot.helpdesk.model import CloseReason, Direction, Entry, Fact, Holder, Kind, Line, Rating, State, Ticket
from bot.helpdesk.rules import Day, day_of, promised
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

_BROUGHT = {
    Kind.PHOTO: N_("{name} sends a picture"),
    Kind.VOICE: N_("{name} sends a voice message"),
    Kind.VIDEO: N_("{name} sends a video"),
    Kind.DOCUMENT: N_("{name} sends a file"),
    Kind.AUDIO: N_("{name} sends a recording"),
    Kind.ANIMATION: N_("{name} sends an animation"),
    Kind.VIDEO_NOTE: N_("{name} sends a video"),
    Kind.LOCATION: N_("{name} sends a location"),
    Kind.STICKER: N_("{name} sends a sticker"),
}

_KINDS = {
    Kind.PHOTO: N_("[picture]"),
    Kind.VOICE: N_("[voice message]"),
    Kind.VIDEO: N_("[video]"),
    Kind.DOCUMENT: N_("[file]"),
    Kind.AUDIO: N_("[audio]"),
    Kind.ANIMATION: N_("[animation]"),
    Kind.VIDEO_NOTE: N_("[video]"),
    Kind.LOCATION: N_("[location]"),
    Kind.STICKER: N_("[sticker]"),
}

_RATINGS = {
    Rating.GOOD: N_("It helped"),
    Rating.FAIR: N_("So-so"),
    Rating.POOR: N_("It did not help"),
}

_STATES = {
    State.GATHERING: N_("about to be passed on"),
    State.OPEN: N_("waiting for an answer"),
    State.ANSWERED: N_("has been answered"),
    State.CLOSED: N_("is closed"),
}

_EXCERPT = 16
_SAID_IN_HISTORY = 200


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
    if holder.role is None or holder.role is Role.GENERAL:
        return your(_, holder)
    return _("{role} {name}", role=_(_ROLES[holder.role]), name=holder.name)


def your(_: Words, holder: Holder) -> Markup:
    """As the member is told: their own 'deputy secretary 张强', or somebody of the general branch."""
    if holder.role is None:
        return Markup("{}").format(holder.name)
    if holder.role is Role.GENERAL:
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
) -> Message:
    """`unasked`: the member sent a file out of the blue, so no answer was looked for. `stands_in`: the holder is of
    the general branch, because the branch has nobody who can answer. `gathering`: milliseconds until it goes by itself.
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
        ]
    )
    return Message(_lines(lines), keyboard)


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
    return Message(
        _lines(
            [
                *([_nobody_here(_, branch)] if stands_in else []),
                _("Your question is with {whom}.", whom=your(_, holder)),
                _promise(_, holder, expected),
            ]
        )
    )


def kept(_: Words, branch: str, secretary: Holder | None) -> Message:
    """Nobody can be reached."""
    first = _(
        "Nobody of {branch} can be reached through me right now. I keep your question and pass it on as soon as somebody can.",
        branch=branch,
    )
    urgent = (
        _("If it is urgent, please ask in your branch whom to phone.")
        if secretary is None
        else _("If it is urgent, please phone {whom}.", whom=addressed(_, secretary))
    )
    return Message(_lines([first, urgent]))


def unbound(_: Words) -> Message:
    return Message(
        _(
            "I do not know you yet, so I cannot tell which secretary is yours. Please send /start first, it takes a"
            " minute; then send your question once more."
        )
    )


def passed_on(_: Words, holder: Holder | None) -> Message:
    if holder is None:
        return Message(_("Noted. It goes along as soon as somebody can be reached."))
    return Message(_("Passed on to {name}.", name=holder.name))


def not_delivered(_: Words, holder: Holder) -> Message:
    """What the member said can never reach the owner."""
    return Message(
        _(
            "What you have just sent did not reach {whom}. Please send it once more as text, or phone.",
            whom=addressed(_, holder),
        )
    )


def taken_over(_: Words, before: Holder, after: Holder, expected: Markup) -> Message:
    """Told to the member when the ticket moves."""
    moved = _(
        "{name} could not get to it. I have asked {whom} to help you.",
        name=before.name,
        whom=titled(_, after),
    )
    return Message(_lines([moved, _promise(_, after, expected)]))


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


def brought(_: Words, name: str, entry: Entry, *, apart: bool = False) -> Markup:
    """What stands above or under a copied message; `apart`: its own words stay with the copy."""
    content = entry.content
    if content.text or content.kind is Kind.TEXT:
        return said(_, name, "" if apart else content.text)
    if content.album is not None:
        return _("{name} sends pictures", name=name)
    if content.kind is Kind.PHOTO and entry.direction is Direction.ASKED:
        return _("{name} sends a screenshot", name=name)
    return _(_BROUGHT[content.kind], name=name)


def under_answer(_: Words, ticket_id: int) -> InlineKeyboardMarkup:
    return rows(
        [
            Solved(ticket_id).labelled(_.plain("It is settled")),
            More(ticket_id).labelled(_.plain("I still need help")),
        ]
    )


def closed(_: Words, ticket_id: int, closer: Holder, reason: CloseReason) -> Message:
    """Told to the member when the staff closed the ticket."""
    if reason is CloseReason.PHONED:
        text = _("{whom} has settled this with you by phone.", whom=addressed(_, closer))
    else:
        text = _("{whom} has closed this question.", whom=addressed(_, closer))
    ask = _("Not settled yet? Tap “I still need help”. Otherwise: how did it go?")
    more = [More(ticket_id).labelled(_.plain("I still need help"))]
    return Message(_lines([text, ask]), rows(more, *_rating(_, ticket_id)))


def solved(_: Words, ticket_id: int) -> Message:
    return Message(_("Glad to hear it. How did it go this time?"), rows(*_rating(_, ticket_id)))


def _rating(_: Words, ticket_id: int) -> list[list[InlineKeyboardButton]]:
    return [[Rate(ticket_id, rating).labelled(_.plain(label)) for rating, label in _RATINGS.items()]]


def rated(_: Words, rating: Rating) -> Message:
    if rating is Rating.POOR:
        return Message(_("Thank you for saying so. If it is still not settled, just write to me."))
    return Message(_("Thank you. Whenever you need something, just write."))


def tell_more(_: Words, holder: Holder | None) -> Message:
    """After 'not yet'."""
    if holder is None:
        return Message(_("What is still open? Just write or send a screenshot; I pass it on."))
    return Message(
        _("What is still open? Just write or send a screenshot; I pass it on to {name}.", name=holder.name)
    )


def own_tickets(_: Words, lines: Sequence[Line], page: int, zone: tzinfo, *, has_next: bool) -> Message:
    if not lines and page == 0:
        return Message(
            _("You have no questions with the staff. Whenever something does not work, just write to me.")
        )
    buttons = []
    for line in lines:
        local = to_local(line.asked_at, zone)
        label = f"{local:%m-%d} · {_.plain(_STATES[line.state])} · {excerpt(line.question or _.plain('[no words]'))}"
        buttons.append([Show(line.id).labelled(label)])
    return Message(
        _("Your questions; tap one to read it."), rows(*buttons, paging(_, Shelf.OWN, page, has_next))
    )


def paging(_: Words, shelf: Shelf, page: int, has_next: bool) -> list[InlineKeyboardButton]:
    line = []
    if page > 0:
        line.append(Page(shelf, page - 1).labelled(_.plain("Previous page")))
    if has_next:
        line.append(Page(shelf, page + 1).labelled(_.plain("Next page")))
    return line


def history(
    _: Words,
    ticket: Ticket,
    entries: Sequence[Entry],
    names: dict[int, str],
    zone: tzinfo,
    *,
    reopenable: bool,
) -> Message:
    """What was said in one's own ticket; `names` of those who answered, by member id."""
    asked = to_local(ticket.asked_at, zone)
    lines = [
        _("Asked {when}: {state}.", when=f"{asked:%m-%d %H:%M}", state=_(_STATES[ticket.state])),
        *(
            [Markup("<b>{}</b>").format(excerpt(ticket.question, _SAID_IN_HISTORY))]
            if ticket.question
            else []
        ),
    ]
    for entry in entries:
        who = _.plain("You") if entry.direction is Direction.ASKED else names[entry.author_id]
        lines.append(
            Markup("{} {}").format(f"{to_local(entry.at, zone):%m-%d %H:%M}", said(_, who, _said(_, entry)))
        )
    buttons = []
    if ticket.state in (State.OPEN, State.ANSWERED):
        buttons.append(Solved(ticket.id).labelled(_.plain("It is settled")))
    if ticket.state is State.ANSWERED or reopenable:
        buttons.append(More(ticket.id).labelled(_.plain("I still need help")))
    if ticket.state is State.GATHERING:
        buttons.append(SendNow(ticket.id).labelled(_.plain("Pass it on now")))
    return Message(_lines(lines), rows(buttons))


def holdings(_: Words, running: int, closed: int) -> str:
    """For /mydata."""
    return _(
        "Questions you asked the staff: {running} running, {closed} closed.", running=running, closed=closed
    )


def _said(_: Words, entry: Entry) -> str:
    kind = _KINDS.get(entry.content.kind)
    mark = "" if kind is None else _.plain(kind)
    return mark + excerpt(entry.content.text, _SAID_IN_HISTORY)


def _nobody_here(_: Words, branch: str) -> Markup:
    return _("{branch} has nobody here who can answer right now.", branch=branch)


def _promise(_: Words, holder: Holder, expected: Markup) -> Markup:
    return _("{name} will answer by {when}. I tell you at once.", name=holder.name, when=expected)


def _lines(parts: Sequence[Markup]) -> Markup:
    return Markup("\n").join(parts)
