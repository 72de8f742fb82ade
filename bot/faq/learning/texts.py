"""The wording around what may be learnt."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq.editing import words
from bot.faq.learning import rules
from bot.faq.learning.buttons import (
    Add,
    Choose,
    ChooseOf,
    Dismiss,
    Open,
    PassUp,
    Queue,
    Search,
    Taught,
    Undo,
    Write,
)
from bot.faq.learning.model import Group, Reason
from bot.faq.learning.service import Added, Desk, Likely
from bot.faq.model import Listed, Stage
from bot.kit.buttons import Button
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit

PAGE = 6
_LABEL = 24
"""Characters of a wording in a button's label."""
_QUOTED = 120
_ANSWER_SHOWN = 400


def queue_button(_: Words, desk: Desk, count: int) -> InlineKeyboardButton:
    label = _.plain(N_("Add to the FAQ? ({count})"), count=count) if count else _.plain(N_("Add to the FAQ?"))
    return Queue(desk.unit.id, 0).labelled(label)


def taught_button(_: Words, lesson_id: int) -> InlineKeyboardButton:
    return Taught(lesson_id).labelled(_.plain(N_("Add to the FAQ")))


def queue(_: Words, desk: Desk, groups: Sequence[Group], page: int, home: Button) -> Message:
    title = Markup("<b>{}</b>").format(_("Add to the FAQ?"))
    if not groups:
        empty = _(
            "{unit}: nothing to look at right now. Questions that got no fitting answer, or that one of you answered,"
            " come here, without names.",
            unit=desk.unit.name,
        )
        return Message(Markup("{}\n{}").format(title, empty), rows([_back(_, home)]))
    last = (len(groups) - 1) // PAGE
    page = min(max(page, 0), last)
    shown = groups[page * PAGE : (page + 1) * PAGE]
    said = _.plural(
        "{unit}: {count} question for you to look at. Names are not kept.",
        "{unit}: {count} questions for you to look at. Names are not kept.",
        len(groups),
        unit=desk.unit.name,
    )
    buttons = [[Open(desk.unit.id, group.id).labelled(_line(_, group))] for group in shown]
    turn = []
    if page > 0:
        turn.append(Queue(desk.unit.id, page - 1).labelled(_.plain(N_("‹ Previous"))))
    if page < last:
        turn.append(Queue(desk.unit.id, page + 1).labelled(_.plain(N_("More ›"))))
    return Message(Markup("{}\n{}").format(title, said), rows(*buttons, turn, [_back(_, home)]))


def _line(_: Words, group: Group) -> str:
    words = _clipped(group.wordings[0], _LABEL)
    if group.passed_up:
        return _.plain(N_("Asked of you · {words}"), words=words)
    return _.plain(N_("{count} asked · {words}"), count=group.members, words=words)


def group(_: Words, desk: Desk, shown: Group, near: Sequence[Likely]) -> Message:
    """`near`: the entries it may belong to, the likeliest first."""
    asked = _.plural("<b>{count} member asks:</b>", "<b>{count} members ask:</b>", shown.members)
    wordings = [Markup("• {}").format(_clipped(each, _QUOTED)) for each in shown.wordings[: rules.WORDINGS]]
    if len(shown.wordings) > rules.WORDINGS:
        wordings.append(_("and in {count} other ways", count=len(shown.wordings) - rules.WORDINGS))
    parts = [Markup("\n").join([asked, *wordings, _why(_, shown)])]
    if shown.answer:
        answer = Markup("<blockquote>{}</blockquote>").format(_clipped(shown.answer, _ANSWER_SHOWN))
        parts.append(Markup("{}\n{}").format(_("A person answered:"), answer))
    others = [each for each in near if not each.own]
    if others and others[0] is near[0] and others[0].unit is not None:
        parts.append(
            _(
                "Nearest is “{title}”, kept by {unit}. You can ask them to look at it.",
                title=others[0].listed.title,
                unit=others[0].unit.name,
            )
        )
    unit, lesson = desk.unit.id, shown.id
    buttons = [[each] for each in _additions(_, desk, shown, near)]
    to = _whom_to_ask(desk, others)
    up = [] if to is None else [PassUp(unit, lesson, to.id).labelled(_.plain(N_("Ask {unit}"), unit=to.name))]
    return Message(
        Markup("\n\n").join(parts),
        rows(
            *buttons,
            [
                Choose(unit, lesson).labelled(_.plain(N_("Another entry"))),
                Write(unit, lesson).labelled(_.plain(N_("Write a new one"))),
            ],
            up,
            [Dismiss(unit, lesson).labelled(_.plain(N_("Do not add it")))],
            [Queue(unit, 0).labelled(_.plain(N_("‹ Back")))],
        ),
    )


def finishing(
    _: Words, desk: Desk, shown: Group, near: Sequence[Likely]
) -> Sequence[Sequence[InlineKeyboardButton]]:
    """Under a question that has just been settled: one tap each."""
    unit, lesson = desk.unit.id, shown.id
    return [
        *([each] for each in _additions(_, desk, shown, near)),
        [
            Write(unit, lesson).labelled(_.plain(N_("Write a new one"))),
            Choose(unit, lesson).labelled(_.plain(N_("Another entry"))),
        ],
        [Dismiss(unit, lesson).labelled(_.plain(N_("Do not add it")))],
    ]


def _additions(_: Words, desk: Desk, shown: Group, near: Sequence[Likely]) -> Sequence[InlineKeyboardButton]:
    return [
        Add(desk.unit.id, shown.id, each.listed.row).labelled(
            _.plain(N_("Add to “{title}”"), title=each.listed.title)
        )
        for each in near
        if each.own
    ]


def _whom_to_ask(desk: Desk, others: Sequence[Likely]) -> Unit | None:
    """Whoever keeps the nearest entry, else the level right above."""
    if not desk.above:
        return None
    keepers = {unit.id for unit in desk.above}
    for each in others:
        if each.unit is not None and each.unit.id in keepers:
            return each.unit
    return desk.above[0]


def _why(_: Words, shown: Group) -> Markup:
    counted = []
    if count := shown.reasons.get(Reason.UNSOLVED, 0):
        counted.append(_.plural("not solved once", "not solved {count} times", count))
    if count := shown.reasons.get(Reason.NONE_FITS, 0):
        counted.append(_.plural("nothing fitted once", "nothing fitted {count} times", count))
    if shown.answered:
        counted.append(
            _.plural("answered by a person once", "answered by a person {count} times", shown.answered)
        )
    return Markup("<i>{}</i>").format(Markup(" · ").join(counted))


def choose(_: Words, desk: Desk, lesson: int, listed: Sequence[Listed]) -> Message:
    """The stages that have entries of the desk's own."""
    unit = desk.unit.id
    if not listed:
        text = _("{unit} has no entries of its own yet. You can write a new one.", unit=desk.unit.name)
        return Message(
            text,
            rows(
                [Write(unit, lesson).labelled(_.plain(N_("Write a new one")))], [_back(_, Open(unit, lesson))]
            ),
        )
    stages: list[Stage | None] = [stage for stage in Stage if any(each.stage is stage for each in listed)]
    if any(each.stage is None for each in listed):
        stages.append(None)
    buttons = [[ChooseOf(unit, lesson, stage, 0).labelled(_stage(_, stage))] for stage in stages]
    search = [Search(unit, lesson).labelled(_.plain(N_("Search by words")))]
    return Message(
        _("To which entry? Choose a stage, or search."),
        rows(*buttons, search, [_back(_, Open(unit, lesson))]),
    )


def choose_of(
    _: Words, desk: Desk, lesson: int, stage: Stage | None, listed: Sequence[Listed], page: int
) -> Message:
    unit = desk.unit.id
    last = max(0, (len(listed) - 1) // PAGE)
    page = min(max(page, 0), last)
    turn = []
    if page > 0:
        turn.append(ChooseOf(unit, lesson, stage, page - 1).labelled(_.plain(N_("‹ Previous"))))
    if page < last:
        turn.append(ChooseOf(unit, lesson, stage, page + 1).labelled(_.plain(N_("More ›"))))
    shown = listed[page * PAGE : (page + 1) * PAGE]
    return Message(
        _("<b>{stage}</b>. Tap an entry and I add the wording to it.", stage=_stage(_, stage)),
        rows(*_titles(unit, lesson, shown), turn, [_back(_, Choose(unit, lesson))]),
    )


def searching(_: Words, desk: Desk, lesson: int) -> Message:
    return Message(
        _("Type a few words of the entry, such as its title."),
        rows([_back(_, Choose(desk.unit.id, lesson))]),
    )


def found(_: Words, desk: Desk, lesson: int, listed: Sequence[Listed]) -> Message:
    back = [_back(_, Choose(desk.unit.id, lesson))]
    if not listed:
        return Message(
            _("I found no entry of yours with that. Try other words, or choose a stage."), rows(back)
        )
    return Message(
        _("Tap an entry and I add the wording to it."), rows(*_titles(desk.unit.id, lesson, listed), back)
    )


def _stage(_: Words, stage: Stage | None) -> str:
    return _.plain(N_("Without a stage")) if stage is None else words.stage_name(_, stage)


def _titles(unit: int, lesson: int, listed: Sequence[Listed]) -> Sequence[list[InlineKeyboardButton]]:
    return [[Add(unit, lesson, each.row).labelled(each.title)] for each in listed]


def added(_: Words, desk: Desk, done: Added, at: int) -> Message:
    title = done.kept.entry.title
    if not done.wordings:
        text = _(
            "“{title}” has this wording already, or it is too long for one. I take it off the list.",
            title=title,
        )
    else:
        wordings = [Markup("• {}").format(each) for each in done.wordings]
        text = Markup("\n").join(
            [
                _("Added to “{title}”:", title=title),
                *wordings,
                _("Whoever asks like this gets that answer from now on."),
            ]
        )
    return _done(_, text, desk, Undo(desk.unit.id, at, done.kept.row if done.wordings else None))


def dismissed(_: Words, desk: Desk, shown: Group, at: int) -> Message:
    text = _("“{words}” is off the list. I do not bring up what is like it either.", words=_first(shown))
    return _done(_, text, desk, Undo(desk.unit.id, at, None))


def passed_up(_: Words, desk: Desk, to: Unit, at: int) -> Message:
    text = _("It now stands first on the list of {unit}. They decide about it.", unit=to.name)
    return _done(_, text, desk, Undo(desk.unit.id, at, None))


def undone(_: Words, desk: Desk) -> Message:
    return Message(
        _("Taken back. It is on the list again."),
        rows([Queue(desk.unit.id, 0).labelled(_.plain(N_("‹ To the questions")))]),
    )


def _done(_: Words, text: Markup, desk: Desk, undo: Undo) -> Message:
    return Message(
        text,
        rows(
            [Queue(desk.unit.id, 0).labelled(_.plain(N_("Next ones ›")))],
            [undo.labelled(_.plain(N_("Take it back")))],
        ),
    )


def waiting(_: Words, unit: Unit, count: int) -> Message:
    """Once a week, to those who look after a unit's entries."""
    return Message(
        _.plural(
            "{unit}: members asked {count} question to which there is no good answer yet. Add them to the FAQ?",
            "{unit}: members asked {count} questions to which there is no good answer yet. Add them to the FAQ?",
            count,
            unit=unit.name,
        ),
        rows([Queue(unit.id, 0).labelled(_.plain(N_("Have a look")))]),
    )


def kept(_: Words, count: int) -> Sequence[Markup]:
    """For /mydata."""
    if count == 0:
        return ()
    return [
        _.plural(
            "Questions kept, without your name, so that the FAQ can learn: {count}. I forget each after at most 180 days.",
            "Questions kept, without your name, so that the FAQ can learn: {count}. I forget each after at most 180 days.",
            count,
        )
    ]


def _back(_: Words, button: Button) -> InlineKeyboardButton:
    return button.labelled(_.plain(N_("‹ Back")))


def _first(shown: Group) -> str:
    return _clipped(shown.wordings[0], _LABEL)


def _clipped(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
