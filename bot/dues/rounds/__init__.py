"""A branch's round of reminders as its staff see it: before it, with what it says and whom it reaches, and after it."""

from bot.dues.rounds.handlers import register

__all__ = ["register"]
