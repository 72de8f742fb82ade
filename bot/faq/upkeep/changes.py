"""The one way an entry changes: the entry, its history, the index's version and the audit, in one transaction.

Whether the person may do it is asked before (`rights.require`).
"""

from bot.faq import content
from bot.faq import store as faq
from bot.faq.errors import NothingToUndo, NotVisible
from bot.faq.model import Entry, Owner, State
from bot.faq.upkeep import store
from bot.faq.upkeep.store import Act, Kept
from bot.kit.work import Work


async def save(
    work: Work, entry: Entry, *, owner: Owner, by: int | None, act: Act, author_unit_id: int | None = None
) -> int:
    """Publishes an entry, in place of the owner's one of the same slug and language if there is one; returns its row.
    From now on files shipped with the bot leave it alone.
    """
    before = await store.find(work.session, owner, entry.id, entry.language)
    row_id = await store.put(
        work.session,
        entry,
        owner=owner,
        origin=str(act),
        digest=content.digest(content.write_entry(entry)),
        edited_at=work.now,
        by=by,
        now=work.now,
        author_unit_id=author_unit_id,
    )
    await _note(work, row_id, act, by=by, before=before, after=entry, state=State.PUBLISHED)
    return row_id


async def load(work: Work, entry: Entry, *, digest: str) -> None:
    """As `save`, for a file shipped with the bot. The first reading of a file is no change and leaves no history."""
    before = await store.find(work.session, None, entry.id, entry.language)
    row_id = await store.put(
        work.session, entry, owner=None, origin="file", digest=digest, edited_at=None, by=None, now=work.now
    )
    if before is not None:
        await store.note_revision(
            work.session,
            row_id,
            Act.LOADED,
            by=None,
            before=before,
            after=entry,
            state_after=State.PUBLISHED,
            now=work.now,
        )
    await faq.count_version(work.session)


async def unload(work: Work, slug: str, language: str) -> None:
    """Retires an entry of the organisation whose file is gone."""
    before = await store.find(work.session, None, slug, language)
    if before is None or before.state is State.RETIRED:
        return
    await store.set_state(work.session, before.row, State.RETIRED, edited_at=None, by=None, now=work.now)
    await store.note_revision(
        work.session,
        before.row,
        Act.LOADED,
        by=None,
        before=before,
        after=before.entry,
        state_after=State.RETIRED,
        now=work.now,
    )
    await faq.count_version(work.session)


async def retire(work: Work, row_id: int, *, by: int | None) -> Kept:
    """Takes an entry away from the members; it stays with its history. Returns it as it was."""
    return await _turn(work, row_id, State.RETIRED, Act.RETIRED, by=by)


async def restore(work: Work, row_id: int, *, by: int | None) -> Kept:
    """Shows a retired entry again. Returns it as it was."""
    return await _turn(work, row_id, State.PUBLISHED, Act.RESTORED, by=by)


async def undo(work: Work, row_id: int, *, by: int | None) -> Kept:
    """Takes the latest change back, which is itself a change that can be undone; `NothingToUndo` where there is none.
    Returns the entry as it was.
    """
    before = await _kept(work, row_id)
    latest = await store.revisions(work.session, row_id, limit=1)
    if not latest:
        raise NothingToUndo
    last = latest[0]
    entry = last.before or last.after
    # What was created by the change is retired: its history stays.
    state = last.state_before or State.RETIRED
    await store.put(
        work.session,
        entry,
        owner=before.owner,
        origin=str(Act.UNDONE),
        digest=content.digest(content.write_entry(entry)),
        edited_at=work.now,
        by=by,
        now=work.now,
    )
    if state is State.RETIRED:
        await store.set_state(work.session, row_id, state, edited_at=work.now, by=by, now=work.now)
    await _note(work, row_id, Act.UNDONE, by=by, before=before, after=entry, state=state)
    return before


async def _turn(work: Work, row_id: int, state: State, act: Act, *, by: int | None) -> Kept:
    before = await _kept(work, row_id)
    if before.state is not state:
        await store.set_state(work.session, row_id, state, edited_at=work.now, by=by, now=work.now)
        await _note(work, row_id, act, by=by, before=before, after=before.entry, state=state)
    return before


async def _kept(work: Work, row_id: int) -> Kept:
    kept = await store.kept(work.session, row_id)
    if kept is None:
        raise NotVisible
    return kept


async def _note(
    work: Work, row_id: int, act: Act, *, by: int | None, before: Kept | None, after: Entry, state: State
) -> None:
    await store.note_revision(
        work.session, row_id, act, by=by, before=before, after=after, state_after=state, now=work.now
    )
    await faq.count_version(work.session)
    await work.audit(f"faq.{act}", by=by, subject=f"faq:{row_id}", slug=after.id, language=after.language)
