"""A month in the life of an organisation, simulated twice: the questions that need a person go to the member's own trained
branch secretary; or all of them straight to the general branch.

    python tests/bench/month.py                               2,000 members in 40 branches (some minutes)
    python tests/bench/month.py --members 200 --branches 8    the same, small (under a minute)

THIS IS A SIMULATION. The bot is the real one: the whole application takes real updates over HTTP from the embedded Bot
API and keeps its rows in a real database; only time is made. The people are not real: what they do is drawn by dice from
the figures below, which are guesses, the same for both runs. What it shows is how the two ways of routing differ under
these guesses, and that on every message sent each promise of the dues and the helpdesk was kept; it does not show what
people would do. Everybody answers equally well and equally many a day: what differs is how many share the questions. It
exits with 1 if a promise was broken. The same seed makes the same people, who want the same things at the same times.
"""

import argparse
import asyncio
import dataclasses
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.bench.month_assumptions import Assumptions, Habit
from tests.bench.month_figures import Figures, compared, figures
from tests.bench.month_promises import PROMISES, Breach, check

ZONE = ZoneInfo("Asia/Shanghai")

ASSUMED = Assumptions(
    begins=datetime(2026, 11, 1, 8, 0, tzinfo=ZONE),
    ends=datetime(2026, 12, 1, 0, 0, tzinfo=ZONE),
    step_minutes=30,
    starts_with_account=0.55,
    joins_later=0.35,
    pays_unasked=0.45,
    stumbles=0.4,
    manages_alone=0.3,
    asks_something=0.3,
    faq_helps=0.5,
    answer_helps=0.85,
    patience_days=3,
    gives_up=0.6,
    adds_words=0.5,
    does_not_wait=0.4,
    reacts_pays=0.45,
    reacts_snoozes=0.12,
    reacts_trouble=0.08,
    reacts_blocks=0.01,
    says_paid=0.5,
    let_off=0.02,
    deputies=0.6,
    habits=(
        Habit(share=0.3, hours=(8, 9, 10, 11, 13, 14, 15, 16, 17, 19), every_days=1, weekends=True),
        Habit(share=0.45, hours=(9, 14, 17), every_days=1, weekends=False),
        Habit(share=0.2, hours=(16,), every_days=2, weekends=False),
        Habit(share=0.05, hours=(), every_days=1, weekends=False),
    ),
    generals_each=1,
    answers_a_day=8,
    secretaries_away=0.15,
    data_hour=7,
    data_gap=(11, 20),
    files_on=16,
    restart_on=27,
)

ARMS = {"branch": "to the member's own secretary", "general": "all to the general branch"}
"""The setting ZHIBU_ROUTING, and what it does."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What one run showed."""

    figures: Figures
    breaches: Sequence[Breach]
    checked: int
    """Messages that arrived."""
    seconds: float


def simulate(routing: str, members: int, branches: int, seed: int) -> Outcome:
    """One month, in a process of its own."""
    from tests.bench.month_life import live  # noqa: PLC0415 - the parent process need not load the bot

    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        log = asyncio.run(
            live(ASSUMED, Path(folder), routing=routing, members=members, branches=branches, seed=seed)
        )
    return Outcome(figures(log), check(log.log), len(log.log.sent), time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--branches", type=int, default=40)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--arm", choices=ARMS, help="only this one")
    given = parser.parse_args()
    print(f"A simulated month: {given.members:,} members in {given.branches} branches, seed {given.seed}.")
    print("The bot is the real one; the people are dice. Assumed, for both runs alike:")
    for line in ASSUMED.lines():
        print(f"  - {line}")
    arms = [given.arm] if given.arm else [*ARMS]
    with multiprocessing.get_context("spawn").Pool(len(arms)) as pool:
        outcomes = pool.starmap(simulate, [(arm, given.members, given.branches, given.seed) for arm in arms])
    print()
    for line in compared({ARMS[arm]: each.figures for arm, each in zip(arms, outcomes, strict=True)}):
        print(line)
    print()
    for arm, outcome in zip(arms, outcomes, strict=True):
        _tell(ARMS[arm], outcome)
    if any(outcome.breaches for outcome in outcomes):
        sys.exit(1)


def _tell(arm: str, outcome: Outcome) -> None:
    print(f"{arm}: {outcome.checked:,} messages checked, {outcome.seconds:.0f} s")
    broken = Counter(breach.promise for breach in outcome.breaches)
    for promise in PROMISES:
        print(f"  {'BROKEN' if broken[promise] else 'kept  '}  {promise}")
        examples = [breach.what for breach in outcome.breaches if breach.promise == promise]
        for what in examples[:5]:
            print(f"          {what}")
        if len(examples) > 5:
            print(f"          and {len(examples) - 5} more")


if __name__ == "__main__":
    main()
