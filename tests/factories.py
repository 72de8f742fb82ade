"""Rows for tests, with invented people."""

import dataclasses
import itertools

from bot.kit.database import Session
from bot.kit.vault import Vault
from bot.roster.model import Category, Role, Status, UnitKind

_numbers = itertools.count(1)


@dataclasses.dataclass(frozen=True, slots=True)
class Tree:
    """A committee with one general branch and two branches."""

    committee: int
    general: int
    branch: int
    sibling: int


async def unit(session: Session, name: str, kind: UnitKind, parent: int | None = None) -> int:
    return int(
        await session.value(
            "INSERT INTO unit (name, kind, parent_id, join_token) VALUES (:name, :kind, :parent, :token) RETURNING id",
            name=name,
            kind=str(kind),
            parent=parent,
            token=f"token{next(_numbers)}",
        )
    )


async def tree(session: Session) -> Tree:
    committee = await unit(session, "采油一厂党委", UnitKind.COMMITTEE)
    general = await unit(session, "第一党总支", UnitKind.GENERAL, committee)
    branch = await unit(session, "采油三队党支部", UnitKind.BRANCH, general)
    sibling = await unit(session, "采油四队党支部", UnitKind.BRANCH, general)
    return Tree(committee, general, branch, sibling)


async def member(
    session: Session,
    name: str,
    branch: int,
    *,
    account: int | None = None,
    posts: tuple[tuple[int, Role], ...] = (),
    phone: str | None = None,
    vault: Vault | None = None,
    monthly_dues: int | None = 2_000,
    status: Status = Status.FULL,
    category: Category = Category.EMPLOYED,
    language: str | None = None,
    now: int = 0,
) -> int:
    """A member on the roster; with `account`, bound to that Telegram id; `phone` needs the vault."""
    member_id = int(
        await session.value(
            "INSERT INTO member (employee_no, name, phone_encrypted, phone_hash, branch_id, status, category,"
            " monthly_dues, created_at, updated_at) VALUES (:number, :name, :phone, :hash, :branch, :status, :category,"
            " :dues, :now, :now) RETURNING id",
            number=f"E{next(_numbers):05}",
            name=name,
            phone=vault.encrypt(phone) if vault and phone else None,
            hash=vault.fingerprint(phone) if vault and phone else None,
            branch=branch,
            status=str(status),
            category=str(category),
            dues=monthly_dues,
            now=now,
        )
    )
    if account is not None:
        await session.run(
            "INSERT INTO account (id, member_id, language, display_name, first_seen_at, bound_at)"
            " VALUES (:id, :member, :language, :name, :now, :now)",
            id=account,
            member=member_id,
            language=language,
            name=name,
            now=now,
        )
    for unit_id, role in posts:
        await session.run(
            "INSERT INTO post (member_id, unit_id, role, since) VALUES (:member, :unit, :role, :now)",
            member=member_id,
            unit=unit_id,
            role=str(role),
            now=now,
        )
    return member_id


async def obligation(
    session: Session,
    member_id: int,
    period: str,
    *,
    amount: int | None = 2_000,
    state: str = "due",
    now: int = 0,
) -> int:
    """What a member owes for a period, put into this state by a secretary's word unless it is plainly due."""
    await session.run(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, source)"
        " VALUES (:member, :period, 'owes', :amount, :now, 'rule')",
        member=member_id,
        period=period,
        amount=amount,
        now=now,
    )
    found = int(
        await session.value(
            "INSERT INTO obligation (member_id, period, opened_at) VALUES (:member, :period, :now) RETURNING id",
            member=member_id,
            period=period,
            now=now,
        )
    )
    if state != "due":
        await session.run(
            "INSERT INTO dues_entry (member_id, period, kind, at, source)"
            " VALUES (:member, :period, :state, :now, 'secretary')",
            member=member_id,
            period=period,
            state=state,
            now=now,
        )
    return found
