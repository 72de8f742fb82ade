"""What a simulated month is made of. The figures themselves stand at the top of month.py."""

import dataclasses
from datetime import datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Habit:
    """How somebody who answers for members goes about it."""

    share: float
    """Of all secretaries."""
    hours: tuple[int, ...]
    """At which they look at what waits, local time."""
    every_days: int
    """1: daily; 2: every second day."""
    weekends: bool

    def words(self) -> str:
        if not self.hours:
            return f"{self.share:.0%} never look"
        hours = ", ".join(str(hour) for hour in self.hours)
        days = "working days" if self.every_days == 1 else f"every {self.every_days}nd day"
        return f"{self.share:.0%} look at {hours} h on {'all days' if self.weekends else days}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """Shares are between 0 and 1."""

    begins: datetime
    """The month begins."""
    ends: datetime
    """The month ends."""
    step_minutes: int
    """Minutes between two looks at what people do, by day; by night, three hours."""
    starts_with_account: float
    """Share of members who use the bot when the month begins."""
    joins_later: float
    """Share who join on some day of the first three weeks; the others never do."""
    pays_unasked: float
    """Share who try to pay without being reminded, on some day of the month."""
    stumbles: float
    """Share who get stuck when they first try, and cannot pay until they are helped."""
    manages_alone: float
    """Share of the stuck who find a way without the bot, after some days."""
    asks_something: float
    """Share who ask something else during the month."""
    faq_helps: float
    """Share of answers of the FAQ that settle the matter."""
    answer_helps: float
    """Share of answers of a person that settle the matter; the same for all who answer."""
    patience_days: int
    """Days a stuck member waits for a person before giving up for this month."""
    gives_up: float
    """Share who do give up then."""
    adds_words: float
    """Share who add something while their question is gathered."""
    does_not_wait: float
    """Share who tap 马上转."""
    reacts_pays: float
    """Share of reminders upon which one tries to pay that day."""
    reacts_snoozes: float
    """… upon which one asks to be reminded later."""
    reacts_trouble: float
    """… upon which one says that something is wrong."""
    reacts_blocks: float
    """… upon which one blocks the bot; upon the other reminders, nothing is done."""
    says_paid: float
    """Share who tap 已缴 when they have paid, or are reminded after that."""
    let_off: float
    """Share who are let off this month, decided on the 10th."""
    deputies: float
    """Share of branches with a deputy."""
    habits: tuple[Habit, ...]
    """How secretaries, deputies and general staff look at what waits."""
    generals_each: int
    """Staff of each general branch, of the second habit."""
    answers_a_day: int
    """Questions anybody answers in a day, at most, beside their own work."""
    secretaries_away: float
    """Share of secretaries who are away for two days; half of them tell the bot."""
    data_hour: int
    """Hour at which payment data comes in, on working days."""
    data_gap: tuple[int, int]
    """Days of the month between which no payment data comes in."""
    files_on: int
    """Day of the month on which secretaries of the first habit send the payment file of their branch."""
    restart_on: int
    """Day of the month on which the bot is stopped and started in the middle of a round."""

    def lines(self) -> list[str]:
        """As they are printed."""
        first, last = self.data_gap
        return [
            (
                f"{self.starts_with_account:.0%} use the bot from the beginning; {self.joins_later:.0%} join on some day of the"
                " first three weeks; the others never do"
            ),
            (
                f"{self.pays_unasked:.0%} try to pay unasked, on some day of the month;"
                f" {self.let_off:.0%} are let off, decided on the 10th"
            ),
            (
                f"{self.stumbles:.0%} get stuck when they first try; {self.manages_alone:.0%} of these find a way without the"
                " bot some days later, the others cannot pay until they are helped"
            ),
            f"{self.asks_something:.0%} ask something else",
            (
                f"an answer of the FAQ settles the matter in {self.faq_helps:.0%}, one of a person in"
                f" {self.answer_helps:.0%}, whoever that is"
            ),
            f"of those who have waited {self.patience_days} days for a person, {self.gives_up:.0%} give up for this month",
            (
                f"upon a reminder, {self.reacts_pays:.0%} try to pay that day, {self.reacts_snoozes:.0%} ask to be reminded"
                f" later, {self.reacts_trouble:.0%} say that something is wrong, {self.reacts_blocks:.0%} block the bot, the"
                f" others do nothing; {self.says_paid:.0%} of those who have paid tap “已缴”"
            ),
            f"{self.deputies:.0%} of branches have a deputy, each general branch has {self.generals_each} to answer; of"
            " secretaries and deputies " + "; ".join(each.words() for each in self.habits),
            f"those of the general branches {self.habits[1].words().partition(' ')[2]}",
            f"anybody answers at most {self.answers_a_day} questions a day, beside their own work",
            f"{self.secretaries_away:.0%} of secretaries are away for two days; half of them tell the bot",
            (
                f"payment data comes at {self.data_hour}:00 on working days, but none between the {first}th and 14:00 on the"
                f" {last}th"
            ),
            f"secretaries of the first habit send the payment file of their own branch on the {self.files_on}th",
            f"the bot is stopped and started in the middle of the round of the {self.restart_on}th",
            f"people do things every {self.step_minutes} minutes by day, every three hours by night",
        ]
