"""The official rates (中组发〔2008〕3号), at every boundary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues.reckoning import NEEDS_BASE, Income, Reckoning, reckon

SALARIES = [Income.MONTHLY, Income.ANNUAL, Income.IRREGULAR]
bases = st.integers(0, 100_000_00)


@pytest.mark.parametrize("income", SALARIES)
@pytest.mark.parametrize(
    ("base", "amount", "rate"),
    [
        (0, 0, 50),
        (1_000_00, 5_00, 50),
        (3_000_00, 15_00, 50),
        (3_000_01, 30_00, 100),
        (5_000_00, 50_00, 100),
        (5_000_01, 75_00, 150),
        (10_000_00, 150_00, 150),
        (10_000_01, 200_00, 200),
        (20_000_00, 400_00, 200),
    ],
)
def test_salaries(income: Income, base: int, amount: int, rate: int) -> None:
    assert reckon(income, base) == Reckoning(amount, amount, rate)


@pytest.mark.parametrize(
    ("base", "amount", "rate"),
    [
        (0, 0, 50),
        (4_200_00, 21_00, 50),
        (5_000_00, 25_00, 50),
        (5_000_01, 50_00, 100),
        (10_000_01, 100_00, 100),
    ],
)
def test_pensions(base: int, amount: int, rate: int) -> None:
    assert reckon(Income.PENSION, base) == Reckoning(amount, amount, rate)


def test_amounts_that_the_rule_names() -> None:
    assert reckon(Income.FARMER) == Reckoning(20, 100, None)
    assert reckon(Income.ALLOWANCE) == Reckoning(20, 20, None)


def test_nobody_earns_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        reckon(Income.MONTHLY, -1)


@given(st.sampled_from(sorted(NEEDS_BASE)), bases, bases)
def test_who_earns_more_pays_no_less(income: Income, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert reckon(income, low).least <= reckon(income, high).least


@given(st.sampled_from(sorted(NEEDS_BASE)), bases)
def test_one_rate_on_the_whole_base_to_the_nearest_fen(income: Income, base: int) -> None:
    found = reckon(income, base)
    assert found.per_ten_thousand is not None
    assert found.least == found.most
    assert abs(found.least * 10_000 - base * found.per_ten_thousand) <= 5_000
    assert found.least <= base
