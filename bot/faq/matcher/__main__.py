"""Learns from a content in a process of its own: `python -m bot.faq.matcher` (see `bot.faq.teaching`).

Standard input: one JSON document, {"topics": [[key, kind, [phrasing, …]], …], "names": […], "wrong_allowed": …}; where
nothing is said of that (null), thresholds are not learnt, which is most of the work.
Standard output: what was learnt, one line of JSON, and after it the weights.
"""

import contextlib
import json
import os
import sys

from bot.faq.matcher.holdouts import taught
from bot.faq.matcher.index import Index
from bot.faq.matcher.remembering import write, write_weights
from bot.faq.matcher.topics import Topic
from bot.faq.model import Kind

_PATIENCE = 10
"""Answering goes first: how far this stands back, as `nice` counts."""


def main() -> None:
    with contextlib.suppress(OSError, AttributeError):  # where it is forbidden or unknown, it goes without
        os.nice(_PATIENCE)
    told = json.load(sys.stdin)
    topics = [Topic(key, Kind(kind), tuple(phrasings)) for key, kind, phrasings in told["topics"]]
    index = Index.build(topics, told["names"])
    if told["wrong_allowed"] is not None:
        index = taught(index, told["wrong_allowed"])
    with contextlib.suppress(BrokenPipeError):  # who wanted to know is gone
        sys.stdout.buffer.write(write(index.learnt).encode() + b"\n" + write_weights(index.weights))
        sys.stdout.buffer.flush()
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to fail at exit


if __name__ == "__main__":
    main()
