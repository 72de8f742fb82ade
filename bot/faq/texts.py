"""The FAQ's wording and keyboards."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.faq.buttons import AllTheSame, NoneFits, Pick, Solved, Suggestions, Topic, Topics, TopicsOf, Unsolved
from bot.faq.model import Listed, Shown, Stage
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

PAGE = 6
"""Titles at a time: as many as a phone shows without scrolling."""

_STAGES = {
    Stage.INSTALL: N_("Installing the app"),
    Stage.LOGIN: N_("Logging in"),
    Stage.USE: N_("Using it"),
    Stage.PAY: N_("Paying dues"),
    Stage.HELP: N_("About me, and people"),
}


def answer(_: Words, entry: Shown, body: Markup, question: int, *back: InlineKeyboardButton) -> Message:
    """An entry with the question whether it helped; `back` leads to where it was chosen."""
    verdict = [
        Solved(question).labelled(_.plain(N_("Solved"))),
        Unsolved(question).labelled(_.plain(N_("Not solved"))),
    ]
    return Message(_titled(entry, body), rows(verdict, list(back)))


def plain_answer(entry: Shown, body: Markup, keyboard: InlineKeyboardMarkup) -> Message:
    return Message(_titled(entry, body), keyboard)


def solved(_: Words) -> Message:
    return Message(_("Good. If anything else comes up, just write to me."))


def suggest(_: Words, listed: Sequence[Listed], question: int) -> Message:
    titles = [[Pick(question, place).labelled(each.title)] for place, each in enumerate(listed)]
    return Message(
        _("Which of these do you mean? Tap one."),
        rows(*titles, [NoneFits(question).labelled(_.plain(N_("None of these")))]),
    )


def back_to_suggestions(_: Words, question: int) -> InlineKeyboardButton:
    return Suggestions(question).labelled(_.plain(N_("‹ Back")))


def back_to_page(_: Words, stage: Stage, page: int) -> InlineKeyboardButton:
    return TopicsOf(stage, page).labelled(_.plain(N_("‹ Back")))


def declined(_: Words, body: Markup, question: int | None) -> Message:
    """`question`: where it may be handed over all the same."""
    person = [AllTheSame(question).labelled(_.plain(N_("Pass it to my secretary")))] if question else []
    return Message(body, rows(person, [Topics().labelled(_.plain(N_("What you can ask me")))]))


def small_talk(body: Markup) -> Message:
    return Message(body)


def unclear(_: Words) -> Message:
    return Message(
        _("I could not make that out. Tell me in a sentence what you want to do, or send a screenshot."),
        rows([Topics().labelled(_.plain(N_("What you can ask me")))]),
    )


def get_bound(_: Words) -> Message:
    """To somebody whose branch is not known: nobody could be given the question yet."""
    return Message(
        _(
            "I have no ready answer to this. Let us get acquainted first: send /start, and I find you on the roster."
            " Then ask once more and I pass it to your branch secretary."
        )
    )


def topics(_: Words) -> Message:
    buttons = [TopicsOf(stage, 0).labelled(_.plain(label)) for stage, label in _STAGES.items()]
    return Message(
        _("What is it about? You can also just write your question."),
        rows(*([button] for button in buttons)),
    )


def page_of(_: Words, stage: Stage, listed: Sequence[Listed], page: int) -> Message:
    """A page of a stage's titles; a page past the end shows the last one."""
    last = max(0, (len(listed) - 1) // PAGE)
    page = min(max(page, 0), last)
    titles = [
        [Topic(stage, page, each.row).labelled(each.title)]
        for each in listed[page * PAGE : (page + 1) * PAGE]
    ]
    turn = []
    if page > 0:
        turn.append(TopicsOf(stage, page - 1).labelled(_.plain(N_("‹ Previous"))))
    if page < last:
        turn.append(TopicsOf(stage, page + 1).labelled(_.plain(N_("More ›"))))
    heading = _("<b>{stage}</b>. Tap what fits.", stage=_(_STAGES[stage]))
    if not listed:
        heading = _("<b>{stage}</b>. Nothing here yet. Just write your question.", stage=_(_STAGES[stage]))
    return Message(heading, rows(*titles, turn, [Topics().labelled(_.plain(N_("‹ Back")))]))


def _titled(entry: Shown, body: Markup) -> Markup:
    return Markup("<b>{}</b>\n\n{}").format(entry.title, body)


def kept(_: Words, waiting: int) -> Sequence[Markup]:
    """For /mydata."""
    if waiting == 0:
        return ()
    return [
        _.plural(
            "Questions you have not said were answered: {count}. I forget each after 7 days.",
            "Questions you have not said were answered: {count}. I forget each after 7 days.",
            waiting,
        )
    ]
