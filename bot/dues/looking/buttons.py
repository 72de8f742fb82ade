"""The buttons of the branch's card index."""

from bot.kit.buttons import Button


class Overpaid(Button, tag="du.over"):
    """Staff: the members of a branch who have paid too much, or twice."""

    branch: int
    page: int
