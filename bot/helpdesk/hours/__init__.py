"""`/hours`: staff set when their unit works, how soon it answers, and how they are named."""

from bot.helpdesk.hours.handlers import register

__all__ = ["register"]
