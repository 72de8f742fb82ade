"""What stands in the cells of a payment file, and how it is read."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from bot.dues.importing import columns
from bot.dues.importing.lines import AT_ONCE, BadCell, Line, PaymentFile, Reading
from bot.kit.errors import Refusal
from bot.roster.importing.columns import SameColumnTwice
from tests.conftest import ZONE
from tests.dues.conftest import local
from tests.dues.payments.tables import HEADER, csv_bytes, line, xlsx_bytes


def read(content: bytes, now: int = local(30, 23)) -> PaymentFile:
    reading = Reading(content, lambda phone: f"#{phone}", ZONE, now=now)
    while reading.go_on():
        pass
    return reading.file()


def lines(content: bytes) -> list[Line]:
    return [each for chunk in read(content).lines for each in chunk]


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        ("员工编号", "手机", "党员姓名", "党费所属月份", "实缴金额(元)", "支付时间", "订单号"),
        ("职工 工号*", "联系电话", "缴费人", "缴费年月", "缴费金额（元）", "交易日期", "商户订单号"),
        ("employee_no", "Phone", "Full Name", "Month", "Paid Amount", "payment time", "Transaction ID"),
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5, 6), (6, 2, 5, 0, 4, 3, 1)])
def test_columns_by_many_names_in_any_order(header: Sequence[str], order: Sequence[int]) -> None:
    row = line("李建国", 20, "T1", number="E1", phone="13800000001", at="2026-11-18 09:05")
    (found,) = lines(csv_bytes([row[place] for place in order], header=[header[place] for place in order]))
    assert found == Line(
        2, "E1", "#13800000001", "李建国", "", "2026-11", 1, 2_000, local(18, 9, 5), "T1", ""
    )


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("20", 2_000), ("20.00元", 2_000), ("１２．５０", 1_250), ("¥1,200.50", 120_050), ("人民币12元整", 1_200),
        ("'20", 2_000), (" 20 ", 2_000), ("12,345", 1_234_500), (20, 2_000), (20.5, 2_050), (0.1 + 0.2, 30),
        ("0", None), ("-20", None), ("免", None), ("", None), ("12,50", None), ("1.234", None), ("20+20", None),
    ],
)  # fmt: skip
def test_amounts(written: object, fen: int | None) -> None:
    for content in (csv_bytes(line("李建国", written)), xlsx_bytes(line("李建国", written))):
        assert [each.amount for each in lines(content)] == ([] if fen is None else [fen])


@pytest.mark.parametrize(
    ("written", "first", "months"),
    [
        ("2026-11", "2026-11", 1), ("202611", "2026-11", 1), ("２０２６年１１月", "2026-11", 1), (202611, "2026-11", 1),
        ("2026/11", "2026-11", 1), ("2026-11-01", "2026-11", 1), ("46327", "2026-11", 1),
        ("2026年10月-12月", "2026-10", 3), ("202610至202612", "2026-10", 3), ("2026-11 ~ 2027-01", "2026-11", 3),
    ],
)  # fmt: skip
def test_months(written: object, first: str, months: int) -> None:
    for content in (csv_bytes(line("李建国", month=written)), xlsx_bytes(line("李建国", month=written))):
        (found,) = lines(content)
        assert (found.first, found.months) == (first, months)


@pytest.mark.parametrize("month", [date(2026, 11, 1), datetime(2026, 11, 30, 8, 30)])  # noqa: DTZ001 - as Excel keeps it
def test_months_as_excel_dates(month: date) -> None:
    (found,) = lines(xlsx_bytes(line("李建国", month=month)))
    assert (found.first, found.months) == ("2026-11", 1)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-18 09:05:06", local(18, 9, 5) + 6_000), ("2026/11/18 9:05", local(18, 9, 5)), ("2026.11.18", local(18, 0)),
        ("2026年11月18日 9时5分", local(18, 9, 5)), ("2026年11月18日", local(18, 0)), ("20261118090506", local(18, 9, 5) + 6_000),
        ("20261118", local(18, 0)), ("2026-11-18T09:05:06.123", local(18, 9, 5) + 6_000), ("46344", local(18, 0)),
        ("46344.375", local(18, 9)), ("2026/11/18 下午 3:05", local(18, 15, 5)), ("2026-11-18 12:30 AM", local(18, 0, 30)),
        (datetime(2026, 11, 18, 9, 5), local(18, 9, 5)), ("", None),  # noqa: DTZ001 - as Excel keeps it
    ],
)  # fmt: skip
def test_moments(written: object, instant: int | None) -> None:
    (found,) = lines(xlsx_bytes(line("李建国", at=written)))
    assert found.paid_at == instant


def test_cells_that_cannot_be_understood_are_told_with_their_row() -> None:
    file = read(
        csv_bytes(line("", 20), line("李建国", month="十一月", at="昨天"), line("王梅"), line("王梅", "很多"))
    )
    assert file.bad == (
        BadCell(2, columns.Column.NAME, ""),
        BadCell(3, columns.Column.PERIOD, "十一月"),
        BadCell(3, columns.Column.PAID_AT, "昨天"),
        BadCell(5, columns.Column.AMOUNT, "很多"),
    )
    assert (file.rows, file.bad_rows) == (4, 3)


def test_phones_are_kept_as_fingerprints_only_and_hidden_digits_say_nothing() -> None:
    content = csv_bytes(
        line("", phone="+86 138-0000-0001"),
        line("李建国", phone="138****0001"),
        line("", phone="１３８００００００01"),
    )
    assert [each.phone_hash for each in lines(content)] == ["#13800000001", "", "#13800000001"]


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        (("工号", "姓名", "党支部", "月应缴党费"), columns.NoPayments),
        (("姓名", "缴费月份"), columns.ColumnsMissing),
        (("缴费月份", "金额", "流水号"), columns.ColumnsMissing),
        (("姓名", "金额", "缴费时间"), columns.ColumnsMissing),
        (("姓名", "缴费月份", "金额", "缴费金额"), SameColumnTwice),
    ],
)
def test_tables_that_are_no_payment_lists(header: Sequence[str], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(csv_bytes(["1"] * len(header), header=header))


def test_the_newest_payment_dates_the_data_and_none_from_the_future() -> None:
    content = csv_bytes(*(line("李建国", at=at) for at in ("2026-11-03", "2026-11-17 08:00", "2026-12-24")))
    assert read(content, now=local(19, 9)).as_of == local(17, 8)
    assert read(csv_bytes(line("李建国")), now=local(19, 9)).as_of == local(19, 9)


def test_nothing_is_lost_between_the_chunks() -> None:
    count = 2 * AT_ONCE + 1
    found = lines(csv_bytes(*(line("李建国", reference=f"T{number}") for number in range(count))))
    assert [each.reference for each in found] == [f"T{number}" for number in range(count)]
    assert [each.row for each in found] == list(range(2, count + 2))
