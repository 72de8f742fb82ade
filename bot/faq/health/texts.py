"""The wording of how the FAQ does."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq.editing.buttons import Home, Open
from bot.faq.health import buttons as b
from bot.faq.health.service import DAYS, Report
from bot.faq.matcher import Learnt
from bot.faq.model import Decision, Owner
from bot.faq.texts import percent
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

_BAR = 10
"""Blocks of a whole bar: it fits a small screen beside its words."""
_DECISIONS = {
    Decision.ANSWER: N_("answered at once"),
    Decision.SUGGEST: N_("given a choice"),
    Decision.DECLINE: N_("not ours, said so"),
    Decision.HANDOVER: N_("passed to a person"),
}


def choose_unit(_: Words, desks: Sequence[tuple[Owner, str | None]]) -> Message:
    return Message(
        _("Of which unit?"),
        rows(
            *([b.Report(owner).labelled(name or _.plain("the whole organisation"))] for owner, name in desks)
        ),
    )


def report(_: Words, seen: Report) -> Message:
    parts = [
        _(
            "<b>How the answers do</b> · {unit} · last {days} days",
            unit=seen.unit or _.plain("the whole organisation"),
            days=DAYS,
        ),
        *_questions(_, seen),
        *_care(_, seen),
        _sureness(_, seen.learnt),
    ]
    opening = {weak.row: weak.title for weak in seen.weak} | {row: title for row, title, _n in seen.thin}
    return Message(
        Markup("\n\n").join(parts),
        rows(
            *([_open(seen.owner, row, title)] for row, title in list(opening.items())[:6]),
            [Home().labelled(_.plain(N_("Look after the answers")))],
        ),
    )


def _open(owner: Owner, row: int, title: str) -> InlineKeyboardButton:
    return Open(owner, row).labelled(title)


def _questions(_: Words, seen: Report) -> Sequence[Markup]:
    if not seen.asked:
        return [_("Nobody has asked anything yet.")]
    lines = [_.plural("{count} question:", "{count} questions:", seen.asked)]
    for decision, label in _DECISIONS.items():
        share = seen.decisions.get(decision, 0) / seen.asked
        lines.append(Markup("{} {} {}").format(bar(share), percent(share), _(label)))
    if seen.solved or seen.unsolved:
        lines.append(_("👍 {solved} · 👎 {unsolved}", solved=seen.solved, unsolved=seen.unsolved))
    return [Markup("\n").join(lines)]


def _care(_: Words, seen: Report) -> Sequence[Markup]:
    parts = []
    if seen.weak:
        lines = [_("<b>Did not help, best looked at:</b>")]
        for weak in seen.weak:
            counts = [_("👎 {count}", count=weak.unsolved)] if weak.unsolved else []
            if weak.in_vain:
                counts.append(_("suggested in vain {count}", count=weak.in_vain))
            lines.append(Markup("{} · {}").format(weak.title, Markup(" · ").join(counts)))
        parts.append(Markup("\n").join(lines))
    if seen.thin:
        lines = [_("<b>Hard to find, with few ways of asking:</b>")]
        lines += [Markup("{} · {}").format(title, count) for _row, title, count in seen.thin]
        parts.append(Markup("\n").join(lines))
    if seen.confused:
        lines = [_("<b>Most easily confused:</b>")]
        lines += [
            _.plural(
                "{meant} → {taken} · {count}",
                "{meant} → {taken} · {count}",
                one.times,
                meant=one.meant,
                taken=one.taken,
            )
            for one in seen.confused
        ]
        parts.append(Markup("\n").join(lines))
    return parts


def _sureness(_: Words, learnt: Learnt) -> Markup:
    """The threshold and what it rests on."""
    threshold = _(
        "I answer at once from {threshold} sure on; at most {allowed} of all questions may be answered wrong.",
        threshold=percent(learnt.thresholds.answer),
        allowed=percent(learnt.wrong_allowed),
    )
    evidence = learnt.evidence
    if evidence is None:
        why = _("There are too few ways of asking to measure it yet; I go by what is usual.")
    else:
        why = _.plural(
            "I asked myself {count} way of asking that I had not seen: {right} answered right at once, {wrong} wrong.",
            "I asked myself {count} ways of asking that I had not seen: {right} answered right at once, {wrong} wrong.",
            evidence.held_out,
            right=percent(evidence.answered_right),
            wrong=tenths(evidence.answered_wrong),
        )
    return Markup("{}\n{}").format(threshold, why)


def bar(share: float) -> str:
    """A share, from 0 to 1, as blocks of one width."""
    full = round(_BAR * min(1.0, max(0.0, share)))
    return "▓" * full + "░" * (_BAR - full)


def tenths(share: float) -> str:
    return f"{100 * share:.1f} %"
