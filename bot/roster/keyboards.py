"""Long lists as buttons, a page at a time."""

from collections.abc import Callable, Sequence

from telegram import InlineKeyboardButton

from bot.kit.buttons import Button
from bot.kit.i18n import Words

PAGE = 8


def paged(
    _: Words, choices: Sequence[InlineKeyboardButton], page: int, turn_to: Callable[[int], Button]
) -> list[list[InlineKeyboardButton]]:
    """One choice a line, and where there are more, a line to turn the page. A page that no longer exists shows the
    last one.
    """
    last = max(0, (len(choices) - 1) // PAGE)
    page = min(max(page, 0), last)
    lines = [[choice] for choice in choices[page * PAGE : (page + 1) * PAGE]]
    turns = []
    if page > 0:
        turns.append(turn_to(page - 1).labelled(_.plain("‹ Back")))
    if page < last:
        turns.append(turn_to(page + 1).labelled(_.plain("More ›")))
    return [*lines, turns] if turns else lines
