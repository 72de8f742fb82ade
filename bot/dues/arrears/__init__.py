"""Three unpaid months in a row: told to the branch's secretary in private, and to nobody else."""

from bot.dues.arrears.jobs import sweep

__all__ = ["sweep"]
