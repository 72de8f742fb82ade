"""The app's back office in a simulated month: who has paid, and the files in which the bot is told of it."""

import csv
import io
from collections.abc import Iterable, Sequence

from bot.dues import store
from bot.dues.importing import service as importing
from bot.dues.model import Note, Period, Source
from tests.bench.month_log import Data, Kind
from tests.bench.month_town import DUES, PERIOD, Member, Town, local

IMPORT = ("导入", "更新数据日期")
"""Under the preview of a file; the second where it brings no new payment."""
_HEADER = ("姓名", "手机号", "缴费月份", "金额", "缴费时间", "流水号")


class Office:
    def __init__(self, town: Town) -> None:
        self._town = town
        self._payments: list[tuple[Member, tuple[str, ...]]] = []

    def pay(self, member: Member) -> None:
        """The member pays in the app; the bot does not know of it yet."""
        member.paid_at = self._town.clock.now()
        number = len(self._payments) + 1
        self._payments.append(
            (
                member,
                (
                    member.name,
                    member.phone,
                    PERIOD,
                    f"{DUES / 100:.2f}",
                    f"{local(self._town):%Y-%m-%d %H:%M:%S}",
                    f"R{number:06}",
                ),
            )
        )

    async def bring_data(self) -> None:
        """The payments of the month so far, as a file; most of them were in the last one, too."""
        town, payments = self._town, list(self._payments)
        if payments:
            await _imported(town, _file(row for _, row in payments))
            await self._noted([member for member, _ in payments])
            town.data.append(Data(len(town.sent), town.clock.now()))

    async def bring_for(self, secretary: Member) -> None:
        """A secretary has asked the back office for the payments of their branch and sends the file to the bot."""
        town = self._town
        payments = [(member, row) for member, row in self._payments if member.branch == secretary.branch]
        if not payments:
            return
        sent = await secretary.person.sends_document(_file(row for _, row in payments), "党费.csv")
        await town.settle()
        shown = town.offered(secretary, sent.message_id, IMPORT)
        if shown is None:
            raise AssertionError("a payment file is not taken")
        await secretary.person.taps(shown, next(each for each in shown.buttons if each in IMPORT))
        await town.settle()
        await self._noted([member for member, _ in payments])
        newest = max(member.paid_at or 0 for member, _ in payments)
        town.data.append(Data(len(town.sent), newest, secretary.branch))

    async def _noted(self, payers: Sequence[Member]) -> None:
        known = await self._town.paid()
        for member in payers:
            if member.id not in known and not member.is_let_off:
                raise AssertionError(f"the payment of member {member.id} was imported, and it is not noted")
            self._town.now_so(member, Kind.PAID)

    async def let_off(self, member: Member) -> None:
        """The branch has decided, and the level above approved, that nothing is to be paid this month."""
        if member.paid_at is not None:
            return
        async with self._town.house.work() as work:
            obligation = await store.of_member(work.session, member.id, Period.parse(PERIOD))
            if obligation is not None:
                await store.note(work.session, obligation, Note.EXEMPT, Source.WAIVER, by=None, now=work.now)
        member.is_let_off = member.has_given_up = True
        self._town.now_so(member, Kind.EXEMPT)


def _file(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_HEADER, *rows])
    return text.getvalue().encode()


async def _imported(town: Town, content: bytes) -> None:
    """The one place that knows how a payment file is brought in: as by `zhibu dues import --apply`, at the town's time."""
    now = town.clock.now()
    fingerprint, zone = town.house.zhibu.vault.fingerprint, town.house.settings.zone
    file = await importing.read(content, fingerprint, zone, now=now)
    async with town.house.work() as work:
        await importing.apply(work, file, by=None, as_of=now)
