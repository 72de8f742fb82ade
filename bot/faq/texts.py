"""The FAQ's wording and keyboards."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.faq.buttons import AllTheSame, NoneFits, Pick, Solved, Suggestions, Topic, Topics, TopicsOf, Unsolved
from bot.faq.markup import LIMIT, visible_length
from bot.faq.model import Listed, Shown, Stage
from bot.kit.i18n import LANGUAGES, N_, Languages, Words
from bot.kit.messages import Message, rows

PAGE: Final = 6
"""Titles at a time: as many as a phone shows without scrolling."""
_QUOTED: Final = 60
"""So many characters of a question are quoted; it stands in full above."""

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
        Solved(question).labelled(_.plain(N_("👍 Solved"))),
        Unsolved(question).labelled(_.plain(N_("👎 Not solved"))),
    ]
    return Message(titled(entry, body), rows(verdict, list(back)))


def unsolved_labels(languages: Languages) -> frozenset[str]:
    """What the entries, in whichever language, call the button that hands over."""
    said = {languages[language].plain(N_("👎 Not solved")) for language in LANGUAGES}
    return frozenset(label.partition(" ")[2] for label in said)


def quoting(_: Words, question: str, message: Message) -> Message:
    """The reply to one of several questions, which are answered one by one."""
    short = " ".join(question.split())
    if len(short) > _QUOTED:
        short = short[:_QUOTED] + "…"
    text = Markup("{}\n\n{}").format(_("You asked: {question}", question=short), message.text)
    return message if visible_length(text) > LIMIT else dataclasses.replace(message, text=text)


def plain_answer(entry: Shown, body: Markup, keyboard: InlineKeyboardMarkup) -> Message:
    return Message(titled(entry, body), keyboard)


def solved(_: Words) -> Message:
    return Message(_("Good. If anything else comes up, just write to me."))


def suggest(_: Words, listed: Sequence[tuple[int, Listed]], question: int) -> Message:
    """`listed`: each with its place among the suggestions for the question."""
    titles = [[Pick(question, place).labelled(each.title)] for place, each in listed]
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


def topics(_: Words, counts: Mapping[Stage, int]) -> Message:
    """The stages that have entries, each with how many."""
    buttons = [
        TopicsOf(stage, 0).labelled(f"{_.plain(label)} · {counts[stage]}")
        for stage, label in _STAGES.items()
        if counts.get(stage)
    ]
    if not buttons:
        return Message(_("Nothing here yet. Just write your question."))
    return Message(
        _("What is it about? Quicker still: just write a few words, such as “no SMS code”."),
        rows(*([button] for button in buttons)),
    )


def page_of(_: Words, stage: Stage, listed: Sequence[Listed], page: int, branch: int | None) -> Message:
    """A page of a stage's titles; a page past the end shows the last one. `branch`: whose own entries are marked."""
    last = max(0, (len(listed) - 1) // PAGE)
    page = min(max(page, 0), last)
    titles = [
        [Topic(stage, page, each.row).labelled(_marked(_, each, branch))]
        for each in listed[page * PAGE : (page + 1) * PAGE]
    ]
    turn = []
    if page > 0:
        turn.append(TopicsOf(stage, page - 1).labelled(_.plain(N_("‹ Previous"))))
    if page < last:
        turn.append(TopicsOf(stage, page + 1).labelled(_.plain(N_("More ›"))))
    heading = _("<b>{stage}</b> · {count}. Tap what fits.", stage=_(_STAGES[stage]), count=len(listed))
    if not listed:
        heading = _("<b>{stage}</b>. Nothing here yet. Just write your question.", stage=_(_STAGES[stage]))
    return Message(heading, rows(*titles, turn, [Topics().labelled(_.plain(N_("‹ Back")))]))


def _marked(_: Words, listed: Listed, branch: int | None) -> str:
    own = listed.unit_id is not None and listed.unit_id == branch
    return _.plain("Our branch: {title}", title=listed.title) if own else listed.title


def nothing_found_button(_: Words) -> str:
    """Above the empty list behind the bot's name; leads to the bot."""
    return _.plain(N_("Nothing found. Ask me in private"))


def titled(entry: Shown, body: Markup) -> Markup:
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


def percent(share: float) -> str:
    """A share, from 0 to 1, in whole percent."""
    return f"{100 * share:.0f} %"
