"""The buttons of the report."""

from bot.kit.buttons import Button


class Report(Button, tag="fh.of"):
    """Of one of the units whose entries one keeps."""

    owner: int | None
