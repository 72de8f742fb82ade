"""Importing payments: how long a file takes from its bytes to the ledger, and how much memory.

    python tests/bench/payments.py [--members 200000]

A roster of so many invented members, each with an obligation, and a file with one payment for each, as CSV and as XLSX. Each
line is a process of its own, so that its peak of memory is its own. The baselines only read the file with what Python and
openpyxl offer, throwing the cells away; `ratio` is ours to that.
"""

import argparse
import asyncio
import csv
import dataclasses
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.kit.clock import ManualClock, from_local

ZONE = ZoneInfo("Asia/Shanghai")
NOW = from_local(datetime(2026, 11, 19, 9, tzinfo=ZONE))
BRANCH_SIZE = 40
HEADER = ("工号", "手机号", "姓名", "缴费月份", "金额", "缴费时间", "流水号")
FAMILY, GIVEN, SECOND = "王李张刘陈杨赵黄周吴", "伟芳娜敏静强磊洋艳杰", "国华红军平建文明兰英"
SECRET = b"a secret for benches, of thirty-two bytes"
MOST_SECONDS, MOST_MEBIBYTES = 60, 300


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    rows: int
    seconds: float
    processor: float
    said: str


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    what: str
    ran: Ran
    mebibytes: float


def name_of(number: int) -> str:
    return FAMILY[number % 10] + GIVEN[number // 10 % 10] + SECOND[number // 100 % 10]


def payments(members: int) -> Iterator[Sequence[object]]:
    for number in range(members):
        # Every tenth row has a phone only, every tenth a name's branch fellows to look among as well.
        paid_at = datetime(2026, 11, 1, 8) + timedelta(seconds=7 * number)  # noqa: DTZ001 - local, as files have it
        employee_no = "" if number % 10 == 0 else f"E{number:07}"
        yield employee_no, f"138{number:08}", name_of(number), "2026-11", 20.5, paid_at, f"T{number:018}"


def write_files(folder: Path, members: int) -> None:
    import openpyxl  # noqa: PLC0415 - not in the processes that are measured

    with (folder / "payments.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(payments(members))
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(HEADER)
    for row in payments(members):
        sheet.append(list(row))
    workbook.save(folder / "payments.xlsx")


async def furnish(path: Path, members: int) -> None:
    from bot.kit import schema  # noqa: PLC0415 - as above
    from bot.kit.database import SqliteDatabase  # noqa: PLC0415
    from bot.kit.vault import Vault  # noqa: PLC0415

    schema.upgrade(path)
    database, vault = await SqliteDatabase.open(path), Vault(SECRET)
    async with database.transaction() as session:
        await session.run(
            "INSERT INTO unit (id, name, kind, parent_id, join_token) VALUES (1, '采油一厂党委', 'committee', NULL, 't1')"
        )
        branches = range(2, 3 + members // BRANCH_SIZE)
        await session.run_many(
            "INSERT INTO unit (id, name, kind, parent_id, join_token) VALUES (:id, :name, 'branch', 1, :token)",
            ({"id": branch, "name": f"第{branch}党支部", "token": f"t{branch}"} for branch in branches),
        )
        await session.run_many(
            "INSERT INTO member (employee_no, name, phone_hash, branch_id, status, category, monthly_dues, created_at,"
            " updated_at) VALUES (:no, :name, :hash, :branch, 'full', 'employed', 2050, 0, 0)",
            (
                {
                    "no": f"E{number:07}",
                    "name": name_of(number),
                    "hash": vault.fingerprint(f"138{number:08}"),
                    "branch": 2 + number // BRANCH_SIZE,
                }
                for number in range(members)
            ),
        )
        await session.run(
            "INSERT INTO dues_entry (member_id, period, kind, amount, at, source)"
            " SELECT id, '2026-11', 'owes', monthly_dues, 0, 'rule' FROM member"
        )
        await session.run(
            "INSERT INTO obligation (member_id, period, opened_at) SELECT id, '2026-11', 0 FROM member"
        )
    await database.close()


def prepare(folder: Path, members: int) -> None:
    """Files and databases, made in a process of its own: a child's peak of memory begins with its parent's."""
    write_files(folder, members)
    for name in ("payments.csv", "payments.xlsx"):
        asyncio.run(furnish(folder / f"{name}.db", members))


def plain_csv(file: Path) -> Ran:
    begun = _Stopwatch()
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = sum(1 for _ in csv.reader(lines)) - 1
    return Ran(rows, *begun.taken(), "")


def plain_openpyxl(file: Path) -> Ran:
    import openpyxl  # noqa: PLC0415 - only in the process that measures it

    begun = _Stopwatch()
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    rows = sum(1 for _ in workbook.worksheets[0].iter_rows(values_only=True)) - 1
    return Ran(rows, *begun.taken(), "")


def zhibu(file: Path) -> Ran:
    from bot.dues import importing  # noqa: PLC0415 - as above
    from bot.kit.database import SqliteDatabase  # noqa: PLC0415
    from bot.kit.i18n import Languages  # noqa: PLC0415
    from bot.kit.vault import Vault  # noqa: PLC0415
    from bot.kit.work import Works  # noqa: PLC0415

    async def go() -> Ran:
        database = await SqliteDatabase.open(file.parent / f"{file.name}.db")
        works = Works(database, ManualClock(NOW), Languages.load(), wake_courier=lambda: None)
        begun = _Stopwatch()
        content = await asyncio.to_thread(file.read_bytes)
        read = await importing.read(content, Vault(SECRET).fingerprint, ZONE, now=NOW)
        reading, _ = begun.taken()
        async with works.begin() as work:
            done = await importing.apply(work, read, by=None)
        seconds, processor = begun.taken()
        async with works.reading() as reader:
            paid = await reader.value("SELECT COUNT(*) FROM owing WHERE state = 'paid'")
        await database.close()
        if not done.plan.new == done.plan.settles == paid == read.rows:
            raise SystemExit(f"{file.name}: {paid} of {read.rows} became paid")
        said = f"{reading:.1f} s of reading, then a transaction of {seconds - reading:.1f} s"
        return Ran(paid, seconds, processor, said)

    return asyncio.run(go())


class _Stopwatch:
    def __init__(self) -> None:
        self._begun = time.monotonic(), time.process_time()

    def taken(self) -> tuple[float, float]:
        """Seconds by the clock and of the processor."""
        return time.monotonic() - self._begun[0], time.process_time() - self._begun[1]


WAYS = {"csv": plain_csv, "openpyxl": plain_openpyxl, "zhibu": zhibu}


def measured(way: str, file: Path) -> Figures:
    """One import in a process of its own."""
    told = json.loads(_child("--way", way, "--file", str(file)))
    return Figures(**{**told, "ran": Ran(**told["ran"])})


def _child(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def measure(way: str, file: Path) -> Figures:
    ran = WAYS[way](file)
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figures(f"{way} {file.suffix[1:]}", ran, mebibytes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=200_000)
    parser.add_argument("--way", choices=WAYS, help="of one process: what it does")
    parser.add_argument("--file", type=Path, help="of one process: with which file")
    parser.add_argument("--prepare", type=Path, help="of one process: the folder it fills")
    asked = parser.parse_args()
    if asked.way:
        print(json.dumps(dataclasses.asdict(measure(asked.way, asked.file))))
    elif asked.prepare:
        prepare(asked.prepare, asked.members)
    else:
        compare(asked.members)


def compare(members: int) -> None:
    good = True
    with tempfile.TemporaryDirectory() as folder:
        _child("--prepare", folder, "--members", str(members))
        print(f"{'':14}{'rows':>9}{'seconds':>9}{'of cpu':>8}{'MiB peak':>10}{'ratio':>7}")
        for name, baseline in (("payments.csv", "csv"), ("payments.xlsx", "openpyxl")):
            file = Path(folder) / name
            plain, ours = measured(baseline, file), measured("zhibu", file)
            for each in (plain, ours):
                ran, ratio = each.ran, each.ran.seconds / plain.ran.seconds
                print(
                    f"{each.what:14}{ran.rows:9,}{ran.seconds:9.1f}{ran.processor:8.1f}{each.mebibytes:10.0f}"
                    f"{ratio:7.1f}  {ran.said}"
                )
            good = good and ours.ran.seconds < MOST_SECONDS and ours.mebibytes < MOST_MEBIBYTES
    verdict = "kept" if good else "MISSED"
    print(f"Promised: at most {MOST_SECONDS} s and {MOST_MEBIBYTES} MiB. {verdict}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
