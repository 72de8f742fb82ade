"""Buttons and dialogues of joining."""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Begin(Button, tag="join.begin"):
    """To the beginning: the person's next thing to do."""


class HaveCode(Button, tag="join.code"):
    pass


class PickUnit(Button, tag="join.unit"):
    """Shows what is below a unit (below nothing: the top), or, for a branch, asks for the name."""

    unit: int | None
    page: int


class Cancel(Button, tag="join.cancel"):
    """Ends what is being asked."""


class Withdraw(Button, tag="join.withdraw"):
    pass


class Candidates(Button, tag="join.who"):
    """Staff: shows whom the account could be."""

    request: int
    page: int


class Choose(Button, tag="join.choose"):
    """Staff: asks to confirm that the account is this member."""

    request: int
    member: int


class Confirm(Button, tag="join.confirm"):
    request: int
    member: int


class NotOnRoster(Button, tag="join.absent"):
    request: int


class Refuse(Button, tag="join.refuse"):
    request: int


class CodePage(Button, tag="code.page"):
    page: int


class IssueCode(Button, tag="code.issue"):
    member: int


class LinkPage(Button, tag="link.page"):
    page: int


class ShowLink(Button, tag="link.show"):
    unit: int


class AwaitingCode(Dialogue, tag="join.code"):
    pass


class AwaitingName(Dialogue, tag="join.name"):
    unit: int
