"""Small content folders."""

from pathlib import Path

from bot.faq.facts import Facts

NO_FACTS = Facts({"zh": {}, "en": {}})
ENTRY = """---
id: {id}
title: {title}
stage: pay
{more}phrasings:
  - {title}怎么办
---
{title}的办法。
"""


def write(folder: Path, name: str, title: str, more: str = "") -> None:
    path = folder / "entries" / f"{name}.zh.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ENTRY.format(id=name, title=title, more=more), encoding="utf-8")
