"""What has been learnt, as text and bytes, and what it was learnt from, as a key."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from bot.faq.matcher.field import Floats
from bot.faq.matcher.learnt import Bin, Confusion, Curve, Evidence, Learnt, Mix, Thresholds
from bot.faq.matcher.topics import Topic


def key_of(topics: Iterable[Topic], names: Sequence[str], wrong_allowed: float) -> str:
    """The same for all that is learnt from the same content, under the same settings, by the same code."""
    ordered = sorted(topics, key=lambda topic: topic.key)
    told = [_code(), [[topic.key, topic.kind, topic.phrasings] for topic in ordered], names, wrong_allowed]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@cache
def _code() -> str:
    """Of the matcher's own files: another way of learning comes to other results."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def write(learnt: Learnt) -> str:
    """`read` gives the same again."""
    evidence = None if learnt.evidence is None else dataclasses.asdict(learnt.evidence)
    return json.dumps({**learnt._asdict(), "evidence": evidence})


def read(text: str) -> Learnt:
    told = json.loads(text)
    evidence = told["evidence"]
    return Learnt(
        mix=Mix(*told["mix"]),
        answer=_curve(told["answer"]),
        suggest=_curve(told["suggest"]),
        aside=_curve(told["aside"]),
        thresholds=Thresholds(*told["thresholds"]),
        wrong_allowed=told["wrong_allowed"],
        evidence=evidence
        and Evidence(
            **{
                **evidence,
                "reliability": tuple(Bin(*each) for each in evidence["reliability"]),
                "confused": tuple(Confusion(*each) for each in evidence["confused"]),
            }
        ),
    )


def write_weights(weights: Floats) -> bytes:
    return weights.astype("<f4").tobytes()


def read_weights(told: bytes) -> Floats:
    return np.frombuffer(told, "<f4").astype(np.float32)


def _curve(told: tuple[float, Sequence[float]]) -> Curve:
    base, weights = told
    return Curve(base, tuple(weights))
