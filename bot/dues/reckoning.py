"""How much the dues are, by the official rates.

Source: 《关于中国共产党党费收缴、使用和管理的规定》(中组发〔2008〕3号). One rate applies to the whole base, not to brackets of it.
Amounts are fen; the rule says nothing on rounding, so a half fen is rounded up.
"""

import dataclasses
import enum

from bot.roster.model import Category


class Income(enum.StrEnum):
    """What a member lives on."""

    MONTHLY = "monthly"
    """A monthly salary: its relatively fixed, regular part after tax."""
    ANNUAL = "annual"
    """An annual salary: what was actually received this month."""
    IRREGULAR = "irregular"
    """Irregular income: the mean monthly net income of the previous quarter."""
    PENSION = "pension"
    """A pension: what is actually received."""
    FARMER = "farmer"
    ALLOWANCE = "allowance"
    """Students, laid-off members, those living on relief or the minimum allowance."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reckoning:
    """The monthly dues, from `least` to `most` fen; the same where the rule leaves no choice."""

    least: int
    most: int
    per_ten_thousand: int | None
    """The rate; None where the rule names an amount."""


_SALARY = ((3_000_00, 50), (5_000_00, 100), (10_000_00, 150), (None, 200))
_PENSION = ((5_000_00, 50), (None, 100))
_RATES = {
    Income.MONTHLY: _SALARY,
    Income.ANNUAL: _SALARY,
    Income.IRREGULAR: _SALARY,
    Income.PENSION: _PENSION,
}
_AMOUNTS = {Income.FARMER: (20, 1_00), Income.ALLOWANCE: (20, 20)}

_OF_CATEGORIES = {
    Category.EMPLOYED: Income.MONTHLY,
    Category.RETIRED: Income.PENSION,
    Category.STUDENT: Income.ALLOWANCE,
    Category.LAID_OFF: Income.ALLOWANCE,
    Category.FARMER: Income.FARMER,
}

NEEDS_BASE = frozenset(_RATES)

TO_THE_CENTRE = 1_000_00
"""A voluntary single sum of so many fen or more goes to the central committee in full."""


def income_of(category: Category) -> Income | None:
    """What a member of this category most likely lives on; None where the roster does not tell."""
    return _OF_CATEGORIES.get(category)


def reckon(income: Income, base: int = 0) -> Reckoning:
    """The monthly dues for a base in fen (ignored where the rule names an amount). `ValueError` below 0."""
    if income in _AMOUNTS:
        least, most = _AMOUNTS[income]
        return Reckoning(least, most, None)
    if base < 0:
        raise ValueError("nobody earns less than nothing")
    rate = next(rate for limit, rate in _RATES[income] if limit is None or base <= limit)
    amount = (base * rate + 5_000) // 10_000
    return Reckoning(amount, amount, rate)
