"""Which words of a question may be kept, which questions are alike, and in which order they are looked at."""

import dataclasses
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import tzinfo
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz

from bot.faq.learning.model import Group, Lesson
from bot.faq.matcher.sounds import letters
from bot.faq.matcher.wording import normalise
from bot.kit.clock import DAY, to_local

LONGEST: Final = 300
"""Characters of a question that are kept."""
LONGEST_ANSWER: Final = 1_500
WORDINGS: Final = 5
"""Wordings of a group that are shown, and added by one tap: nobody approves what they have not read."""
LONGEST_WORDING: Final = 60
"""A longer text is a story: it is shown and counted, but no wording that others would repeat."""

ALIKE: Final = 0.45
CONTAINED: Final = 0.85
OF_ONE_LENGTH: Final = 0.6
"""From this likeness on, with so much of the shorter one in the longer one and the shorter one at least so long in
proportion, two questions ask the same: with a word put in or moved they do; with a word in place of another (党费怎么交,
物业费怎么交) or with a subject before it (密码忘了, 学习强国密码忘了) they do not.
"""
ALIKE_ABOUT_ONE_ENTRY: Final = 0.3
"""From this likeness on, they ask the same where both people had been shown the same entry first."""

TELLING_FROM: Final = 3
"""Open groups from which on staff are told of them."""
_DAYS: Final = (1, 2)
_HOURS: Final = range(9, 17)
KEPT: Final = 90 * DAY
KEPT_DISMISSED: Final = 180 * DAY
"""After the dismissal: as long as similar questions stay dismissed."""

_NUMBER = re.compile(
    r"""
    [A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+  # a mail address
    | @[A-Za-z0-9_]{3,}                        # a name in Telegram
    | (?:\+\s*\d{1,3}[\s-]?)?\d(?:[\s.\u2010-\u2015-]?\d){5,}[xX]?  # a phone, a card, an identity number
    | (?<![A-Za-z])[A-Za-z]{1,3}-?\d{4,}                 # an employee's number
    """,
    re.VERBOSE,
)
_INTRODUCTION = (
    r"(?:我的名字叫|我的名字是|我名字叫|我名叫|我叫|我是|本人|姓名[:：]?|my\s+name\s+is|i\s+am|i['’]m)?\s*"
)
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_BEFORE = ("老", "小", "大")
_AFTER = ("师傅", "工", "姐", "哥", "叔", "姨", "大姐", "大哥")
_ADDRESS = r"(?:同志|书记|师傅|主任|队长)?"
_EDGES = " ,，.。;；:：、!！…~～-—"
_SPACE = re.compile(r"\s+")
_SYLLABLE = re.compile(r"[a-z0-9]+|\S")
_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff，。；、…]) (?=[\u3400-\u9fff，。；、…])")
_DOUBLED = re.compile(r"([,，.。;；、])(?:\s*[,，.。;；、])+")


def called(name: str) -> Sequence[str]:
    """What somebody of this name is called, and may call themselves: 李建国 is also 老李, 小李, 李师傅."""
    if not _CHINESE_NAME.fullmatch(name):
        return [name]
    surname = name[0]
    return [name, *(before + surname for before in _BEFORE), *(surname + after for after in _AFTER)]


def anonymous(text: str, names: Collection[str]) -> str:
    """A question on one line without what tells who wrote it: these names (with "我叫…" before them), phones, identity
    and card numbers, employees' numbers, addresses. May leave nothing.
    """
    return _without(text, names, gap="").strip(_EDGES)


def anonymous_lines(text: str, names: Collection[str]) -> str:
    """An answer without the same, line by line; where something stood there is a gap, so that it is seen."""
    lines = (_without(line, names, gap="…").strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _without(text: str, names: Collection[str], gap: str) -> str:
    # The longest first: 王小梅 is not to become 小 when there is a 王梅 too, nor 欧阳王梅 to leave 欧阳.
    for name in sorted(filter(None, (name.strip() for name in names)), key=lambda name: (-len(name), name)):
        text = re.sub(_INTRODUCTION + re.escape(name) + _ADDRESS, f" {gap} ", text, flags=re.IGNORECASE)
    text = _NUMBER.sub(f" {gap} ", text)
    text = _BETWEEN_CHINESE.sub("", _SPACE.sub(" ", text))
    return _DOUBLED.sub(r"\1", text)


def says_something(text: str) -> bool:
    """Whether anything to learn from is left."""
    return len(normalise(text).replace(" ", "")) >= 2


def folded(text: str) -> str:
    """Equal for texts that differ in nothing that is heard: case, punctuation, width, homophones."""
    return letters(normalise(text))


def likeness(one: str, other: str) -> float:
    """How much two texts are alike, 0 to 1: in writing, in sound, and in the characters and pairs of them that
    they share in any order.
    """
    return _Heard.of(one).likeness(_Heard.of(other))


def alike(one: str, other: str, *, about_one_entry: bool = False) -> bool:
    """Whether two texts ask the same. `about_one_entry`: those who wrote them had been shown the same entry."""
    return _Heard.of(one).nearness(_Heard.of(other), about_one_entry=about_one_entry) > 0


@dataclasses.dataclass(frozen=True, slots=True)
class _Heard:
    """A text taken apart for comparing."""

    writing: str
    sound: str
    grams: frozenset[str]
    """Its characters, and pairs of neighbours."""
    syllables: Counter[str]
    """How often each is heard: of Chinese, the sounds of characters; of Latin script, words."""
    size: int
    """Syllables altogether."""

    @classmethod
    def of(cls, text: str) -> "_Heard":
        normalised = normalise(text)
        syllables = Counter(map(letters, _SYLLABLE.findall(normalised)))
        writing = normalised.replace(" ", "")
        return cls(
            writing,
            letters(normalised),
            frozenset([*writing, *map("".join, pairwise(writing))]),
            syllables,
            syllables.total(),
        )

    def likeness(self, other: "_Heard") -> float:
        if self.sound == other.sound:
            return 1.0
        sizes = len(self.grams) + len(other.grams)
        shared = 2 * len(self.grams & other.grams) / sizes if sizes else 0.0
        ratios = fuzz.ratio(self.writing, other.writing) + fuzz.ratio(self.sound, other.sound)
        return (ratios / 100 + shared) / 3

    def contained(self, other: "_Heard") -> float:
        """How much of the shorter of the two is in the longer one, 0 to 1, in any order."""
        common = self.syllables.keys() & other.syllables.keys()
        shared = sum(min(self.syllables[each], other.syllables[each]) for each in common)
        return shared / min(self.size, other.size) if shared else 0.0

    def nearness(self, other: "_Heard", *, about_one_entry: bool) -> float:
        """The likeness to a text that asks the same, otherwise 0."""
        # What is quickly said comes first: all of a queue are compared with one another.
        if self.sound == other.sound:
            return 1.0
        if not about_one_entry:
            longer = max(self.size, other.size)
            if min(self.size, other.size) < OF_ONE_LENGTH * longer or self.contained(other) < CONTAINED:
                return 0.0
        likeness = self.likeness(other)
        return likeness if likeness >= (ALIKE_ABOUT_ONE_ENTRY if about_one_entry else ALIKE) else 0.0


@dataclasses.dataclass(slots=True)
class _Pile:
    heard: _Heard
    about: str | None
    lessons: list[Lesson]


def gather(
    lessons: Iterable[Lesson], *, refused: Iterable[str] = (), own: int | None = None
) -> Sequence[Group]:
    """The lessons in groups, what most people asked first; those like a refused text are left out. `own`: the unit
    whose queue it is: what was passed up to it comes before everything else. Does not depend on the lessons' order.
    """
    turned_down = [_Heard.of(text) for text in dict.fromkeys(refused)]
    same: dict[str, list[Lesson]] = {}
    for lesson in sorted(lessons, key=lambda lesson: lesson.id):
        same.setdefault(folded(lesson.text), []).append(lesson)
    piles: list[_Pile] = []
    for found in same.values():
        heard = _Heard.of(found[0].text)
        if any(heard.nearness(other, about_one_entry=False) for other in turned_down):
            continue
        about = next((lesson.shown[0] for lesson in found if lesson.shown), None)
        pile = _nearest(piles, heard, about)
        if pile is None:
            piles.append(_Pile(heard, about, found))
        else:
            pile.lessons += found
    return sorted((_group(pile.lessons, own) for pile in piles), key=_place)


def _nearest(piles: Sequence[_Pile], heard: _Heard, about: str | None) -> _Pile | None:
    best, best_likeness = None, 0.0
    for pile in piles:
        found = heard.nearness(pile.heard, about_one_entry=about is not None and about == pile.about)
        if found > best_likeness:
            best, best_likeness = pile, found
    return best


def _group(lessons: Sequence[Lesson], own: int | None) -> Group:
    ordered = sorted(lessons, key=lambda lesson: lesson.id)
    answers = [lesson for lesson in ordered if lesson.answer]
    return Group(
        lessons=tuple(ordered),
        wordings=_wordings(ordered),
        members=len({lesson.account_id for lesson in ordered}),
        reasons=Counter(lesson.reason for lesson in ordered),
        answered=len(answers),
        answer=max(answers, key=lambda lesson: (lesson.at, lesson.id)).answer if answers else None,
        # A branch's own questions stand in its own queue from the start; above it, only what was passed up does.
        passed_up=own is not None and any(lesson.unit_id == own for lesson in ordered),
    )


def _wordings(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    askers: dict[str, set[int]] = {}
    first: dict[str, str] = {}
    for lesson in lessons:
        key = folded(lesson.text)
        askers.setdefault(key, set()).add(lesson.account_id)
        first.setdefault(key, lesson.text)
    order = sorted(first, key=lambda key: (-len(askers[key]), len(first[key]), first[key]))
    return tuple(first[key] for key in order)


def _place(group: Group) -> tuple[bool, int, int, int]:
    return (not group.passed_up, -group.members, -group.latest, group.id)


def to_add(wordings: Sequence[str], present: Iterable[str]) -> tuple[str, ...]:
    """Which of a group's wordings one tap adds to an entry that has the present ones."""
    known = {folded(text) for text in present}
    return tuple(
        text
        for text in wordings[:WORDINGS]
        if len(text) <= LONGEST_WORDING and says_something(text) and folded(text) not in known
    )


def telling_time(now: int, zone: tzinfo) -> tuple[str, bool]:
    """This week's name, and whether now is a time to tell staff what awaits them: Monday from 9:00 to 17:00, and
    Tuesday for a bot that was down on Monday.
    """
    local = to_local(now, zone)
    year, week, weekday = local.isocalendar()
    return f"{year}-W{week:02}", weekday in _DAYS and local.hour in _HOURS
