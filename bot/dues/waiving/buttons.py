"""The buttons and dialogues of requests to be let off."""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Without(Button, tag="dw.plain"):
    """The member asks without a word."""

    obligation: int


class Withdraw(Button, tag="dw.undo"):
    waiver: int


class Waiting(Button, tag="dw.wait"):
    """Staff: the requests that wait for the acting person."""

    page: int


class See(Button, tag="dw.see"):
    """Staff: a request with what can be done about it."""

    waiver: int


class Free(Button, tag="dw.free"):
    """Nothing is to be paid."""

    waiver: int


class Less(Button, tag="dw.less"):
    """Asks how much is to be paid instead."""

    waiver: int


class Amount(Button, tag="dw.amount"):
    waiver: int
    amount: int
    """In fen."""


class Refuse(Button, tag="dw.no"):
    """Asks for a word on why not."""

    waiver: int


class RefusePlainly(Button, tag="dw.no1"):
    waiver: int


class Approve(Button, tag="dw.ok"):
    waiver: int


class Return(Button, tag="dw.back"):
    """Asks for a word on what the branch should look at."""

    waiver: int


class ReturnPlainly(Button, tag="dw.back1"):
    waiver: int


class Asking(Dialogue, tag="dw.asking"):
    """The next message says why the member asks to be let off."""

    obligation: int
    asked: int
    """The outgoing row of the message that asked for it."""


class Pricing(Dialogue, tag="dw.pricing"):
    """The next message is the amount to be paid instead."""

    waiver: int


class Refusing(Dialogue, tag="dw.refusing"):
    """The next message says why not."""

    waiver: int


class Returning(Dialogue, tag="dw.returning"):
    """The next message says what the branch should look at again."""

    waiver: int
