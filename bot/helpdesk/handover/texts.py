"""A handover put into words."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk.handover import buttons
from bot.helpdesk.handover.model import Held, Plan
from bot.helpdesk.writing import Stop
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged
from bot.roster.model import Person, Post, Role, Unit

_SEVERAL = 8

_POSTS = {
    Role.SECRETARY: N_("secretary of {unit}"),
    Role.DEPUTY: N_("deputy secretary of {unit}"),
    Role.HELPER: N_("helper of {unit}"),
    Role.GENERAL: N_("staff of {unit}"),
    Role.ADMIN: N_("administrator of {unit}"),
}


def which(_: Words, held: Sequence[Held], page: int) -> Message:
    choices = [
        buttons.Successors(each.person.member.id, each.unit.id, each.post.role, 0).labelled(
            f"{_post(_, each.post, each.unit)} · {each.person.member.name}"
        )
        for each in held
    ]
    return Message(
        _("Which post is to be handed over?"),
        rows(*paged(_, choices, page, buttons.Posts), [Stop().labelled(_.plain("Never mind"))]),
    )


def who(_: Words, held: Held, offered: Sequence[Person], page: int) -> Message:
    """Asks who takes the post over; a name can be typed, too."""
    member_id, unit_id, role = held.person.member.id, held.unit.id, held.post.role
    ask = _(
        "Who takes over from {name} as {post}? Tap a name, or write one.",
        name=held.person.member.name,
        post=_post(_, held.post, held.unit),
    )
    return Message(
        ask,
        rows(
            *paged(
                _,
                [_named(_, held, each) for each in offered],
                page,
                lambda to: buttons.Successors(member_id, unit_id, role, to),
            ),
            [buttons.Posts(0).labelled(_.plain("‹ Back"))],
        ),
    )


def which_of_them(_: Words, held: Held, found: Sequence[Person]) -> Message:
    """What was typed is nobody's name, or several people's."""
    unit = held.unit.name
    if not found:
        return Message(
            _("Nobody of that name in {unit} could take it over. Please write the full name.", unit=unit),
            rows([Stop().labelled(_.plain("Never mind"))]),
        )
    return Message(
        _("There are several of that name in {unit}. Which one?", unit=unit),
        rows(*[[_named(_, held, each, number=True)] for each in found[:_SEVERAL]]),
    )


def _named(_: Words, held: Held, person: Person, *, number: bool = False) -> InlineKeyboardButton:
    """`number`: with the employee number, by which people of one name are told apart."""
    member = person.member
    name = f"{member.name} · {member.employee_no}" if number and member.employee_no else member.name
    label = name if person.account_id is not None else _.plain("{name} (does not use me yet)", name=name)
    return buttons.Preview(held.person.member.id, held.unit.id, held.post.role, member.id).labelled(label)


def preview(_: Words, plan: Plan, *, own: bool) -> Message:
    """What will be, to be confirmed. `own`: the reader hands over their own post."""
    held, before, after = plan.held, plan.held.person.member.name, plan.successor.member.name
    lines = [
        _(
            "<b>{post}</b>: {before} → {after}",
            post=_post(_, held.post, held.unit),
            before=before,
            after=after,
        )
    ]
    if plan.waiting:
        lines.append(
            _.plural(
                "{count} question that waits for an answer goes along.",
                "{count} questions that wait for an answer go along.",
                plan.waiting,
            )
        )
    if plan.successor.account_id is None:
        lines.append(
            _(
                "{name} does not use me yet: until they send /start, the next in line answers.",
                name=after,
            )
        )
    lines += [
        _("{name} is then no longer {post}.", name=after, post=_post(_, each, held.unit))
        for each in plan.ends
    ]
    lines.append(
        _("You then see no question of {unit} any more, from that moment on.", unit=held.unit.name)
        if own
        else _(
            "{name} then sees no question of {unit} any more, from that moment on.",
            name=before,
            unit=held.unit.name,
        )
    )
    if plan.keeps:
        lines.append(_("{name} keeps: {posts}", name=before, posts=_posts(_, plan.keeps)))
    confirm = buttons.Confirm(held.person.member.id, held.unit.id, held.post.role, plan.successor.member.id)
    back = buttons.Successors(held.person.member.id, held.unit.id, held.post.role, 0)
    return Message(
        _lines(lines),
        rows([confirm.labelled(_.plain("Hand it over")), back.labelled(_.plain("‹ Back"))]),
    )


def done(_: Words, plan: Plan, *, own: bool) -> Message:
    """Told to whoever has handed it over."""
    after = plan.successor.member.name
    lines = [
        _("Handed over: {name} is now {post}.", name=after, post=_post(_, plan.held.post, plan.held.unit))
    ]
    if own:
        lines.append(_("Questions no longer come to you. Thank you for all you have done."))
    return Message(_lines(lines))


def handed_over_for_you(_: Words, plan: Plan) -> Message:
    """Told to the former holder, when somebody else has done it."""
    return Message(
        _(
            "{name} is now {post}. Questions no longer come to you. Thank you for all you have done.",
            name=plan.successor.member.name,
            post=_post(_, plan.held.post, plan.held.unit),
        )
    )


def yours_now(_: Words, plan: Plan) -> Message:
    """Told to the new holder."""
    before = plan.held.person.member.name
    lines = [
        _(
            "From now on you are {post}, after {name}.",
            post=_post(_, plan.held.post, plan.held.unit),
            name=before,
        )
    ]
    if plan.waiting:
        lines.append(
            _.plural(
                "{count} question waits for your answer; here it comes.",
                "{count} questions wait for your answer; here they come.",
                plan.waiting,
            )
        )
    if plan.group is not None:
        lines.append(
            _(
                "{name} is still in the group “{group}” and can read along there. If that should not be, please"
                " take them out of it.",
                name=before,
                group=plan.group,
            )
        )
    lines.append(_("/tickets shows all questions, /help what you can do."))
    return Message(_lines(lines))


def _posts(_: Words, held: Sequence[tuple[Post, Unit]]) -> str:
    return _.plain(", ").join(_post(_, post, unit) for post, unit in held)


def _post(_: Words, post: Post, unit: Unit) -> str:
    """'secretary of 采油三队党支部'."""
    return _.plain(_POSTS[post.role], unit=unit.name)


def _lines(parts: Sequence[Markup]) -> Markup:
    return Markup("\n").join(parts)
