"""The content that comes with the bot, cut short: tests that only need some entries do not wait until all are read."""

import shutil
from pathlib import Path

SHIPPED = Path(__file__).parents[1] / "faq"

FEW = 15
"""Ways of asking an entry that are left."""


def brief_content(folder: Path) -> Path:
    """A copy in `folder` of the content that comes with the bot, with the first few ways of asking of each entry."""
    brief = folder / "faq"
    shutil.copytree(SHIPPED, brief)
    for path in brief.glob("*/*.md"):
        head, phrasings, rest = path.read_text(encoding="utf-8").partition("phrasings:\n")
        lines = rest.splitlines(keepends=True)
        asked = next((at for at, line in enumerate(lines) if not line.startswith("  - ")), len(lines))
        kept = [*lines[: min(asked, FEW)], *lines[asked:]]
        path.write_text("".join([head, phrasings, *kept]), encoding="utf-8")
    return brief
