"""The wording of linking a group, of answering in it, and of falling back from it."""

from markupsafe import Markup

from bot.helpdesk.team.buttons import Agree, Confirm, Decline, ForUnit, Unlink
from bot.helpdesk.teams import Ending, Team
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit


def hello(_: Words, *, lacks_topics: bool) -> Message:
    """To a group that the bot was added to. `lacks_topics`: it has topics, and the bot may not manage them."""
    lines = [
        _(
            "Hello everybody. If the branch's staff are here: send /team, and members' questions come to this group for"
            " you to answer together."
        )
    ]
    if lacks_topics:
        lines.append(
            _(
                "Please make me an administrator first who may manage topics: each question gets one of its own."
            )
        )
    return Message(Markup("\n").join(lines))


def how_to(_: Words) -> Message:
    return Message(
        _(
            "Your branch's staff can answer together in a group. Add me to it as an administrator (where it has topics,"
            " with the right to manage them) and send /team there."
        )
    )


def choose_unit(_: Words, units: list[Unit]) -> Message:
    return Message(
        _("Which branch is this group for?"),
        rows(*[[ForUnit(unit.id).labelled(unit.name)] for unit in units]),
    )


def ask_group(_: Words, team_id: int, name: str, unit: str) -> Message:
    return Message(
        _(
            "{name} would like the questions of {unit}'s members to come here. Everybody in this group could read them."
            " May an administrator of the group agree?",
            name=name,
            unit=unit,
        ),
        rows([Agree(team_id).labelled(_.plain("Agree"))]),
    )


def ask_person(_: Words, team_id: int, unit: str, title: str, *, people: int, others: int) -> Message:
    """`people`: how many are in the group, `others` of them not of the branch's staff."""
    lines = [
        _("Shall the questions of {unit}'s members go to the group “{title}”?", unit=unit, title=title),
        _.plural(
            "{count} person is in it and will read them.",
            "{count} people are in it and will read them.",
            people,
        ),
    ]
    if others:
        lines.append(
            _.plural(
                "{count} of them is not of the branch's staff.",
                "{count} of them are not of the branch's staff.",
                others,
            )
        )
    else:
        lines.append(_("All of them are of the branch's staff."))
    return Message(
        Markup("\n").join(lines),
        rows(
            [
                Confirm(team_id).labelled(_.plain("Yes, link it")),
                Decline(team_id).labelled(_.plain("Better not")),
            ]
        ),
    )


def waits_for_person(_: Words, name: str) -> Message:
    """The group has agreed."""
    return Message(_("Agreed. Now {name} confirms it in our private chat, and it begins.", name=name))


def waits_for_group(_: Words, title: str) -> Message:
    """The person has agreed."""
    return Message(
        _("Good. As soon as an administrator taps “Agree” in the group “{title}”, it begins.", title=title)
    )


def linked_in_group(_: Words, unit: str, *, has_topics: bool) -> Message:
    how = (
        _(
            "Each question has a topic of its own: what the branch's staff write there goes to the member. What replies"
            " to a colleague stays among you."
        )
        if has_topics
        else _("To answer a question, reply to it: what the branch's staff reply goes to the member.")
    )
    return Message(
        Markup("\n").join([_("From now on new questions of {unit}'s members come here.", unit=unit), how])
    )


def linked_in_private(_: Words, title: str) -> Message:
    return Message(
        _(
            "New questions now go to the group “{title}”; those in work stay here. To end that, send /team.",
            title=title,
        )
    )


def linked_by_colleague(_: Words, unit: str, title: str, name: str) -> Message:
    return Message(
        _(
            "{name} has linked the group “{title}”: new questions of {unit}'s members go there. To end that, send /team.",
            name=name,
            title=title,
            unit=unit,
        )
    )


def declined(_: Words) -> Message:
    return Message(_("All right, no questions go to the group."))


def standing(_: Words, unit: str, team: Team) -> Message:
    return Message(
        _("New questions of {unit}'s members go to the group “{title}”.", unit=unit, title=team.title),
        rows([Unlink(team.id).labelled(_.plain("No longer"))]),
    )


def ended_in_group(_: Words, unit: str) -> Message:
    return Message(_("Questions of {unit}'s members no longer come here.", unit=unit))


def ended_by_you(_: Words) -> Message:
    return Message(_("The group is no longer linked. Questions come to each of you in private again."))


def ended_in_private(_: Words, why: Ending, unit: str, title: str, name: str) -> Message:
    """To the branch's staff. `name`: of the colleague who ended it."""
    match why:
        case Ending.REMOVED:
            reason = _("I am no longer in the group “{title}”.", title=title)
        case Ending.RIGHTS:
            reason = _("In the group “{title}” I may no longer open topics or write.", title=title)
        case _other:
            reason = _("{name} has ended the link with the group “{title}”.", name=name, title=title)
    rest = _("Questions of {unit}'s members come to each of you in private again.", unit=unit)
    lines = [reason, rest]
    if why in (Ending.REMOVED, Ending.RIGHTS):
        lines.append(_("To use it again, put that right and send /team in the group."))
    return Message(Markup("\n").join(lines))


def moved(_: Words, title: str) -> Message:
    """To the branch's staff: the group has become a supergroup."""
    return Message(
        _(
            "Telegram has upgraded the group “{title}”, and what I wrote there before can no longer be replied to."
            " Questions in work are in private now; new ones go to the group as before.",
            title=title,
        )
    )


def topic_closed(_: Words, requester: str) -> Message:
    return Message(
        _("Somebody closed the topic of {name}'s question in the group, so it is here now.", name=requester)
    )


def topic_lost(_: Words, requester: str) -> Message:
    return Message(
        _(
            "I can no longer write in the topic of {name}'s question in the group, so it is here now.",
            name=requester,
        )
    )


def not_staff(_: Words) -> Message:
    return Message(_("Only the branch's staff answer here, so I have not passed this on to the member."))


def among_colleagues(_: Words, requester: str, *, in_topic: bool) -> Message:
    return Message(
        _(
            "A reply to a colleague stays in the group. To answer {name}, write here without replying to anybody.",
            name=requester,
        )
        if in_topic
        else _(
            "A reply to a colleague stays in the group. To answer {name}, reply to the question.",
            name=requester,
        )
    )


def commands_in_private(_: Words) -> Message:
    return Message(_("That works in our private chat. Here it is /team only."))
