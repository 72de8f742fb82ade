"""Who acts, what their menu shows, and where they belong."""

import dataclasses
import hashlib
import json
from collections.abc import Sequence

from telegram import User

from bot.kit.database import Reader
from bot.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES
from bot.kit.menu import Menu
from bot.kit.work import Work
from bot.roster import store
from bot.roster.model import BRANCH_ROLES, Actor, Member, Post, Staff, Unit
from bot.roster.rules import language_of


async def resolve_actor(work: Work, user: User) -> Actor:
    """The person behind an update. An account never seen is noted, with the language of its Telegram app."""
    suggested = language_of(user.language_code)
    known = await store.actor(work.session, user.id, suggested or DEFAULT_LANGUAGE)
    if known is not None:
        return known
    await store.note_account(
        work.session, user.id, display_name=user.full_name, language=suggested, now=work.now
    )
    return Actor(user.id, suggested or DEFAULT_LANGUAGE)


async def recognise(work: Work, user: User) -> Actor:
    """As `resolve_actor`, of somebody who has not come to the bot: an account never seen is not noted."""
    language = language_of(user.language_code) or DEFAULT_LANGUAGE
    return await store.actor(work.session, user.id, language) or Actor(user.id, language)


async def tell_menu(work: Work, menu: Menu[Actor], account_id: int) -> None:
    """Queues the command menu that fits this account's posts and language."""
    actor = await store.actor(work.session, account_id, DEFAULT_LANGUAGE)
    if actor is None:
        return
    call = menu.call_for(actor, account_id, work.languages[actor.language])
    content = json.dumps(call.parameters, sort_keys=True).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    await work.out.call(account_id, call, key=f"menu:{account_id}:{work.now}:{digest}")
    await store.menu_told(work.session, account_id)


async def tell_menus_due(work: Work, menu: Menu[Actor], limit: int = 100) -> int:
    """Queues the menus that no longer fit, after an import or a handover; returns how many."""
    due = await store.menus_due(work.session, limit)
    for account_id in due:
        await tell_menu(work, menu, account_id)
    return len(due)


async def choose_language(work: Work, actor: Actor, language: str) -> Actor:
    """The actor in their new language; a language not spoken here changes nothing."""
    if language not in LANGUAGES:
        return actor
    await store.set_language(work.session, actor.account_id, language)
    return dataclasses.replace(actor, language=language)


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a member belongs, and who looks after them."""

    member: Member
    units: Sequence[Unit]
    """The branch and the units above it."""
    posts: Sequence[tuple[Post, Unit]]
    staff: Sequence[Staff]
    """Of the branch: secretaries first."""


async def standing(reader: Reader, member: Member) -> Standing:
    return Standing(
        member,
        await store.lineage(reader, member.branch_id),
        await store.posts_of(reader, member.id),
        await store.staff_of(reader, member.branch_id, BRANCH_ROLES),
    )
