"""The buttons and the dialogue of agreements. They stand under a member's card, which is about an obligation."""

from bot.dues.agreements.model import Kind
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Terms(Button, tag="da.terms"):
    """How the member pays."""

    obligation: int


class ByQuarter(Button, tag="da.quarter"):
    obligation: int


class Payers(Button, tag="da.payers"):
    """Asks who pays in the member's place."""

    obligation: int
    page: int


class PaidBy(Button, tag="da.paidby"):
    obligation: int
    member: int


class Revoke(Button, tag="da.revoke"):
    obligation: int
    kind: Kind


class Naming(Dialogue, tag="da.naming"):
    """The next message says who pays in the member's place."""

    obligation: int
