"""The wording around a ticket's end."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk.buttons import Close, More, Rate, Tools
from bot.helpdesk.ending.buttons import Say
from bot.helpdesk.model import CloseReason, Holder, Rating, Ticket
from bot.helpdesk.texts import addressed, excerpt, promise
from bot.helpdesk.writing import stop_button
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

WORDS_LIMIT = 500
"""Characters of the words that go with a rating."""

RATINGS = {
    Rating.GOOD: N_("It helped"),
    Rating.FAIR: N_("So-so"),
    Rating.POOR: N_("It did not help"),
}

_CLOSED = {
    CloseReason.DONE: N_("{whom} has closed this question."),
    CloseReason.PHONED: N_("{whom} has settled this with you by phone."),
    CloseReason.NO_ANSWER: N_(
        "{whom} asked you something and has not heard from you, so this question rests. Whenever you can,"
        " tap “I still need help” and write."
    ),
    CloseReason.NOT_OURS: N_(
        "{whom} has looked at this: it is nothing the branch can settle, so this question ends here. If you still"
        " need somebody, tap “I still need help”."
    ),
}

_REASONS = {
    CloseReason.NO_ANSWER: N_("Asked, heard nothing"),
    CloseReason.NOT_OURS: N_("Not ours to settle"),
    CloseReason.PHONED: N_("Settled by phone"),
    CloseReason.DONE: N_("It is settled, close"),
}

_QUOTED = 60


def rating(_: Words, ticket_id: int) -> list[InlineKeyboardButton]:
    return [Rate(ticket_id, each).labelled(_.plain(label)) for each, label in RATINGS.items()]


def closed(_: Words, ticket_id: int, closer: Holder, reason: CloseReason) -> Message:
    """Told to the member when the staff closed the ticket."""
    text = _(_CLOSED[reason], whom=addressed(_, closer))
    more = [More(ticket_id).labelled(_.plain("I still need help"))]
    if reason not in (CloseReason.DONE, CloseReason.PHONED):
        return Message(text, rows(more))
    ask = _("Not settled yet? Tap “I still need help”. Otherwise: how did it go?")
    return Message(Markup("\n").join([text, ask]), rows(more, rating(_, ticket_id)))


def solved(_: Words, ticket_id: int) -> Message:
    return Message(_("Glad to hear it. How did it go this time?"), rows(rating(_, ticket_id)))


def gone_quiet(_: Words, ticket: Ticket) -> Message:
    """Told to the member when nobody has written for a week."""
    more = [More(ticket.id).labelled(_.plain("I still need help"))]
    return Message(
        _(
            "Nothing more was written about “{question}” for a week, so it ends here. Not settled yet? Tap “I still need"
            " help”. Otherwise: how did it go?",
            question=excerpt(ticket.question or _.plain("[no words]"), _QUOTED),
        ),
        rows(more, rating(_, ticket.id)),
    )


def rated(_: Words, ticket_id: int, given: Rating, reader: Holder | None) -> Message:
    """`reader`: who will read what the member adds to it; None where there is nobody."""
    say = [] if reader is None else [Say(ticket_id).labelled(_.plain("Say a word"))]
    if given is Rating.POOR:
        more = [More(ticket_id).labelled(_.plain("I still need help"))]
        text = _("Thank you for saying so. If it is still not settled, just write to me.")
        return Message(text, rows([*more, *say]))
    return Message(_("Thank you. Whenever you need something, just write."), rows(say))


def ask_words(_: Words, reader: Holder | None) -> Message:
    text = (
        _("What would you like to say? Type it here.")
        if reader is None
        else _(
            "What would you like to say to {whom}? Type it here; they will read it.",
            whom=addressed(_, reader),
        )
    )
    return Message(text, rows(stop_button(_)))


def words_wanted(_: Words) -> Message:
    """Something else was sent than a few words."""
    return Message(
        _("A few typed words are enough, {count} characters at most.", count=WORDS_LIMIT),
        rows(stop_button(_)),
    )


def words_kept(_: Words, reader: Holder | None) -> Message:
    if reader is None:
        return Message(_("Thank you. I have noted it."))
    return Message(_("Thank you. {whom} reads it.", whom=addressed(_, reader)))


def praised(_: Words, requester: str, given: Rating, words: str) -> Message:
    """Told to the owner: what the member says of the help."""
    return Message(
        _(
            "{name} on your help (“{rating}”): {words}",
            name=requester,
            rating=_.plain(RATINGS[given]),
            words=words,
        )
    )


def tell_more(_: Words, holder: Holder | None, expected: Markup | None) -> Message:
    """After 'not yet'. `expected`: by when they answer; None while no clock runs."""
    if holder is None:
        return Message(_("What is still open? Just write or send a screenshot; I pass it on."))
    text = _("What is still open? Just write or send a screenshot; I pass it on to {name}.", name=holder.name)
    if expected is None:
        return Message(text)
    return Message(Markup("\n").join([text, promise(_, holder, expected)]))


def reasons(_: Words, ticket_id: int, requester: str) -> Message:
    """To the staff: why the question is closed."""
    lines = [[Close(ticket_id, reason).labelled(_.plain(label))] for reason, label in _REASONS.items()]
    return Message(
        _("Close {name}'s question. Why? I tell them in fitting words.", name=requester),
        rows(*lines, [Tools(ticket_id).labelled(_.plain("‹ Back"))]),
    )


def to_the_faq(_: Words, question: str, lines: Sequence[Sequence[InlineKeyboardButton]]) -> Message:
    """To the staff, below a closed question: `lines` of buttons by which the FAQ learns it."""
    return Message(
        _(
            "Shall the FAQ answer “{question}” from now on? Then the next one has it at once.",
            question=excerpt(question, _QUOTED),
        ),
        rows(*[list(line) for line in lines]),
    )
