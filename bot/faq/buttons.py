"""The FAQ's buttons."""

from bot.faq.model import Stage
from bot.kit.buttons import Button


class Solved(Button, tag="faq.yes"):
    question: int


class Unsolved(Button, tag="faq.no"):
    question: int


class Pick(Button, tag="faq.pick"):
    """One of the suggestions for a question."""

    question: int
    place: int


class NoneFits(Button, tag="faq.none"):
    question: int


class AllTheSame(Button, tag="faq.person"):
    """Declined, to a person all the same."""

    question: int


class Suggestions(Button, tag="faq.back"):
    """Back from a suggestion to the others."""

    question: int


class Topics(Button, tag="faq.menu"):
    """The menu of stages."""


class TopicsOf(Button, tag="faq.stage"):
    """A page of a stage's entries."""

    stage: Stage
    page: int


class Topic(Button, tag="faq.topic"):
    """An entry of such a page, by its row: an id would not fit."""

    stage: Stage
    page: int
    row: int
