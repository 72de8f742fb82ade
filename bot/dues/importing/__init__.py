"""Payments from the app's back office: read, matched with the roster, shown, applied when told so, and taken back."""

from bot.dues.importing.report import document
from bot.dues.importing.service import apply, forget, last_import, preview, read, tidy, undo

__all__ = ["apply", "document", "forget", "last_import", "preview", "read", "tidy", "undo"]
