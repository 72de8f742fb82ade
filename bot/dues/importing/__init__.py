"""Payments from the app's back office: read, matched with the roster, shown, and applied when told so."""

from bot.dues.importing.rules import Plan
from bot.dues.importing.service import apply, preview, summary

__all__ = ["Plan", "apply", "preview", "summary"]
