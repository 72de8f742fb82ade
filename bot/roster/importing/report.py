"""A preview as one JSON document, for the command line."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.kit.i18n import Words
from bot.roster.importing.checks import BadCell
from bot.roster.importing.columns import Column, Header
from bot.roster.importing.compare import Change, Joiner, Missing
from bot.roster.importing.places import Path, Placed
from bot.roster.importing.service import Preview


def document(preview: Preview, words: Words) -> dict[str, Any]:
    """Counts by what happens to a member (one may be moved and changed), what is wrong with which cell, and
    under `details` everybody concerned. Phones never stand in it, but for those in bad cells.

    `missing` counts the members the file does not have; they are `left` only by a full import.
    """
    changes = preview.plan.changes
    details: dict[str, list[Any]] = {
        "new": [_joiner(joiner) for joiner in preview.plan.new],
        "moved": [
            {**_who(change), "from": _named(change.branch_before), "to": _named(change.person.branch)}
            for change in changes
            if change.moved
        ],
        "changed": [{**_who(change), "fields": _fields(change)} for change in changes if change.fields],
        "returned": [_who(change) for change in changes if change.returned],
        "left": [_missing(member) for member in preview.left],
        "posts_gained": [_post(name, post) for name, post in preview.posts_gained],
        "posts_lost": [_post(name, post) for name, post in preview.posts_lost],
        "units_created": [{"unit": _named(path), "kind": str(kind)} for path, kind in preview.plan.units],
    }
    return {
        "rows": preview.rows,
        **{name: len(entries) for name, entries in details.items()},
        "missing": len(preview.plan.missing),
        "bad_rows": list(bad_cells(preview.file.header, preview.plan.bad, words)),
        "applied": preview.applied,
        "full": preview.full,
        "details": details,
    }


def bad_cells(header: Header, cells: Iterable[BadCell], words: Words) -> Iterable[Mapping[str, Any]]:
    for cell in cells:
        title, number = header.locate(cell.column)
        yield {
            "row": cell.row,
            "column": title,
            "column_no": number,
            "value": cell.value,
            "reason": cell.reason.said(words),
        }


def _joiner(joiner: Joiner) -> dict[str, Any]:
    person = joiner.person
    return {
        "row": joiner.row,
        "employee_no": person.employee_no,
        "name": person.name,
        "branch": _named(person.branch),
    }


def _who(change: Change) -> dict[str, Any]:
    return {"row": change.row, "employee_no": change.person.employee_no, "name": change.person.name}


def _fields(change: Change) -> list[dict[str, Any]]:
    return [
        {"field": str(column)}
        if column is Column.PHONE
        else {"field": str(column), "from": before, "to": after}
        for column, before, after in change.fields
    ]


def _missing(member: Missing) -> dict[str, Any]:
    return {"employee_no": member.employee_no, "name": member.name, "branch": _named(member.branch)}


def _post(name: str, post: Placed) -> dict[str, Any]:
    return {"name": name, "unit": _named(post.unit), "role": str(post.role)}


def _named(path: Path) -> str:
    return " / ".join(path)
