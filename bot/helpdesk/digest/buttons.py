"""The digest's buttons."""

from bot.kit.buttons import Button


class Hours(Button, tag="hd.digest"):
    """At which hour the digest is to come."""


class At(Button, tag="hd.digestat"):
    minute: int | None
    """Of the day, local time; None: no digest."""
