"""How well the FAQ does: what it answered, how sure it may be, and which entries want care."""

from bot.faq.health.handlers import Health

__all__ = ["Health"]
