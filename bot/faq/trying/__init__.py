"""Trying questions: what a member would get, and why; and what a draft would change about it."""

from bot.faq.trying.check import Check
from bot.faq.trying.handlers import Trials

__all__ = ["Check", "Trials"]
