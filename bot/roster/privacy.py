"""What is kept about a person, shown to them and deleted when they ask."""

import dataclasses
from collections.abc import Awaitable, Callable, Sequence

from bot.kit import dialogue
from bot.kit.database import Reader
from bot.kit.i18n import Words
from bot.kit.vault import Vault
from bot.kit.work import Work
from bot.roster import store
from bot.roster.importing.offers import ROSTER_FILES
from bot.roster.joining import store as joining_store
from bot.roster.model import Account, Actor, Unit
from bot.roster.service import Standing, standing

Contributor = Callable[[Reader, Actor, Words], Awaitable[Sequence[str]]]
"""Lines (Telegram's HTML) that another room adds to /mydata."""

Forgetter = Callable[[Work, Actor], Awaitable[None]]
"""Deletes what another room keeps about the person; it runs before the account itself is forgotten."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """Everything this room keeps about a person."""

    account: Account
    standing: Standing | None
    phone: str | None
    open_request_to: Unit | None


async def what_is_kept(reader: Reader, actor: Actor, vault: Vault) -> Kept | None:
    """None for an account that is not known."""
    account = await store.account(reader, actor.account_id)
    if account is None:
        return None
    phone = None if actor.member is None else await store.encrypted_phone(reader, actor.member.id)
    request = await joining_store.open_request_of(reader, actor.account_id)
    return Kept(
        account,
        None if actor.member is None else await standing(reader, actor.member),
        None if phone is None else vault.decrypt(phone),
        None if request is None else await store.unit(reader, request.unit_id),
    )


async def forget(work: Work, actor: Actor, forgetters: Sequence[Forgetter]) -> None:
    """Unbinds the account and deletes what is kept about it. The member's row on the roster stays: it is the
    organisation's record. The count of tries stays for its hour, or forgetting would give new ones.
    """
    for forgetter in forgetters:
        await forgetter(work, actor)
    await dialogue.end(work.session, actor.account_id)
    await joining_store.forget_requests(work.session, actor.account_id)
    await ROSTER_FILES.forget(work.session, actor.account_id)
    await store.forget_account(work.session, actor.account_id)
    member = actor.member
    await work.audit(
        "account.forgotten",
        by=None if member is None else member.id,
        subject="account" if member is None else f"member:{member.id}",
    )
