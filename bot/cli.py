"""The commands (design section 6). `--json` prints one document on standard output and nothing else there."""

import asyncio
import errno
import json
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from telegram.error import InvalidToken, NetworkError

from bot import app, doctor, safekeeping, serving, settings
from bot.dues import importing as payments
from bot.faq import Library
from bot.faq import commands as faq
from bot.faq.exchange import commands as entry_files
from bot.faq.exchange import report
from bot.faq.exchange.package import ToCorrect
from bot.kit import logs, schema
from bot.kit.clock import SystemClock, from_local, to_local
from bot.kit.database import Unavailable
from bot.kit.errors import Refusal
from bot.kit.i18n import Languages, Words
from bot.kit.transport import NoAnswer
from bot.kit.work import Works
from bot.roster import importing
from bot.settings import Settings

T = TypeVar("T")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Apply = Annotated[bool, typer.Option("--apply", help="Do it; without this, only show what would be done.")]
OfUnit = Annotated[str | None, typer.Option("--unit", help="Whose entries: a unit's name.")]
Port = Annotated[int, typer.Option(help="Port of the demo's page.", envvar="ZHIBU_PORT", min=1, max=65_535)]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open the page in a browser.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Forget the demo of last time and begin anew.")]


def main() -> None:
    """The console script. Whatever goes wrong ends in a sentence and an exit code, never in a traceback."""
    try:
        commands()()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last frame before the terminal
        typer.echo(_sentence(error, _words()), err=True)
        sys.exit(os.EX_CONFIG if isinstance(error, ValidationError) else 1)


def commands() -> typer.Typer:
    cli = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, rich_markup_mode=None
    )
    cli.command("start")(start)
    cli.command("demo")(run_demo)
    cli.command("run")(run)
    cli.command("doctor")(examine)
    cli.command("backup")(backup)
    cli.command("restore")(restore)

    answers = typer.Typer(help="Questions and answers.", no_args_is_help=True)
    answers.command("ask")(ask)
    answers.command("eval")(evaluate)
    answers.command("import")(faq_import)
    answers.command("export")(export)
    answers.command("diff")(faq_diff)
    cli.add_typer(answers, name="faq")

    roster = typer.Typer(help="Units and members.", no_args_is_help=True)
    roster.command("import")(roster_import)
    cli.add_typer(roster, name="roster")

    paying = typer.Typer(help="Dues.", no_args_is_help=True)
    paying.command("import")(dues_import)
    paying.command("undo")(dues_undo)
    cli.add_typer(paying, name="dues")

    database = typer.Typer(help="The database.", no_args_is_help=True)
    database.command("upgrade")(upgrade)
    cli.add_typer(database, name="db")
    return cli


def start(port: Port = 8000, no_browser: NoBrowser = False, fresh: Fresh = False) -> None:
    """Run the real bot if the settings hold a token, else the demo."""
    if settings.load().token is None:
        run_demo(port, no_browser, fresh)
    else:
        run()


def run_demo(port: Port = 8000, no_browser: NoBrowser = False, fresh: Fresh = False) -> None:
    """Show everything: an invented organisation, the real bot, and a page to play everybody on."""
    from bot import demo  # noqa: PLC0415 - with the sandbox, which the real bot has no use for

    current = settings.load()
    logs.configure("WARNING")
    work = demo.run(current, port=port, open_page=not no_browser, fresh=fresh, say=typer.echo)
    asyncio.run(serving.until_told_to_stop(work))


def run() -> None:
    """Run the bot, from settings (environment or file)."""
    current = settings.load()
    logs.configure(current.log_level)

    async def serve() -> None:
        zhibu = await app.build(current, SystemClock(), secrets.SystemRandom(), Languages.load())
        await serving.serve(zhibu.runtime)

    with safekeeping.in_use(current.data_dir):
        asyncio.run(serving.until_told_to_stop(serve()))


def examine(as_json: AsJson = False) -> None:
    """Check settings, database, content and the way to Telegram."""
    current, words = _settings_and_words()
    today = to_local(SystemClock().now(), current.zone).date()

    async def look() -> list[doctor.Finding]:
        findings = []
        async for finding in doctor.examine(current, words, today):
            findings.append(finding)
            if not as_json:
                typer.echo(f"{'✓' if finding.good else '✗'} {finding.what}: {finding.said}")
        return findings

    findings = asyncio.run(look())
    if as_json:
        _print([{"what": each.what, "good": each.good, "said": each.said} for each in findings])
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def backup(file: Path) -> None:
    """Write database and key into one file; the bot may be running."""
    current, _ = _settings_and_words()
    safekeeping.back_up(current.database_path, current.data_dir, file, now=SystemClock().now())
    typer.echo(_.plain("Saved in {file}. It holds personal data and the key: keep it safe.", file=file))


def restore(file: Path) -> None:
    """Put a backup in place of the present data; the bot must be stopped."""
    current, _ = _settings_and_words()
    former = safekeeping.restore(file, current.database_path, current.data_dir, now=SystemClock().now())
    typer.echo(_.plain("Restored from {file}.", file=file))
    if former is not None:
        typer.echo(_.plain("The data before it is kept as {file}.", file=former))


def upgrade() -> None:
    """Bring the database up to date (the bot does this by itself when it starts)."""
    current, _ = _settings_and_words()
    current.database_path.parent.mkdir(parents=True, exist_ok=True)
    schema.upgrade(current.database_path)
    typer.echo(_.plain("The database stands at {revision}.", revision=schema.applied(current.database_path)))


def ask(
    text: str,
    unit: Annotated[str | None, typer.Option(help="As somebody of this unit: its name.")] = None,
    as_json: AsJson = False,
) -> None:
    """What the bot would answer."""
    current, _ = _settings_and_words()
    found = _in_office(
        current,
        lambda works: faq.ask(
            works, text, names=_names(current), wrong_allowed=current.faq_wrong_answers, unit=unit
        ),
    )
    if as_json:
        _print(found)
        return
    typer.echo(found["decision"])
    for match in found["matches"]:
        typer.echo(f"{match['confidence']:7.1%}  {match['id']}")


def evaluate(
    queries: Annotated[
        Path, typer.Argument(help='JSON lines: {"text", "accept": [ids]}.', exists=True, dir_okay=False)
    ],
    entries: Annotated[
        Path | None,
        typer.Option(help='Another knowledge base, as JSON lines {"text", "label"}.', exists=True),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How well the matcher answers a set of questions."""
    current, _ = _settings_and_words()
    with typer.progressbar(length=1_000, label=_.plain("Asking"), file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.update(1_000 * done // of - bar.pos)

        figures = _in_office(
            current,
            lambda works: faq.evaluate(
                works,
                queries,
                names=_names(current),
                entries=entries,
                wrong_allowed=current.faq_wrong_answers,
                progress=progress,
            ),
        )
    if as_json:
        _print(figures)
        return
    for name, value in figures.items():
        typer.echo(f"{name:24} {value if isinstance(value, int) else json.dumps(value)}")


def faq_import(
    path: Annotated[Path, typer.Argument(help="A folder as faq/, a .zip or a .xlsx.")],
    unit: OfUnit = None,
    apply: Apply = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also over what was changed here since the export.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take entries in, as export writes them; without --apply, only show what would change."""
    current, words = _settings_and_words()
    facts = Library(app.content_settings(current)).facts
    done = _in_office(
        current,
        lambda works: entry_files.import_(works, path, facts, unit=unit, apply=apply, overwrite=overwrite),
    )
    if as_json:
        _print(done)
    else:
        _say(report.imported(words, done, overwrite=overwrite))


def export(
    path: Annotated[Path, typer.Argument(help="A folder, or a file ending in .zip or .xlsx.")],
    unit: OfUnit = None,
    as_json: AsJson = False,
) -> None:
    """Write all entries as Markdown files, into a zip, or as a sheet."""
    current, words = _settings_and_words()
    done = _in_office(current, lambda works: entry_files.export(works, path, unit=unit))
    if as_json:
        _print(done)
    else:
        typer.echo(report.exported(words, done["files"], path))


def faq_diff(as_json: AsJson = False) -> None:
    """Show what was changed here against the entries shipped with the bot."""
    current, words = _settings_and_words()
    library = Library(app.content_settings(current))
    found = _in_office(current, lambda works: entry_files.diff(works, library.folder, library.facts))
    if as_json:
        _print(found)
    else:
        _say(report.differences(words, found))


def roster_import(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    apply: Apply = False,
    full: Annotated[bool, typer.Option("--full", help="Who is not in the file has left.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out rows that cannot be used.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare a roster file (CSV or XLSX) with the roster, and apply it with --apply."""
    current, words = _settings_and_words()
    vault = app.vault_of(current)

    async def go(works: Works) -> dict[str, Any]:
        read = await importing.read(file.read_bytes(), vault)
        if not apply:
            async with works.reading() as reader:
                return importing.document(await importing.preview(reader, read, by=None, full=full), words)
        async with works.begin() as work:
            done = await importing.apply(
                work, read, by=None, full=full, skip_bad=skip_bad, random=secrets.SystemRandom()
            )
        return importing.document(done, words)

    _show(_in_office(current, go), as_json=as_json)


def dues_import(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    apply: Apply = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to which day the file's data goes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a payment file (CSV or XLSX) with what is owed, and confirm what was paid with --apply."""
    current, _ = _settings_and_words()
    vault, clock = app.vault_of(current), SystemClock()
    told = None if as_of is None else from_local(as_of.replace(tzinfo=current.zone))

    async def go(works: Works) -> Mapping[str, Any]:
        read = await payments.read(file.read_bytes(), vault.fingerprint, current.zone, now=clock.now())
        if not apply:
            async with works.reading() as reader:
                plan = await payments.preview(reader, read, by=None, as_of=told)
        else:
            async with works.begin() as work:
                plan = (await payments.apply(work, read, by=None, as_of=told)).plan
        return payments.document(plan, current.zone, applied=apply)

    _show(_in_office(current, go), as_json=as_json)


def dues_undo(as_json: AsJson = False) -> None:
    """Take back the payment file that was imported last: its payments no longer count."""
    current, _ = _settings_and_words()

    async def go(works: Works) -> Mapping[str, Any]:
        async with works.begin() as work:
            last = await payments.last_import(work.session, None)
            count = await payments.undo(work, last.id, by=None)
        at = to_local(last.at, current.zone).isoformat(timespec="minutes")
        return {"import": last.id, "imported_at": at, "payments": count}

    _show(_in_office(current, go), as_json=as_json)


def _settings_and_words() -> tuple[Settings, Words]:
    current = settings.load()
    return current, Languages.load()[current.language]


def _in_office(current: Settings, act: Callable[[Works], Coroutine[Any, Any, T]]) -> T:
    async def go() -> T:
        async with app.office(current, SystemClock()) as works:
            return await act(works)

    return asyncio.run(go())


def _names(current: Settings) -> tuple[str, ...]:
    return (current.app_name, *current.app_aliases)


def _show(document: Mapping[str, Any], *, as_json: bool) -> None:
    """The document as JSON, or its counts and what is wrong for a person to read."""
    if as_json:
        _print(document)
        return
    for name, value in document.items():
        if isinstance(value, (int, str)):
            typer.echo(f"{name:16} {value}")
    for bad in (*document.get("bad_rows", ()), *document.get("bad", ()), *document.get("unmatched", ())):
        typer.echo("  " + ", ".join(f"{name} {value}" for name, value in bad.items()))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _print(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _words() -> Words:
    """The language of the settings, also where these are what is broken."""
    try:
        return _settings_and_words()[1]
    except (OSError, ValueError):
        return Languages.load()[None]


def _sentence(error: Exception, _: Words) -> str:
    match error:
        case ToCorrect():
            return "\n".join(report.refused(_, error))
        case Refusal():
            return _.plain(error.message, **error.details)
        case ValidationError():
            wrong = "; ".join(
                f"ZHIBU_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors()
            )
            return _.plain("Please check the settings: {wrong}", wrong=wrong)
        case InvalidToken():
            return _.plain("Telegram does not know this token. Please copy it again from @BotFather.")
        case NetworkError() | NoAnswer():
            return _.plain("Telegram cannot be reached. Please check the network; ZHIBU_PROXY sets a proxy.")
        case Unavailable():
            return _.plain("The database cannot be used: {reason}", reason=error)
        case OSError(errno=errno.EADDRINUSE):
            return _.plain("The port is taken. Please choose another one, as in --port 8001.")
        case OSError():
            return _.plain("{file}: {reason}", file=error.filename or "", reason=error.strerror or error)
    return _.plain("Something unexpected happened. The details are in {file}.", file=_noted(error))


def _noted(error: Exception) -> str:
    """The file into which the traceback was written for whoever looks into it."""
    story = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="zhibu-error-", suffix=".log", delete=False) as file:
        file.write(story)
    return file.name
