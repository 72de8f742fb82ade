"""Whatever order and repetition files come in, what is known afterwards is the same."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dues.importing.lines import Line, PaymentFile
from bot.dues.importing.matching import Directory, Known, Miss
from bot.dues.importing.packing import Packed
from bot.dues.importing.rules import Ledger, Owes, Payment, Plan, Weighing, payments_of
from bot.dues.model import Period, State

NOVEMBER = Period(2026, 11)
OWED = 2_000
PEOPLE = Directory(
    [Known(member, f"某{member}", f"E{member}", None, 1, has_left=False) for member in range(1, 5)], {}
)


class Books:
    """What has been imported, kept as the database would."""

    def __init__(self) -> None:
        self.imports: list[list[Payment]] = []

    @property
    def payments(self) -> list[Payment]:
        return [payment for imported in self.imports for payment in imported]

    def ledger(self) -> Ledger:
        paid: defaultdict[tuple[int, Period], list[int]] = defaultdict(list)
        payers: defaultdict[str, set[int]] = defaultdict(set)
        for payment in self.payments:
            paid[payment.member_id, Period.parse(payment.period)].append(payment.amount)
            if payment.reference:
                payers[payment.reference].add(payment.member_id)
        owed = {}
        for member in range(1, 5):
            covered = sum(paid.get((member, NOVEMBER), ())) >= OWED
            owed[member, NOVEMBER] = Owes(OWED, State.PAID if covered else State.DUE)
        return Ledger({payment.key: payment.amount for payment in self.payments}, paid, payers, owed)

    def bring_in(self, lines: Sequence[Line], at_once: int = 3) -> Plan:
        weighing, ledger = Weighing(None), self.ledger()
        for first in range(0, len(lines), at_once):
            weighing.weigh(weighing.match(lines[first : first + at_once], PEOPLE), ledger)
        plan = weighing.plan(PaymentFile(len(lines), Packed((), Line._make), (), 0, None, 0), 0)
        self.imports.append([payment for chunk in plan.payments for payment in chunk])
        return plan

    def sums(self) -> Counter[tuple[int, str]]:
        sums: Counter[tuple[int, str]] = Counter()
        for payment in self.payments:
            sums[payment.member_id, payment.period] += payment.amount
        return sums


def line(
    member: int, amount: int, reference: str = "", paid_at: int | None = None, months: int = 1, row: int = 2
) -> Line:
    return Line(row, f"E{member}", "", "", "", "2026-10", months, amount, paid_at, reference, "")


def _with_reference(number: int) -> Line:
    """What a reference stands for follows from it: no file contradicts another."""
    return line(1 + number % 4, 500 + 700 * (number % 5), f"T{number}", None, months=1 + number % 3)


lines_ = st.one_of(
    st.integers(0, 15).map(_with_reference),
    st.builds(
        line, st.integers(1, 4), st.sampled_from([1, 1_999, 2_000]), paid_at=st.sampled_from([None, 1, 2])
    ),
)
files_ = st.lists(st.lists(lines_, max_size=8), max_size=5)


@settings(max_examples=60)
@given(files_, st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_order_or_repetition(files: list[list[Line]], chance: Random) -> None:
    plainly, otherwise = Books(), Books()
    for file in files:
        plainly.bring_in(file)
    shuffled = [list(file) for file in (*files, *files[:2])]
    chance.shuffle(shuffled)
    for file in shuffled:
        chance.shuffle(file)
        otherwise.bring_in(file, at_once=2)
    assert plainly.sums() == otherwise.sums()
    everything = [each for file in files for each in file]
    together = Books()
    together.bring_in(everything)
    assert together.sums() == plainly.sums()


@settings(max_examples=60)
@given(files_)
def test_twice_is_once_and_taken_back_and_brought_in_again_is_as_before(files: list[list[Line]]) -> None:
    books = Books()
    for file in files:
        first = books.bring_in(file)
        before = books.sums()
        again = books.bring_in(file)
        assert (again.new, again.settles, again.missed) == (0, 0, ())
        assert books.sums() == before
        del books.imports[-2:]
        anew = books.bring_in(file, at_once=1)
        assert (books.sums(), anew.digest, anew.settles) == (before, first.digest, first.settles)


@given(files_)
def test_what_the_plan_says_is_what_becomes_of_it(files: list[list[Line]]) -> None:
    books = Books()
    for file in files:
        due = {place for place, owes in books.ledger().owed.items() if owes.state is State.DUE}
        plan = books.bring_in(file)
        after = books.ledger()
        assert plan.settles == sum(after.owed[place].state is State.PAID for place in due)
        assert plan.new == len(books.imports[-1])
        assert plan.new + plan.known == sum(each.months for each in file)
        for short in plan.short:
            assert after.owed[short.member_id, short.period].state is State.DUE
        for extra in plan.extra:
            assert sum(after.paid[extra.member_id, extra.period]) == extra.paid
            assert extra.payments == len(after.paid[extra.member_id, extra.period])


@given(st.integers(1, 100_000), st.integers(1, 24))
def test_a_sum_for_several_months_is_divided_to_the_fen(amount: int, months: int) -> None:
    shares = [payment.amount for payment in payments_of(line(1, amount, months=months), 1)]
    assert (sum(shares), len(shares)) == (amount, months)
    assert max(shares) - min(shares) <= 1


def test_the_same_reference_says_one_thing() -> None:
    books = Books()
    books.bring_in([line(1, 2_000, "T", row=2)])
    plan = books.bring_in(
        [line(1, 1_000, "T", row=2), line(2, 2_000, "T", row=3), line(1, 2_000, "T", row=4)]
    )
    assert plan.missed == ((2, Miss.CHANGED), (3, Miss.OTHER_PERSON))
    assert (plan.new, plan.known) == (0, 1)
