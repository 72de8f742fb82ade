"""How questions get into the queue. Asking and answering call it, so it stands apart from what is done with them."""

from collections.abc import Sequence

from bot.faq.learning import rules, store
from bot.faq.learning.model import LessonState, Reason
from bot.kit.work import Work
from bot.roster.model import Actor


async def note(work: Work, actor: Actor, text: str, reason: Reason, shown: Sequence[str]) -> None:
    """A member was not helped. Somebody who belongs to no branch teaches nobody."""
    if actor.member is None:
        return
    clean = await _anonymous(work, actor.account_id, text)
    if clean is None:
        return
    branch = actor.member.branch_id
    before = await store.same(work.session, branch, actor.account_id, clean)
    if before is None or before[1] is not LessonState.OPEN:
        await store.add(
            work.session,
            unit_id=branch,
            account_id=actor.account_id,
            text=clean,
            reason=reason,
            shown=shown,
            answer=None,
            now=work.now,
        )


async def note_answered(
    work: Work, *, branch_id: int, account_id: int, question: str, answer: str, shown: Sequence[str]
) -> int | None:
    """A person answered a question: with the first answer, and again with each further one (`answer` is all of them so
    far), because that is when there is something to learn; many a ticket is never closed. Returns the lesson, None where
    the words say nothing once names and numbers are out, or the lesson was settled before.
    """
    clean = await _anonymous(work, account_id, question)
    if clean is None:
        return None
    own = await store.name_of(work.session, account_id)
    names = [*rules.called(own or ""), *await store.names_in(work.session, answer)]
    learnt = rules.anonymous_lines(answer, names)[: rules.LONGEST_ANSWER] or None
    before = await store.same(work.session, branch_id, account_id, clean)
    if before is not None:
        lesson, state = before
        if state is not LessonState.OPEN:
            return None
        await store.note_answer(work.session, lesson.id, learnt)
        return lesson.id
    return await store.add(
        work.session,
        unit_id=branch_id,
        account_id=account_id,
        text=clean,
        reason=Reason.ANSWERED,
        shown=shown,
        answer=learnt,
        now=work.now,
    )


async def _anonymous(work: Work, account_id: int, text: str) -> str | None:
    """What may be kept of somebody's question; None where that says nothing."""
    own = await store.name_of(work.session, account_id)
    names = [*rules.called(own or ""), *await store.names_in(work.session, text)]
    clean = rules.anonymous(text, names)[: rules.LONGEST]
    return clean if rules.says_something(clean) else None
