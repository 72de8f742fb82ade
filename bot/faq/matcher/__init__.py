"""Which entry a question means, and what to do about it: pure, deterministic, without I/O.

A topic is scored as a whole by what the text shares with its phrasings (`field`) and by a regression over the same grams
(`learning`), and by its nearest phrasings in sound (`index`). How far the best is ahead of the others (`ranking`) says how
sure it is; curves and thresholds are learnt by asking the FAQ its own phrasings (`holdouts`). `decisions` speaks.
"""

from bot.faq.matcher.decisions import Match, Outcome, match, match_all
from bot.faq.matcher.explaining import Explanation, explain
from bot.faq.matcher.holdouts import taught, without
from bot.faq.matcher.index import Index
from bot.faq.matcher.learnt import SHOWN, WRONG_ALLOWED, Learnt
from bot.faq.matcher.questions import questions_in
from bot.faq.matcher.topics import Topic
from bot.faq.matcher.wording import normalise

__all__ = [
    "SHOWN",
    "WRONG_ALLOWED",
    "Explanation",
    "Index",
    "Learnt",
    "Match",
    "Outcome",
    "Topic",
    "explain",
    "match",
    "match_all",
    "normalise",
    "questions_in",
    "taught",
    "without",
]
