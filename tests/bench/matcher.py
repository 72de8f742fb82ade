"""Measures the FAQ matcher beside what is commonly used instead, as tables.

    python tests/bench/matcher.py QUESTIONS…                the content of faq/ on questions that are not in it
    python tests/bench/matcher.py QUESTIONS… --perturb      and on the same questions, each spoilt in one way
    python tests/bench/matcher.py --sets FOLDER             public sets: FOLDER/*/{entries-k10,queries-test}.jsonl
    python tests/bench/matcher.py --speed                   500 entries x 20 and 5,000 x 10 phrasings, made up

QUESTIONS are JSON lines {"text", "accept": [ids]}. The parts may be asked for together; one core is used.
"""

import argparse
import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.faq import content
from bot.faq.matcher import WRONG_ALLOWED, Index, Topic, evaluation, match, taught
from bot.faq.matcher.evaluation import Question, read_questions, read_topics
from bot.faq.model import Kind
from tests.bench import perturbing, rivals, synthetic
from tests.bench.rivals import Ranked

T = TypeVar("T")

CONTENT = Path(__file__).parent.parent.parent / "faq"
NAMES = ("石油党建", "铁人先锋")
COLUMNS = (
    ("top1", "top-1"),
    ("recall_at_3", "rec@3"),
    ("answered_right", "answered"),
    ("suggested_right", "suggested"),
    ("handed_over", "handed"),
    ("answered_wrong", "wrong"),
    ("out_of_scope_answered", "oos answ."),
    ("cov3", "cov3"),
)


def own_topics(folder: Path) -> Sequence[Topic]:
    phrasings: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, Kind] = {}
    for entry in content.read_entries(folder):
        phrasings[entry.id] += entry.phrasings
        kinds[entry.id] = entry.kind
    return [Topic(key, kinds[key], tuple(texts)) for key, texts in phrasings.items()]


def heading(title: str) -> None:
    print(f"\n{title}\n{'':34}" + "".join(f"{name:>10}" for _, name in COLUMNS))


def row(name: str, figures: dict[str, Any]) -> None:
    print(f"{name:34}" + "".join(f"{100 * figures[key]:10.1f}" for key, _ in COLUMNS))


def figures_of(index: Index, questions: Sequence[Question]) -> dict[str, Any]:
    return evaluation.figures([_asked(index, question) for question in questions])


def _asked(index: Index, question: Question) -> evaluation.Answered:
    began = time.perf_counter()
    outcome = match(index, question.text)
    return evaluation.Answered(question, outcome, time.perf_counter() - began)


def compared(name: str, questions: Sequence[Question], ranked: Callable[[str], Ranked]) -> None:
    """A matcher without decisions: what it ranks first, and how much it covers at 3 % wrong."""
    found = [(question, ranked(question.text)) for question in questions]
    print(f"{name:34}" + "".join(f"{100 * share:10.1f}" for share in rivals.figures(found)))


def own(index: Index, files: Iterable[Path], *, perturb: bool) -> None:
    for file in files:
        questions = read_questions(file)
        heading(
            f"faq/ on {file.name}: {len(questions)} questions, of them {_in_scope(questions)} in scope; %"
        )
        plain = figures_of(index, questions)
        row("as they are", plain)
        if perturb:
            within = [question for question in questions if question.accept]
            base = figures_of(index, within)
            print(
                f"\n{'in scope, spoilt':34}{'top-1':>10}{'loss':>10}{'answered':>10}{'loss':>10}{'helped':>10}{'loss':>10}"
            )
            for name, spoil in perturbing.WAYS.items():
                spoilt = figures_of(index, [Question(spoil(each.text), each.accept) for each in within])
                print(f"{name:34}" + "".join(_with_loss(base, spoilt, key) for key in _SPOILT))


_SPOILT: Sequence[Sequence[str]] = (("top1",), ("answered_right",), ("answered_right", "suggested_right"))


def _with_loss(base: dict[str, Any], spoilt: dict[str, Any], keys: Sequence[str]) -> str:
    now, before = (100 * sum(figures[key] for key in keys) for figures in (spoilt, base))
    return f"{now:10.1f}{before - now:10.1f}"


def _in_scope(questions: Sequence[Question]) -> int:
    return sum(bool(question.accept) for question in questions)


def sets(folder: Path, entries: str, queries: str) -> None:
    for each in sorted(path.parent for path in folder.glob(f"*/{entries}.jsonl")):
        topics, questions = read_topics(each / f"{entries}.jsonl"), read_questions(each / f"{queries}.jsonl")
        heading(f"{each.name}, {entries}, {queries}: {len(questions)} questions; %")
        index = taught(Index.build(topics), WRONG_ALLOWED)
        row("this matcher", figures_of(index, questions))
        print(f"{'':34}{'top-1':>10}{'rec@3':>10}{'cov3':>10}")
        for name, make in rivals.ALL.items():
            compared(name, questions, make(topics))


def speed() -> None:
    """Times are of the processor, so that they hold on a machine that is shared."""
    for entries, phrasings in ((500, 20), (5_000, 10)):
        topics, questions = synthetic.content(entries, phrasings)
        print(f"\n{entries} entries x {phrasings} phrasings, {len(questions)} questions, one core")
        print(f"{'':34}{'built s':>10}{'p50 ms':>10}{'p99 ms':>10}{'top-1':>10}{'times':>10}")
        before = _memory()
        index, built = _taking(partial(Index.build, topics))
        held = _memory() - before
        ours = _timed("this matcher", questions, partial(_best, index), built, None)
        for name, make in rivals.ALL.items():
            ranked, built = _taking(partial(make, topics))
            some = questions[:: 10 if entries > 1_000 else 2]
            _timed(name, some, partial(_first, ranked), built, ours)
        one_more = Topic(topics[0].key, topics[0].kind, (*topics[0].phrasings, "一句新的问法"))
        _, changed = _taking(partial(Index.build, [one_more, *topics[1:]], before=index))
        print(f"one phrasing added, live after {changed:.2f} s; the index takes {held:.0f} MiB")


def _taking(make: Callable[[], T]) -> tuple[T, float]:
    """What is made, and how many seconds of the processor it took."""
    began = time.process_time()
    made = make()
    return made, time.process_time() - began


def _first(ranked: Callable[[str], Ranked], text: str) -> str | None:
    return next(iter(ranked(text).keys), None)


def _best(index: Index, text: str) -> str | None:
    found = match(index, text).matches
    return found[0].key if found else None


def _timed(
    name: str,
    questions: Sequence[tuple[str, str]],
    best: Callable[[str], str | None],
    built: float,
    ours: float | None,
) -> float:
    seconds, right = [], 0
    for text, key in questions:
        began = time.process_time()
        found = best(text)
        seconds.append(time.process_time() - began)
        right += found == key
    seconds.sort()
    p50, p99 = (1_000 * seconds[int(share * len(seconds))] for share in (0.5, 0.99))
    times = "" if ours is None else f"{p50 / ours:10.1f}"
    print(f"{name:34}{built:10.2f}{p50:10.2f}{p99:10.2f}{100 * right / len(questions):10.1f}{times}")
    return p50


def _memory() -> float:
    """Of this process, in MiB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4 / 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path, nargs="*")
    parser.add_argument("--content", type=Path, default=CONTENT)
    parser.add_argument("--perturb", action="store_true")
    parser.add_argument("--sets", type=Path)
    parser.add_argument("--entries", default="entries-k10")
    parser.add_argument("--queries", default="queries-test")
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    if given.questions:
        topics = own_topics(given.content)
        index = taught(Index.build(topics, NAMES), WRONG_ALLOWED)
        own(index, given.questions, perturb=given.perturb)
        for file in given.questions:
            print(
                f"\n{file.name}, whatever is not an entry left out\n{'':34}{'top-1':>10}{'rec@3':>10}{'cov3':>10}"
            )
            for name, make in rivals.ALL.items():
                compared(
                    name, read_questions(file), make([each for each in topics if each.kind is Kind.ENTRY])
                )
    if given.sets:
        sets(given.sets, given.entries, given.queries)
    if given.speed:
        speed()


if __name__ == "__main__":
    main()
