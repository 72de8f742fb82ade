"""One world for all that is tried: three branches, the same things in each, and a person for every part in it."""

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from bot.dues.announcing import store as announcements
from bot.dues.announcing.model import Content as Announced
from bot.dues.announcing.model import Outcome as Sent
from bot.dues.importing import store as importing
from bot.dues.importing.store import PAYMENT_FILES
from bot.dues.model import Period
from bot.dues.waiving import store as waivers
from bot.dues.waiving.model import Act as Step
from bot.faq.exchange import store as exchange
from bot.faq.exchange.package import Item, Package
from bot.faq.learning import store as lessons
from bot.faq.learning.model import Reason
from bot.faq.model import Entry, Phone
from bot.faq.upkeep import changes
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Act
from bot.helpdesk import thread
from bot.helpdesk.canned import store as canned
from bot.helpdesk.model import CloseReason, Content, Direction, Kind, State
from bot.kit.buttons import Button
from bot.kit.clock import DAY
from bot.kit.dialogue import Dialogue
from bot.kit.vault import Vault
from bot.kit.work import Work
from bot.onboarding import store as walks
from bot.onboarding.guide import key_of
from bot.roster.importing.offers import ROSTER_FILES
from bot.roster.joining import store as joining
from bot.roster.model import Role, UnitKind
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.harness import House

T = TypeVar("T", bound=Button | Dialogue)


class Part(enum.StrEnum):
    """Who acts."""

    STRANGER = "stranger"
    """An account bound to nobody."""
    MEMBER = "member"
    """A member of the own branch, with nothing of their own in it."""
    ASKER = "asker"
    """The member of the own branch to whom its ticket, dues and questions belong."""
    SECRETARY = "secretary"
    DEPUTY = "deputy"
    HELPER = "helper"
    GENERAL = "general"
    """Of the general branch above the own branch."""
    ADMIN = "admin"
    """Of the committee."""


class Where(enum.StrEnum):
    """Whose the thing is that a button is about."""

    OWN = "own"
    SIBLING = "sibling"
    """Of another branch under the same general branch."""
    FOREIGN = "foreign"
    """Of a branch under another general branch."""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A branch and what is in it."""

    ids: Mapping[str, Any]
    """What buttons hold, by the name of their field: of all buttons, of a room's (`faq.row`), or of one kind
    (`faq.lt.row`).
    """
    secrets: Sequence[str]
    """What nobody outside may read: the name of the member who asks, and what they wrote."""


@dataclasses.dataclass(frozen=True, slots=True)
class World:
    people: Mapping[Part, Person]
    hooks: Mapping[Part, SeenMessage]
    """A message of the bot's in each person's chat, for crafted taps."""
    places: Mapping[Where, Place]

    def differing(self, kind: type[Button | Dialogue]) -> Sequence[Where]:
        """The places by which such a button or dialogue differs: one that is about nothing in them is tried once."""
        seen: dict[str, Where] = {}
        for where in Where:
            seen.setdefault(self.about(kind, where).encode(), where)
        return list(seen.values())

    def about(self, kind: type[T], where: Where) -> T:
        """A button or dialogue of this kind, about what is in that place."""
        return kind(
            **{field.name: self._value(kind.tag, field.name, field.plain, where) for field in kind._fields}
        )

    def _value(self, tag: str, name: str, plain: Any, where: Where) -> Any:
        ids = self.places[where].ids
        room, _, _ = tag.partition(".")
        if f"{tag}.{name}" in ids:
            return ids[f"{tag}.{name}"]
        if isinstance(plain, type) and issubclass(plain, enum.Enum):
            return next(iter(plain))
        if plain is bool:
            return False
        if plain is str:
            return "2026-11-05"
        return ids.get(f"{room}.{name}", ids.get(name, 0))


STEP = "install-open"
_NAMES = {Where.OWN: "欧阳甲", Where.SIBLING: "司马乙", Where.FOREIGN: "诸葛丙"}
_QUESTIONS = {
    Where.OWN: "甲队的油表怎么读",
    Where.SIBLING: "乙队的油表怎么读",
    Where.FOREIGN: "丙队的油表怎么读",
}


async def build(house: House, vault: Vault) -> World:
    """The world, in a house that is open."""
    parts = {part: house.person(part.value) for part in Part}
    others = {where: house.person(f"{where} asker") for where in (Where.SIBLING, Where.FOREIGN)}
    keepers = {where: house.person(f"{where} secretary") for where in (Where.SIBLING, Where.FOREIGN)}
    newcomers = {where: house.person(f"{where} newcomer") for where in Where}
    for newcomer in newcomers.values():
        await newcomer.start()
    await house.settle()
    async with house.work() as work:
        units = await _units(work)
        posts: dict[Part, tuple[tuple[int, Role], ...]] = {
            Part.SECRETARY: ((units["own"], Role.SECRETARY),),
            Part.DEPUTY: ((units["own"], Role.DEPUTY),),
            Part.HELPER: ((units["own"], Role.HELPER),),
            Part.GENERAL: ((units["general"], Role.GENERAL),),
            Part.ADMIN: ((units["committee"], Role.ADMIN),),
        }
        members: dict[Part, int] = {}
        for part, person in parts.items():
            if part is Part.STRANGER:
                continue
            name = _NAMES[Where.OWN] if part is Part.ASKER else f"某{part.value}"
            members[part] = await factories.member(
                work.session, name, units["own"], account=person.id, posts=posts.get(part, ())
            )
        places = {}
        for where in Where:
            asker, secretary = members[Part.ASKER], members[Part.SECRETARY]
            account = parts[Part.ASKER].id
            if where is not Where.OWN:
                branch = units[where.value]
                account = others[where].id
                asker = await factories.member(work.session, _NAMES[where], branch, account=account)
                secretary = await factories.member(
                    work.session,
                    f"{where}书记",
                    branch,
                    account=keepers[where].id,
                    posts=((branch, Role.SECRETARY),),
                )
            keeper = parts[Part.SECRETARY].id if where is Where.OWN else keepers[where].id
            admin = parts[Part.ADMIN].id if where is Where.OWN else 0
            places[where] = await _furnish(
                work,
                vault,
                where,
                units,
                asker,
                account,
                secretary,
                newcomers[where].id,
                keeper,
                admin,
                colleague=members[Part.DEPUTY] if where is Where.OWN else None,
                general=members[Part.GENERAL],
            )
    for person in (*parts.values(), *others.values(), *keepers.values()):
        await person.start()
    await house.settle()
    return World(parts, {part: person.last() for part, person in parts.items()}, places)


async def _units(work: Work) -> Mapping[str, int]:
    tree = await factories.tree(work.session)
    far = await factories.unit(work.session, "第二党总支", UnitKind.GENERAL, tree.committee)
    foreign = await factories.unit(work.session, "作业一队党支部", UnitKind.BRANCH, far)
    return {
        "committee": tree.committee,
        "general": tree.general,
        "own": tree.branch,
        "sibling": tree.sibling,
        "far": far,
        "foreign": foreign,
    }


async def _furnish(
    work: Work,
    vault: Vault,
    where: Where,
    units: Mapping[str, int],
    asker: int,
    account: int,
    secretary: int,
    newcomer: int,
    keeper: int,
    admin: int,
    *,
    colleague: int | None,
    general: int,
) -> Place:
    """What a branch has: a ticket, dues, a lesson, an entry and a draft of its own, somebody who wants to join."""
    branch, name, question = units[where.value], _NAMES[where], _QUESTIONS[where]
    unbound = await factories.member(
        work.session, f"{name}未加入", branch, phone=f"1380000{branch:04}", vault=vault
    )

    successor = await factories.member(work.session, "某接班人", branch, account=9_000_000 + branch)

    async def row(sql: str, **values: Any) -> int:
        return int(await work.session.value(f"{sql} RETURNING id", now=work.now, **values))

    async def ticket_in(state: State) -> int:
        return await row(
            "INSERT INTO ticket (requester_id, branch_id, owner_id, rung, state, origin, question, facts, shown,"
            " asked_at, gather_until, opened_at, climbing_since, deadline, next_at, closed_at) VALUES (:asker, :branch,"
            " :owner, 'secretary', :state, 'ask', :question, '[]', '[]', :now, :later, :now, :now, :later, :later, :closed)",
            asker=asker,
            branch=branch,
            owner=secretary,
            question=question,
            state=str(state),
            later=work.now + DAY,
            closed=work.now if state is State.CLOSED else None,
        )

    absence = await row(
        "INSERT INTO absence (member_id, substitute_id, last_day, from_at, until_at)"
        " VALUES (:secretary, :colleague, '2026-12-31', :from_at, :until_at)",
        secretary=secretary,
        colleague=colleague,
        from_at=work.now + 50 * DAY,
        until_at=work.now + 60 * DAY,
    )
    ticket, gathering, closed, other = [
        await ticket_in(state) for state in (State.OPEN, State.GATHERING, State.CLOSED, State.OPEN)
    ]
    await work.session.run("UPDATE ticket SET rating = 'good' WHERE id = :id", id=closed)
    await work.session.run(
        "UPDATE ticket SET alike_id = :first WHERE id IN (:first, :second)", first=ticket, second=other
    )
    held = Content(Kind.TEXT, f"{name}听不见的回答", None, None)
    for kept_back in (ticket, closed):
        await thread.add(work.session, kept_back, secretary, Direction.HELD, held, now=work.now)
    offered, linked = [
        await row(
            "INSERT INTO team_group (unit_id, chat_id, title, has_topics, state, linked_by, offered_at)"
            " VALUES (:branch, :chat, '支委', 0, :state, :secretary, :now)",
            branch=branch,
            chat=-1_000_000 - 10 * branch - number,
            state=state,
            secretary=secretary,
        )
        for number, state in enumerate(("offered", "linked"))
    ]
    reply = await canned.add(work.session, branch, secretary, "{姓名}您好", now=work.now)
    own = Entry(
        id=f"own-{where}",
        language="zh",
        title="本支部的事",
        body="本支部的答案",
        phrasings=(f"{where}支部的事",),
    )
    entry = await changes.save(work, own, owner=branch, by=secretary, act=Act.CREATED)
    revision = (await upkeep.revisions(work.session, entry, limit=1))[0].id
    draft = await upkeep.begin_draft(
        work.session,
        member_id=secretary,
        owner=branch,
        entry_row=entry,
        base_revision=revision,
        content=own,
        now=work.now,
    )
    lesson = await lessons.add(
        work.session,
        unit_id=branch,
        account_id=account,
        text="没写名字的问题",
        reason=Reason.ANSWERED,
        shown=(),
        answer="没写名字的答案",
        now=work.now,
    )
    request = await joining.add_request(
        work.session,
        joining.Kind.JOIN,
        account_id=newcomer,
        unit_id=branch,
        member_id=None,
        given_name=f"{name}想加入",
        now=work.now,
    )
    asked = await row(
        "INSERT INTO faq_question (at, branch_id, came_by, decision, shown) VALUES (:now, :branch, 'text', 'suggest', '[]')",
        branch=branch,
    )
    await work.session.run(
        "INSERT INTO faq_asked (question_id, account_id, text, at) VALUES (:id, :account, :text, :now)",
        id=asked,
        account=account,
        text=question,
        now=work.now,
    )
    await walks.put(work.session, asker, Phone.ANDROID, STEP, now=work.now)
    faq_offer = await exchange.add_offer(
        work.session,
        keeper,
        branch,
        file_id="file",
        package_=Package((Item(own, "own.md", ()),)),
        plan_digest="digest",
        now=work.now,
    )
    roster_offer = await ROSTER_FILES.add(work.session, admin, "file", "digest", now=work.now)
    payments_offer = await PAYMENT_FILES.add(work.session, keeper, "file", "digest", now=work.now)
    payments = await importing.add_import(
        work.session, as_of=work.now, by=secretary, added=0, branches=[branch], now=work.now
    )
    obligation = await factories.obligation(work.session, asker, "2026-11", now=work.now)
    waiver = await _waiver(work, asker, by=asker)
    await factories.obligation(work.session, successor, "2026-11", now=work.now)
    agreed = await _waiver(work, successor, by=successor)
    await waivers.add_step(work.session, agreed, Step.AGREED, by=secretary, now=work.now)
    await work.session.run(
        "INSERT INTO dues_round (branch_id, point, period, announced_at)"
        " VALUES (:branch, '2026-11-05', '2026-11', :now)",
        branch=branch,
        now=work.now,
    )
    announcing = [
        await announcements.add(work.session, branch, secretary, Announced(words, None), now=work.now)
        for words in ("草稿", "明天发", "停在半路")
    ]
    for announced in announcing[1:]:
        await announcements.confirm(
            work.session, announced, due_at=work.now + 60 * DAY, reachable=1, panel_id=0, now=work.now
        )
    await announcements.started(work.session, announcing[2], now=work.now)
    await announcements.pause(work.session, announcing[2], work.now)
    await announcements.add_copy(work.session, announcing[2], asker, outgoing_id=0, outcome=Sent.DELIVERED)
    return Place(
        {
            "an.announcement": announcing[2],
            **{f"an.{tag}.announcement": announcing[0] for tag in ("show", "edit", "drop", "mark", "send")},
            **{f"an.{tag}.announcement": announcing[1] for tag in ("undo", "now")},
            "an.writing.announcement": announcing[0],
            "ticket": ticket,
            "obligation": obligation,
            "waiver": waiver,
            **{f"dw.{tag}.waiver": agreed for tag in ("ok", "back", "back1", "returning")},
            "dw.amount.amount": 100,
            "member": unbound,
            "unit": branch,
            "branch": branch,
            "owner": branch,
            "row": entry,
            "lesson": lesson,
            "draft": draft,
            "request": request.id,
            "revision": revision,
            "ob.step": key_of(STEP),
            "hd.close.reason": CloseReason.DONE,
            "hd.now.ticket": gathering,
            "hd.drop.ticket": gathering,
            **{f"hd.{tag}.ticket": closed for tag in ("reopen", "rate", "say", "saying", "askon")},
            "hd.goeson.ticket": gathering,
            "earlier": ticket,
            "into": other,
            "until": work.now + DAY,
            "reply": reply,
            "group": ticket,
            "hd.found.words": "食堂",
            "hd.similar.tickets": str(ticket),
            "team": offered,
            "hd.tm.unlink.team": linked,
            **{f"hd.{tag}.member": general for tag in ("topick", "tonow", "wording", "helpend")},
            **{f"hd.{tag}.member": secretary for tag in ("aw", "aww", "awf", "awu", "awp", "awc", "away")},
            **{f"hd.{tag}.member": secretary for tag in ("hos", "hop", "hoc", "hand")},
            "successor": successor,
            "absence": absence,
            "substitute": None,
            "hd.wts.value": "working",
            "du.pts.value": "",
            "du.ptd.day": "5",
            "du.ptw.number": 1,
            "hd.wtw.picked": "12",
            "im.drop.offer": roster_offer,
            "du.payno.offer": payments_offer,
            **{f"du.{tag}.number": payments for tag in ("payask", "payundo")},
            "fx.offer": faq_offer,
            "question": asked,
        },
        (name, question),
    )


async def _waiver(work: Work, member: int, *, by: int) -> int:
    waiver = await waivers.begin(
        work.session,
        member,
        Period(2026, 11),
        by=by,
        words="手头紧",
        chat_id=None,
        message_id=None,
        now=work.now,
    )
    assert waiver is not None
    return waiver
