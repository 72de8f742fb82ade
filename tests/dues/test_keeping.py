"""What was written about dues goes in time; what was decided stays."""

from bot.dues import keeping
from bot.kit.clock import DAY
from tests.dues.conftest import Branch, local

KEPT_DAYS = 30


async def test_words_go_in_time_and_decisions_stay(branch: Branch) -> None:
    long_ago, lately = local(2, 9) - 31 * DAY, local(2, 9) - 29 * DAY
    li = branch.members["李建国"]
    async with branch.works.begin() as work:
        for number, ended in ((1, long_ago), (2, lately)):
            await work.session.run(
                "INSERT INTO dues_waiver (id, member_id, period, chat_id, message_id, closed_at)"
                " VALUES (:id, :member, '2026-09', 10, 5, :ended)",
                id=number,
                member=li,
                ended=ended,
            )
            await work.session.run(
                "INSERT INTO dues_waiver_step (waiver_id, act, by_member, at, words)"
                " VALUES (:id, 'asked', :member, :ended, '住院')",
                id=number,
                member=li,
                ended=ended,
            )
            await work.session.run(
                "INSERT INTO announcement (id, unit_id, author_id, body, written_at, reported_at)"
                " VALUES (:id, :unit, :member, '周五开会', :ended, :ended)",
                id=number,
                unit=branch.tree.branch,
                member=li,
                ended=ended,
            )
            await work.session.run(
                "INSERT INTO announcement_copy (announcement_id, member_id) VALUES (:id, :member)",
                id=number,
                member=li,
            )
    for _ in range(2):
        await keeping.sweep(KEPT_DAYS).run(branch.works)
    steps = await branch.rows("SELECT act, words FROM dues_waiver_step ORDER BY waiver_id")
    assert [(row["act"], row["words"]) for row in steps] == [("asked", None), ("asked", "住院")]
    requests = await branch.rows("SELECT message_id FROM dues_waiver ORDER BY id")
    assert [row["message_id"] for row in requests] == [None, 5]
    announced = await branch.rows("SELECT body FROM announcement ORDER BY id")
    assert [row["body"] for row in announced] == ["", "周五开会"]
    copies = await branch.rows("SELECT announcement_id FROM announcement_copy")
    assert [row["announcement_id"] for row in copies] == [2]
