"""The wording of what a question would get, and why."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq.editing import words
from bot.faq.matcher import Explanation
from bot.faq.model import DEFAULT_LANGUAGE, Decision, HandOver
from bot.faq.texts import percent
from bot.faq.trying import buttons as b
from bot.faq.trying.service import Found, Part, Tried
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit

_SCORES = {
    "shared": N_("words in common"),
    "learnt": N_("what I learnt"),
    "nearest": N_("sound"),
    "extra": N_("meaning"),
}
_LEAST = 0.05
"""Points that are worth telling."""


def ask(_: Words) -> Message:
    return Message(
        _("Type a question as a member would. I show what they would get and why; nobody is told."),
        rows([b.Done().labelled(_.plain(N_("Done")))]),
    )


def done(_: Words) -> Message:
    return Message(_("Done trying. Send /try whenever you like."))


def result(_: Words, tried: Tried, at: int) -> Message:
    several = len(tried.parts) > 1
    texts = [_part(_, part) for part in tried.parts]
    lines = [[*_whys(_, part, number, at, several=several)] for number, part in enumerate(tried.parts)]
    samples = [
        b.Sample(at, number).labelled(
            _.plain(N_("See the answer: {title}"), title=part.judgement.entry.title)
        )
        for number, part in enumerate(tried.parts)
        if part.judgement.entry is not None
    ]
    language = N_("As read in English") if tried.language == DEFAULT_LANGUAGE else N_("As read in Chinese")
    return Message(
        Markup("\n\n").join([_seen_by(_, tried), *texts]),
        rows(
            *([button] for line in lines for button in line),
            *([button] for button in samples),
            [
                b.Eyes(at, 0).labelled(_.plain(N_("Other eyes"))),
                b.InEnglish(at).labelled(_.plain(language)),
            ],
            [
                b.Again().labelled(_.plain(N_("Another question"))),
                b.Done().labelled(_.plain(N_("Done"))),
            ],
        ),
    )


def _seen_by(_: Words, tried: Tried) -> Markup:
    if tried.unit is None:
        return _("What somebody who is not bound yet would get:")
    return _("What a member of <b>{unit}</b> would get:", unit=tried.unit.name)


def _part(_: Words, part: Part) -> Markup:
    found = [
        Markup("{} · {}").format(percent(each.confidence), each.title)
        for each in part.found
        if each.confidence
    ]
    lines = [_("“{text}”", text=_short(part.judgement.text)), Markup("→ {}").format(_decided(_, part))]
    if found:
        lines += [Markup(""), _("How sure I am:"), *found]
    return Markup("\n").join(lines)


def _decided(_: Words, part: Part) -> Markup:
    judged = part.judgement
    match judged.decision:
        case Decision.ANSWER if judged.entry is not None:
            return _("the answer <b>{title}</b>", title=judged.entry.title)
        case Decision.SUGGEST:
            titles = _(", ").join(Markup("<b>{}</b>").format(each.title) for each in judged.offered)
            return _("a choice of: {titles}", titles=titles)
        case Decision.DECLINE if judged.entry is not None and judged.entry.handover is HandOver.ALWAYS:
            return _(
                "the kind word <b>{title}</b>, and the question goes to the secretary",
                title=judged.entry.title,
            )
        case Decision.DECLINE if judged.entry is not None:
            return _("the kind word <b>{title}</b>", title=judged.entry.title)
        case Decision.SMALLTALK if judged.entry is not None:
            return _("the friendly word <b>{title}</b>", title=judged.entry.title)
        case Decision.SMALLTALK:
            return _("the request to say it in a sentence")
        case _:
            return _("no ready answer: it goes to the secretary")


def _whys(_: Words, part: Part, number: int, at: int, *, several: bool) -> Sequence[InlineKeyboardButton]:
    return [
        b.Why(at, number, place).labelled(_.plain(N_("Why {title}?"), title=each.title))
        for place, each in enumerate(part.found[: 1 if several else 3])
    ]


def why(_: Words, text: str, found: Found, reasons: Explanation, at: int) -> Message:
    """Which n-grams and sounds speak for an entry, and which of its phrasings is nearest."""
    lines = [
        _("Why <b>{title}</b> for “{text}”", title=found.title, text=_short(text)),
        _("I am {percent} sure.", percent=percent(found.confidence)),
        Markup(""),
    ]
    for label, weights in (
        (N_("Same words: {grams}"), reasons.writing),
        (N_("Same sounds: {grams}"), reasons.sound),
    ):
        for_it = [each.gram for each in weights if each.counts > 0]
        if for_it:
            lines.append(_(label, grams=_.plain(", ").join(for_it)))
    against = [each.gram for each in (*reasons.writing, *reasons.sound) if each.counts < 0]
    if against:
        lines.append(_("Rather of another entry: {grams}", grams=_.plain(", ").join(against)))
    if reasons.nearest is not None:
        lines.append(_("Nearest way of asking: “{phrasing}”", phrasing=reasons.nearest))
    shares = [
        Markup("{} {:.1f}").format(_(_SCORES[name]), value)
        for name, value in reasons.parts.items()
        if value >= _LEAST
    ]
    if shares:
        lines += [Markup(""), _("Points: {shares}", shares=Markup(" + ").join(shares))]
    else:
        lines.append(_("They have hardly anything in common."))
    return Message(Markup("\n").join(lines), rows([b.Result(at).labelled(_.plain(N_("‹ Back")))]))


def eyes(_: Words, branches: Sequence[Unit], page: int, at: int) -> Message:
    last = words.last_page(len(branches))
    page = min(max(page, 0), last)
    return Message(
        _("Through whose eyes?"),
        rows(
            *(
                [b.As(at, unit.id).labelled(unit.name)]
                for unit in branches[page * words.PAGE :][: words.PAGE]
            ),
            words.turns(_, page, last, b.Eyes(at, page - 1), b.Eyes(at, page + 1)),
            [b.As(at, None).labelled(_.plain(N_("Somebody not bound yet")))],
            [b.Result(at).labelled(_.plain(N_("‹ Back")))],
        ),
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
