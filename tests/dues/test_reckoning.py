"""The official rates (中组发〔2008〕3号), at every boundary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues.reckoning import (
    NEEDS_BASE,
    Income,
    Reckoning,
    income_of,
    reckon,
)
from bot.roster.model import Category

SALARIES = [Income.MONTHLY, Income.ANNUAL, Income.IRREGULAR]
BOUNDARIES = {
    **dict.fromkeys(SALARIES, (3_000_00, 5_000_00, 10_000_00)),
    Income.PENSION: (5_000_00,),
}
bases = st.integers(0, 100_000_00)
incomes = st.sampled_from(sorted(NEEDS_BASE))


@pytest.mark.parametrize("income", SALARIES)
@pytest.mark.parametrize(
    ("base", "amount", "rate"),
    [
        (0, 0, 50),
        (1, 0, 50),
        (99, 0, 50),
        (100, 1, 50),  # half a fen is rounded up
        (1_000_00, 5_00, 50),
        (2_999_99, 15_00, 50),
        (3_000_00, 15_00, 50),
        (3_000_01, 30_00, 100),
        (4_200_00, 42_00, 100),
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
        (3_000_01, 15_00, 50),
        (4_200_00, 21_00, 50),
        (5_000_00, 25_00, 50),
        (5_000_01, 50_00, 100),
        (10_000_01, 100_00, 100),
    ],
)
def test_pensions(base: int, amount: int, rate: int) -> None:
    assert reckon(Income.PENSION, base) == Reckoning(amount, amount, rate)


@pytest.mark.parametrize("base", [0, 5_000_00])
def test_amounts_that_the_rule_names_whatever_is_earned(base: int) -> None:
    assert reckon(Income.FARMER, base) == Reckoning(20, 1_00, None)
    assert reckon(Income.ALLOWANCE, base) == Reckoning(20, 20, None)


@pytest.mark.parametrize("income", sorted(NEEDS_BASE))
def test_nobody_earns_less_than_nothing(income: Income) -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        reckon(income, -1)


@pytest.mark.parametrize(
    ("category", "income"),
    [
        (Category.EMPLOYED, Income.MONTHLY),
        (Category.RETIRED, Income.PENSION),
        (Category.STUDENT, Income.ALLOWANCE),
        (Category.LAID_OFF, Income.ALLOWANCE),
        (Category.FARMER, Income.FARMER),
        (Category.OTHER, None),
    ],
)
def test_what_the_roster_suggests(category: Category, income: Income | None) -> None:
    assert income_of(category) is income


@given(incomes, bases, bases)
def test_who_earns_more_pays_no_less(income: Income, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert reckon(income, low).least <= reckon(income, high).least


@given(incomes, bases)
def test_one_rate_on_the_whole_base_to_the_nearest_fen(income: Income, base: int) -> None:
    found = reckon(income, base)
    assert found.per_ten_thousand is not None
    assert found.least == found.most
    assert abs(found.least * 10_000 - base * found.per_ten_thousand) <= 5_000
    assert 0 <= found.least <= base


@given(incomes, st.data())
def test_it_jumps_at_the_boundaries_only(income: Income, data: st.DataObject) -> None:
    boundaries = BOUNDARIES[income]
    base = data.draw(st.one_of(bases, st.sampled_from(boundaries)))
    here, next_fen = reckon(income, base), reckon(income, base + 1)
    if base in boundaries:
        assert next_fen.least > here.least + 1
    else:
        assert next_fen.per_ten_thousand == here.per_ten_thousand
        assert next_fen.least - here.least in (0, 1)
