"""Roster values put into words: posts, where a member belongs, who looks after them, what is kept."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.kit.clock import to_local
from bot.kit.i18n import LANGUAGES, N_, Words
from bot.kit.menu import Entry
from bot.kit.messages import Message, rows
from bot.roster.buttons import ForgetMe, KeepMe, Language
from bot.roster.model import Actor, Category, Role, Status
from bot.roster.privacy import Kept
from bot.roster.service import Standing

LANGUAGE_NAMES: Mapping[str, str] = {"zh_CN": "中文", "en": "English"}

_ROLES = {
    Role.SECRETARY: N_("secretary"),
    Role.DEPUTY: N_("deputy secretary"),
    Role.HELPER: N_("helper"),
    Role.GENERAL: N_("staff of the general branch"),
    Role.ADMIN: N_("committee admin"),
}
_STATUSES = {Status.FULL: N_("full member"), Status.PROBATIONARY: N_("probationary member")}
_CATEGORIES = {
    Category.EMPLOYED: N_("employed"),
    Category.RETIRED: N_("retired"),
    Category.STUDENT: N_("student"),
    Category.FARMER: N_("farmer"),
    Category.LAID_OFF: N_("laid off"),
    Category.OTHER: N_("other"),
}
_MESSAGE_LIMIT = 3500


def role_name(_: Words, role: Role) -> str:
    return _.plain(_ROLES[role])


def status_name(_: Words, status: Status) -> str:
    return _.plain(_STATUSES[status])


def category_name(_: Words, category: Category) -> str:
    return _.plain(_CATEGORIES[category])


def yuan(fen: int) -> str:
    """An amount as people write it: 20, 20.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02}" if rest else str(whole)


def moment(instant: int, zone: tzinfo) -> str:
    local = to_local(instant, zone)
    return f"{local:%Y-%m-%d %H:%M}"


def staff_line(_: Words, found: Standing) -> Markup:
    """Who looks after the member, by name."""
    if not found.staff:
        return _("Your branch has no secretary on the roster yet.")
    first = found.staff[0]
    if first.person.member.id == found.member.id:
        return _("You look after this branch yourself.")
    role = role_name(_, first.post.role)
    return _("Your {role} is {name}.", role=role, name=first.person.member.name)


def who(_: Words, found: Standing) -> Message:
    lines = [
        _("<b>{name}</b>", name=found.member.name),
        _("Your branch: {branch}", branch=" · ".join(unit.name for unit in reversed(found.units))),
        staff_line(_, found),
    ]
    others = [staff for staff in found.staff[1:] if staff.person.member.id != found.member.id]
    if others:
        named = [
            _.plain("{name} ({role})", name=staff.person.member.name, role=role_name(_, staff.post.role))
            for staff in others
        ]
        lines.append(_("Also there for you: {people}", people=_.plain(", ").join(named)))
    for post, unit in found.posts:
        lines.append(_("Your post: {unit}, {role}", unit=unit.name, role=role_name(_, post.role)))
    if found.staff and found.staff[0].person.account_id is None:
        lines.append(_("They have not started this bot yet, so please phone them for now."))
    return Message(Markup("\n").join(lines))


def who_is_nobody(_: Words) -> Message:
    return Message(_("I do not know you yet. Send /start, then I look for your branch and your secretary."))


def commands(_: Words, entries: Sequence[Entry[Actor]]) -> Markup:
    return Markup("\n").join(
        Markup("/{command} {about}").format(command=entry.command, about=_.plain(entry.about))
        for entry in entries
    )


def help_for_member(_: Words, entries: Sequence[Entry[Actor]], found: Standing) -> Message:
    return Message(
        Markup("\n\n").join(
            [
                _("Whatever troubles you with the app, just type it or send a screenshot. I am here."),
                commands(_, entries),
                staff_line(_, found),
            ]
        )
    )


def help_for_stranger(_: Words, entries: Sequence[Entry[Actor]]) -> Message:
    return Message(
        Markup("\n\n").join(
            [
                _("You can ask me general questions right away. For your own matters, send /start first."),
                commands(_, entries),
            ]
        )
    )


def unknown_command(_: Words, entries: Sequence[Entry[Actor]]) -> Message:
    return Message(
        Markup("\n\n").join(
            [
                _("I do not know this command. These I know, and you can also simply type what you need:"),
                commands(_, entries),
            ]
        )
    )


def choose_language(_: Words) -> Message:
    buttons = [Language(code).labelled(LANGUAGE_NAMES[code]) for code in LANGUAGES]
    return Message(_("Which language shall I speak with you?"), rows(buttons))


def language_chosen(_: Words) -> Message:
    return Message(_("All right, from now on in English."))


def kept(_: Words, found: Kept | None, more: Sequence[str], zone: tzinfo) -> Sequence[Message]:
    """/mydata, in as many messages as it needs."""
    lines: list[Markup] = [_("<b>What is kept about you</b>")]
    if found is not None:
        lines += _account_lines(_, found, zone)
        if found.standing is not None:
            lines += _member_lines(_, found.standing, found.phone)
    lines += [Markup(line) for line in more]  # noqa: S704 - rooms hand in text they have escaped
    lines.append(
        _("Only your own branch staff sees your name and phone. /forgetme deletes what can be deleted.")
    )
    return [Message(text) for text in _parts(lines)]


def _account_lines(_: Words, found: Kept, zone: tzinfo) -> list[Markup]:
    account = found.account
    lines = [_("Telegram account: {id}", id=account.id)]
    if account.display_name:
        lines.append(_("Name in Telegram: {name}", name=account.display_name))
    if account.language is not None:
        lines.append(_("Language: {language}", language=LANGUAGE_NAMES[account.language]))
    if account.bound_at is not None:
        lines.append(_("Recognised on {date}", date=moment(account.bound_at, zone)))
    if found.open_request_to is not None:
        lines.append(_("Waiting to be confirmed by {branch}", branch=found.open_request_to.name))
    return lines


def _member_lines(_: Words, found: Standing, phone: str | None) -> list[Markup]:
    member = found.member
    lines = [
        _("Name: {name}", name=member.name),
        _("Branch: {branch}", branch=" · ".join(unit.name for unit in reversed(found.units))),
        _(
            "Membership: {status}, {category}",
            status=status_name(_, member.status),
            category=category_name(_, member.category),
        ),
    ]
    if member.employee_no is not None:
        lines.append(_("Employee number: {number}", number=member.employee_no))
    if phone is not None:
        lines.append(_("Phone: {phone} (stored encrypted)", phone=phone))
    if member.monthly_dues is not None:
        lines.append(_("Monthly dues: {amount} yuan", amount=yuan(member.monthly_dues)))
    for post, unit in found.posts:
        lines.append(_("Your post: {unit}, {role}", unit=unit.name, role=role_name(_, post.role)))
    return lines


def _parts(lines: Sequence[Markup]) -> list[Markup]:
    parts: list[list[Markup]] = [[]]
    size = 0
    for line in lines:
        if size + len(line) > _MESSAGE_LIMIT and parts[-1]:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    return [Markup("\n").join(part) for part in parts]


def ask_to_forget(_: Words, *, bound: bool) -> Message:
    if bound:
        text = _(
            "Shall I forget you? Your Telegram account will be disconnected, and what I keep about it is deleted."
            " Your row on the roster stays: it is your organisation's record, and only your branch can change it."
        )
    else:
        text = _("Shall I forget you? What I keep about your Telegram account is deleted.")
    return Message(
        text,
        rows([ForgetMe().labelled(_.plain("Forget me"))], [KeepMe().labelled(_.plain("Keep everything"))]),
    )


def forgotten(_: Words) -> Message:
    return Message(
        _("Done. Your account is disconnected and its data deleted. If you need me again, send /start.")
    )


def nothing_forgotten(_: Words) -> Message:
    return Message(_("All right, everything stays as it is."))
