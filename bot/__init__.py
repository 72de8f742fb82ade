"""Zhibu (支部): a Telegram bot that brings every member of a large organisation through its app."""
