"""The buttons and dialogues of canned replies. `unit` None: one's own."""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue

# Looking after them


class Home(Button, tag="hd.crhome"):
    """All shelves."""


class Shelf(Button, tag="hd.crshelf"):
    unit: int | None
    page: int


class Open(Button, tag="hd.cropen"):
    reply: int


class Add(Button, tag="hd.cradd"):
    unit: int | None


class Change(Button, tag="hd.crchange"):
    reply: int


class Retire(Button, tag="hd.croff"):
    reply: int


class Restore(Button, tag="hd.cron"):
    reply: int


class Adding(Dialogue, tag="hd.cradding"):
    unit: int | None


class Changing(Dialogue, tag="hd.crchange"):
    reply: int


# Sending one


class Choose(Button, tag="hd.crlist"):
    """What can be sent to the member of this ticket."""

    ticket: int
    page: int


class Preview(Button, tag="hd.crsee"):
    ticket: int
    reply: int


class Send(Button, tag="hd.crsend"):
    ticket: int
    reply: int


class Adapt(Button, tag="hd.cradapt"):
    ticket: int
    reply: int
