"""The wording of announcing: what the author sees, and what the members get."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.announcing.buttons import (
    Announce,
    ByBranch,
    Confirm,
    Drop,
    Mark,
    NotNow,
    Pause,
    PickUnit,
    Readers,
    Resume,
    Rewrite,
    Seen,
    SendNow,
    Show,
    Stop,
    Undo,
)
from bot.dues.announcing.model import Announcement, Outcome, Reach, Stage
from bot.dues.announcing.rules import UNDO_WITHIN
from bot.dues.announcing.service import Branches, Draft, Reading, Report
from bot.kit.clock import SECOND, to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit, UnitKind

NAMES = 60
"""Names written out in one message."""

_OUTCOMES = {
    Outcome.DELIVERED: N_("{number} delivered"),
    Outcome.FAILED: N_("{number} not delivered"),
    Outcome.BLOCKED: N_("{number} turned me off"),
    Outcome.UNKNOWN: N_("{number} uncertain"),
    Outcome.NOT_SENT: N_("{number} not sent"),
    Outcome.NEVER_STARTED: N_("{number} never started me"),
}


def button(_: Words) -> InlineKeyboardButton:
    """Where announcing begins, for menus."""
    return Announce().labelled(_.plain("Announce something"))


def which_unit(_: Words, units: Sequence[Unit]) -> Message:
    lines = [[PickUnit(unit.id).labelled(unit.name)] for unit in units[:7]]
    return Message(_("To whose members?"), rows(*lines, [NotNow().labelled(_.plain("Not needed"))]))


def ask(_: Words, unit: Unit, draft_id: int | None) -> Message:
    """Asks for the content; `draft_id`: of the draft that it will replace."""
    way_out = (
        NotNow().labelled(_.plain("Not needed"))
        if draft_id is None
        else Show(draft_id).labelled(_.plain("‹ Leave it as it is"))
    )
    return Message(
        _(
            "What do you want to tell the members of <b>{unit}</b>? Please send it: text, one picture or one file. Nothing"
            " leaves before you have seen it.",
            unit=unit.name,
        ),
        rows([way_out]),
    )


def dropped(_: Words) -> Message:
    return Message(_("All right, nothing was sent."))


def no_albums(_: Words) -> Message:
    return Message(
        _(
            "Several pictures at once do not work here. Please send the most important one, with the words below it."
        )
    )


def unsuitable(_: Words) -> Message:
    return Message(_("I can pass on text, one picture or one file. Please send one of these."))


def too_long(_: Words, over: int, with_media: bool) -> Message:
    if with_media:
        text = _.plural(
            "The words below a picture or file are {count} character too long. Please shorten them, or send the text alone.",
            "The words below a picture or file are {count} characters too long. Please shorten them, or send the text"
            " alone.",
            over,
        )
    else:
        text = _.plural(
            "This is {count} character too long for one message. Please shorten it and send it again.",
            "This is {count} characters too long for one message. Please shorten it and send it again.",
            over,
        )
    return Message(text)


def copy(_: Words, found: Announcement, unit: str, author: str) -> Message:
    """What a member gets, in their language."""
    keyboard = rows([Seen(found.id).labelled(_.plain("I have read it"))]) if found.asks_read else None
    body = Markup(found.content.body)  # noqa: S704 - Telegram's own HTML of what the author has formatted
    text = header(unit, author) + (Markup("\n\n") + body if body else Markup(""))
    return Message(text, keyboard, found.content.media)


def header(unit: str, author: str) -> Markup:
    """The line above every copy: from which unit and who it is."""
    return Markup("📢 <b>{unit}</b> · {author}").format(unit=unit, author=author)


def panel(
    _: Words, draft: Draft, reach: Reach, morning: int | None, zone: tzinfo, *, is_back: bool = False
) -> Message:
    """Below the preview: how many it reaches, and what to do. `morning`: when it would leave, if these are quiet hours;
    `is_back`: it was just taken back.
    """
    found = draft.announcement
    lines = [_("Taken back; nobody has got it.")] if is_back else []
    lines.append(
        _.plural(
            "Above is what {count} member of <b>{unit}</b> will see.",
            "Above is what {count} members of <b>{unit}</b> will see.",
            reach.reachable,
            unit=draft.unit.name,
        )
    )
    left_out = [
        _(label, number=number)
        for label, number in (
            (_OUTCOMES[Outcome.NEVER_STARTED], reach.never_started),
            (_OUTCOMES[Outcome.BLOCKED], reach.blocked),
        )
        if number
    ]
    if left_out:
        lines.append(_("Not by me: {told}.", told=_(", ").join(left_out)))
    if morning is not None:
        lines.append(_("These are quiet hours: it would leave {when}.", when=_moment(_, morning, zone)))
    reading = _.plain("✓ With “I have read it”") if found.asks_read else _.plain("Add an “I have read it”")
    return Message(
        Markup("\n").join(lines),
        rows(
            [Confirm(found.id).labelled(_.plain("Send"))],
            [Mark(found.id, not found.asks_read).labelled(reading)],
            [Rewrite(found.id).labelled(_.plain("Change it")), Drop(found.id).labelled(_.plain("Drop it"))],
        ),
    )


def confirmed(_: Words, found: Announcement, now: int, zone: tzinfo) -> Message:
    """While it can still be taken back."""
    undo = Undo(found.id).labelled(_.plain("Take it back"))
    due = found.due_at or now
    if due - now > UNDO_WITHIN:
        when = _moment(_, due, zone)
        text = _.plural(
            "It leaves {when}, for {count} member. Until then you can take it back.",
            "It leaves {when}, for {count} members. Until then you can take it back.",
            found.reachable,
            when=when,
        )
        return Message(text, rows([undo]))
    text = _.plural(
        "It leaves in {seconds} seconds, for {count} member.",
        "It leaves in {seconds} seconds, for {count} members.",
        found.reachable,
        seconds=max(0, due - now) // SECOND,
    )
    return Message(text, rows([undo, SendNow(found.id).labelled(_.plain("Send right now"))]))


def progress(
    _: Words, found: Announcement, left: int, *, waits_until: int | None = None, zone: tzinfo
) -> Message:
    """How it goes. `waits_until`: when the quiet hours, in which it rests, are over."""
    pause = Pause(found.id).labelled(_.plain("Pause"))
    resume = Resume(found.id).labelled(_.plain("Go on"))
    stop = Stop(found.id, False).labelled(_.plain("Stop"))
    numbers = {"left": left, "all": max(found.reachable, left)}
    if found.stopped_at is not None:
        return Message(_("Stopped: {left} of {all} sent. Nothing more leaves.", **numbers))
    match found.stage:
        case Stage.PAUSED:
            return Message(_("Paused: {left} of {all} sent.", **numbers), rows([resume, stop]))
        case Stage.DONE:
            return Message(_("Done: {left} of {all} sent.", **numbers))
        case _ if waits_until is not None:
            text = _(
                "{left} of {all} sent; the others {when}.", **numbers, when=_moment(_, waits_until, zone)
            )
            return Message(text, rows([stop]))
        case _:
            return Message(_("Sent {left} of {all}", **numbers), rows([pause, stop]))


def stop_for_good(_: Words, found: Announcement, left: int) -> Message:
    return Message(
        _(
            "{left} of {all} sent. Once stopped, the others do not get it any more.",
            left=left,
            all=max(found.reachable, left),
        ),
        rows(
            [Stop(found.id, True).labelled(_.plain("Stop for good"))],
            [Resume(found.id).labelled(_.plain("Go on"))],
        ),
    )


def report(_: Words, told: Report) -> Message:
    found = told.announcement
    counted = [
        _(label, number=number)
        for outcome, label in _OUTCOMES.items()
        if (number := told.fared.counts.get(outcome, 0)) or outcome is Outcome.DELIVERED
    ]
    values = {"unit": told.unit.name, "told": _(", ").join(counted)}
    if found.stopped_at is None:
        lines = [_("<b>Your announcement to {unit}</b> is out: {told}.", **values)]
    else:
        lines = [_("<b>Your announcement to {unit}</b> was stopped: {told}.", **values)]
    if told.not_reached:
        lines.append(_("Please give them a ring: {names}", names=_names(_, told.not_reached)))
    readers = [Readers(found.id).labelled(_.plain("Who has read it"))] if found.asks_read else []
    branches = (
        [] if told.unit.kind is UnitKind.BRANCH else [ByBranch(found.id, 0).labelled(_.plain("By branch"))]
    )
    return Message(Markup("\n").join(lines), rows(readers, branches))


def readers(_: Words, reading: Reading, is_branch: bool) -> Message:
    found = reading.announcement
    lines = [
        _("<b>{read} of {all}</b> have tapped “I have read it”.", read=reading.read, all=reading.delivered)
    ]
    if reading.unread:
        lines.append(_("Not yet: {names}", names=_names(_, reading.unread)))
    branches = [] if is_branch else [ByBranch(found.id, 0).labelled(_.plain("By branch"))]
    return Message(
        Markup("\n").join(lines), rows([Readers(found.id).labelled(_.plain("Look again"))], branches)
    )


def by_branch(_: Words, shown: Branches) -> Message:
    found = shown.announcement
    lines = []
    for unit, fared in shown.branches:
        values = {
            "branch": unit.name,
            "delivered": fared.counts.get(Outcome.DELIVERED, 0),
            "all": fared.members,
        }
        if found.asks_read:
            lines.append(_("{branch}: {delivered} of {all}, read by {read}", **values, read=fared.read))
        else:
            lines.append(_("{branch}: {delivered} of {all}", **values))
    turns = []
    if shown.page:
        turns.append(ByBranch(found.id, shown.page - 1).labelled(_.plain("‹ Earlier")))
    if shown.page + 1 < shown.pages:
        turns.append(ByBranch(found.id, shown.page + 1).labelled(_.plain("Further ›")))
    readers_ = [Readers(found.id).labelled(_.plain("Who has read it"))] if found.asks_read else []
    title = _("<b>Delivered, by branch</b>")
    return Message(Markup("\n").join([title, *(lines or [_("Nobody.")])]), rows(turns, readers_))


def thanks(_: Words, author: str | None) -> str:
    """What a tap on “I have read it” answers; None: it was the author who tried it."""
    if author is None:
        return _.plain("This is what members tap. You need not.")
    return _.plain("Thank you. {name} sees that it was read.", name=author)


def kept(_: Words, sent: int, read: int) -> Sequence[str]:
    """Lines for what is kept about a person."""
    return (
        [_("Announcements: {sent} sent to you, {read} of them said to be read", sent=sent, read=read)]
        if sent
        else ()
    )


def _moment(_: Words, instant: int, zone: tzinfo) -> Markup:
    return _("on {month}/{day} at {time}", **_parts(instant, zone))


def _parts(instant: int, zone: tzinfo) -> dict[str, object]:
    local = to_local(instant, zone)
    return {"month": local.month, "day": local.day, "time": f"{local:%H:%M}"}


def _names(_: Words, names: Sequence[str]) -> Markup:
    shown = _(", ").join(names[:NAMES])
    more = len(names) - NAMES
    return shown if more <= 0 else _("{names} and {more} more", names=shown, more=more)
