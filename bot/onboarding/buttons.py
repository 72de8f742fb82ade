"""The walk-through's buttons and dialogues. A step or entry stands in them by its key (`guide.key_of`)."""

from bot.faq.model import Phone
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class AskPhone(Button, tag="ob.phones"):
    pass


class PickPhone(Button, tag="ob.phone"):
    phone: Phone


class Continue(Button, tag="ob.go"):
    pass


class Restart(Button, tag="ob.again"):
    pass


class Later(Button, tag="ob.later"):
    pass


class HowToAsk(Button, tag="ob.ask"):
    pass


class Done(Button, tag="ob.done"):
    step: int


class Back(Button, tag="ob.back"):
    step: int


class Show(Button, tag="ob.show"):
    """The card again."""

    step: int


class Stuck(Button, tag="ob.stuck"):
    step: int


class Try(Button, tag="ob.try"):
    step: int
    entry: int


class NoneFits(Button, tag="ob.none"):
    step: int


class NotSolved(Button, tag="ob.unsolved"):
    """Under an entry: it did not help."""

    step: int


class Resume(Button, tag="ob.resume"):
    """The card once more, as a new message: what this button stands under is to stay."""

    step: int


class HandOver(Button, tag="ob.hand"):
    """To the secretary without another word."""

    step: int


class NotNow(Button, tag="ob.not"):
    """Ends describing what is wrong; shows the card."""

    step: int


class Describing(Dialogue, tag="ob.describing"):
    """The next message says what is wrong at this step."""

    step: int
    asked: int
    """The outgoing row of the message that asked for it."""
