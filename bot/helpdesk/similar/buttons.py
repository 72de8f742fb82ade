"""What is tapped and awaited while one answer for several tickets is written. `group`: see `alike.Group`."""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Groups(Button, tag="hd.sim"):
    """Which questions are asked alike."""


class Group(Button, tag="hd.simof"):
    """Who asks it."""

    group: int


class Write(Button, tag="hd.simwr"):
    """The next text is the answer for this group."""

    group: int


class Same(Button, tag="hd.simsame"):
    """What was answered in this ticket is for the others who ask alike, too."""

    ticket: int
    group: int


class Choose(Button, tag="hd.simwho"):
    """Who of the group is to have the answer."""

    group: int
    page: int


class Toggle(Button, tag="hd.simtick"):
    group: int
    ticket: int
    page: int


class Preview(Button, tag="hd.simsee"):
    group: int


class Send(Button, tag="hd.simsend"):
    group: int


class Progress(Button, tag="hd.simgot"):
    """Whom the answers have reached: the entries of one sending, from the first to the last."""

    first: int
    last: int


class Answering(Dialogue, tag="hd.similar"):
    """The next text is an answer for several tickets."""

    group: int
    tickets: str
    """Their ids, parted by commas: whoever asks later has not been seen, and gets nothing."""
    text: str
    """Empty: nothing is written yet."""
    html: str | None
