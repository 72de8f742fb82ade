"""The lists show exactly what may be answered: SQL and rule decide alike, whoever looks."""

import itertools

from bot.helpdesk import people, store
from bot.helpdesk.inbox import service
from bot.helpdesk.inbox.model import Filter
from bot.kit.errors import Refusal
from bot.kit.i18n import DEFAULT_LANGUAGE
from bot.kit.work import Works
from bot.roster import store as roster
from bot.roster.model import Role, UnitKind
from tests import factories


async def test_what_is_listed_is_what_may_be_answered(works: Works) -> None:
    async with works.begin() as work:
        session = work.session
        committee = await factories.unit(session, "党委", UnitKind.COMMITTEE)
        generals = [await factories.unit(session, f"总支{n}", UnitKind.GENERAL, committee) for n in range(2)]
        branches = [
            await factories.unit(session, f"支部{general}{n}", UnitKind.BRANCH, general)
            for general in generals
            for n in range(2)
        ]
        posts = [
            *((branch, role) for branch in branches[:2] for role in (Role.SECRETARY, Role.HELPER)),
            *((general, Role.GENERAL) for general in generals),
            (committee, Role.ADMIN),
            (branches[2], Role.SECRETARY),
        ]
        staff = [
            await factories.member(
                session, f"同志{number}", branches[number % 4], account=500 + number, posts=(post,)
            )
            for number, post in enumerate(posts)
        ]
        nobody = await factories.member(session, "群众", branches[0], account=900)
        asker = await factories.member(session, "李建国", branches[0], account=901)
        number = itertools.count(1)
        for branch, owner, guest, requester in itertools.product(
            branches[:3], [*staff, nobody], [None, staff[4], staff[2]], [asker, staff[0]]
        ):
            if owner == requester:
                continue
            ticket = next(number)
            await session.run(
                "INSERT INTO ticket (id, requester_id, branch_id, owner_id, state, origin, question, facts, shown,"
                " asked_at) VALUES (:id, :requester, :branch, :owner, :state, 'ask', '事', '[]', '[]', :now)",
                id=ticket,
                requester=requester,
                branch=branch,
                owner=owner,
                state=("open", "answered")[ticket % 2],
                now=work.now,
            )
            if guest is not None and guest not in (owner, requester):
                await session.run(
                    "INSERT INTO ticket_guest (ticket_id, member_id, asked_by, since) VALUES (:id, :guest, :by, 0)",
                    id=ticket,
                    guest=guest,
                    by=owner,
                )
        count = next(number) - 1
        seen = set()
        for account in (*range(500, 500 + len(staff)), 900, 901):
            actor = await roster.actor(session, account, DEFAULT_LANGUAGE)
            assert actor is not None
            allowed = set()
            for ticket in range(1, count + 1):
                try:
                    await people.as_staff(session, actor, await store.existing(session, ticket))
                except Refusal:
                    continue
                allowed.add(ticket)
            listed: set[int] = set()
            page, shown = 0, await service.page(session, actor, Filter.ALL, 0, now=work.now)
            assert shown.counts[Filter.ALL] == len(allowed)
            while True:
                listed |= {item.line.id for item in shown.items}
                if not shown.has_next:
                    break
                page += 1
                shown = await service.page(session, actor, Filter.ALL, page, now=work.now)
            assert listed == allowed, account
            seen.add(len(allowed))
        assert len(seen) > 3  # they do differ
