"""What the commands say to a person at the terminal, line by line."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.faq.exchange.package import ToCorrect
from bot.kit.i18n import N_, Words

_IMPORT = {
    "new": N_("New entries: {count}"),
    "changed": N_("Changed entries: {count}"),
    "conflicts": N_("Changed on both sides: {count}"),
    "newer_here": N_("Changed here only, they stay: {count}"),
    "same": N_("The same: {count}"),
    "missing": N_("Here only, they stay: {count}"),
}
_COUNTED_ONLY = ("same", "missing")
_DIFF = {
    "new": N_("Added here: {count}"),
    "changed": N_("Changed here: {count}"),
    "retired": N_("Retired here: {count}"),
    "missing": N_("Kept here, no longer shipped: {count}"),
}


def imported(_: Words, document: Mapping[str, Any], *, overwrite: bool) -> Iterable[str]:
    for name, message in _IMPORT.items():
        listed = document[name]
        if listed:
            yield _.plain(message, count=len(listed))
            yield from () if name in _COUNTED_ONLY else (f"  {each}" for each in listed)
    if not any(document[name] for name in ("new", "changed", "conflicts")):
        yield _.plain("Nothing to bring in.")
    elif not document["applied"]:
        yield _.plain("Nothing has been written yet. Add --apply to do it.")
    else:
        yield _.plain("Done.")
    if document["conflicts"] and not overwrite:
        yield _.plain(
            "What was changed on both sides stays as it is here; --overwrite takes the file's version."
        )


def exported(_: Words, count: int, path: object) -> str:
    return str(
        _.plural(
            "{count} entry written to {path}.", "{count} entries written to {path}.", count, path=path
        ).unescape()
    )


def differences(_: Words, document: Mapping[str, Any]) -> Iterable[str]:
    if not any(document.values()):
        yield _.plain("Everything stands as it was shipped.")
    for name, message in _DIFF.items():
        listed = document[name]
        if not listed:
            continue
        yield _.plain(message, count=len(listed))
        for each in listed:
            yield f"  {each['id'] if name == 'changed' else each}"
            if name == "changed":
                yield each["diff"]


def refused(_: Words, error: ToCorrect) -> Iterable[str]:
    yield _.plain(error.message, **error.details)
    for problem in error.problems:
        yield "  " + _.plain(problem.message, **problem.details)
