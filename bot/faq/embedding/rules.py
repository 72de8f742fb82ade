"""Vectors: what is sent for one, what an answer must look like, and how near topics are to a question."""

import dataclasses
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]
"""Unit vectors, one a row."""

LONGEST: Final = 400
"""Characters of a text that are sent: what the smaller models take (512 tokens, about one a Chinese character) without
refusing.
"""

_STORED: Final = np.dtype("<f4")


class Nonsense(ValueError):
    """A document that does not hold the vectors that were asked for."""


def base_address(given: str) -> str:
    """An OpenAI-compatible server's address, as http://127.0.0.1:11434/v1, from what people write for it: with or
    without `/embeddings` or a slash at its end. `ValueError` where it is no web address.
    """
    address = given.strip().rstrip("/").removesuffix("/embeddings").rstrip("/")
    scheme, _, rest = address.partition("://")
    if scheme not in ("http", "https") or not rest or rest.startswith("/"):
        raise ValueError(f"{given!r} is no web address; an example is http://127.0.0.1:11434/v1")
    return address


def prepared(text: str) -> str:
    """A text as it is sent: on one line, and not too long. Empty where it says nothing."""
    return " ".join(text.split())[:LONGEST]


def digest(text: str) -> str:
    """What a prepared text's vector is found by: SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_answer(document: Any, count: int) -> Vectors:
    """The vectors of `count` texts, in their order, out of an answer of `POST /v1/embeddings`. `Nonsense` unless there
    is exactly one for each text, all of one length, all of finite numbers and none of them zero.
    """
    try:
        items = document["data"]
        by_index = {item["index"]: item["embedding"] for item in items}
        if len(items) != count or by_index.keys() != set(range(count)):
            raise Nonsense("not one vector for each text")
        rows = [by_index[index] for index in range(count)]
        if not all(isinstance(row, list) and set(map(type, row)) <= {float, int} for row in rows):
            raise Nonsense("not lists of numbers")
        if len({len(row) for row in rows}) != 1:
            raise Nonsense("vectors of different lengths")
        found = np.array(rows, dtype=np.float64)
    except (KeyError, TypeError, OverflowError) as error:
        raise Nonsense("not as OpenAI answers") from error
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
    if not (np.isfinite(lengths).all() and lengths.all()):
        raise Nonsense("a vector without direction")
    unit: Vectors = (found / lengths).astype(np.float32)
    return unit


def packed(vector: Vectors) -> bytes:
    """A vector as it is stored: 32-bit floats, little-endian."""
    return vector.astype(_STORED).tobytes()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Space:
    """The topics as a model places them. Never changed once built."""

    keys: tuple[str, ...]
    rows: Vectors
    """The vectors of what the topics are asked by, topic after topic."""
    starts: NDArray[np.intp]
    """At which row each topic begins."""
    usual: float
    """The mean cosine of rows of different topics. Models differ: to some, all short texts are near each other."""

    @classmethod
    def of(cls, topics: Mapping[str, Sequence[bytes]]) -> "Space":
        """From stored vectors of one length, by topic; topics without any are left out, but one has some."""
        held = {key: vectors for key, vectors in sorted(topics.items()) if vectors}
        sizes = np.array([len(vectors) for vectors in held.values()])
        stored = b"".join(itertools.chain.from_iterable(held.values()))
        rows = np.frombuffer(stored, dtype=_STORED).reshape(int(sizes.sum()), -1)
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp)
        return cls(tuple(held), rows, starts, _usual(rows, starts, sizes))

    @property
    def dimension(self) -> int:
        return int(self.rows.shape[1])

    def nearness(self, question: Vectors) -> Mapping[str, float]:
        """How near each topic is to a question (a unit vector of this dimension): the mean cosine of its two nearest
        rows, rescaled so that 0 is what unrelated texts have for this model and 1 the same text. Topics at 0 are left
        out.

        Two rows, because a topic that one odd phrasing brings near is less probable than one that two agree on; a mean
        over all would punish topics that are asked in many ways.
        """
        if self.usual >= 1:
            return {}  # all texts are the same to this model
        cosines = self.rows @ question
        ends = np.append(self.starts[1:], len(cosines))
        owners = np.repeat(np.arange(len(self.keys)), ends - self.starts)
        ranked = cosines[np.lexsort((cosines, owners))]
        nearest_two = (ranked[ends - 1] + ranked[np.maximum(ends - 2, self.starts)]) / 2
        scores = np.clip((nearest_two - self.usual) / (1 - self.usual), 0, 1)
        return {self.keys[topic]: float(scores[topic]) for topic in np.flatnonzero(scores)}


def _usual(rows: Vectors, starts: NDArray[np.intp], sizes: NDArray[Any]) -> float:
    # The cosines of all pairs of unit rows add up to the squared length of their sum: no pair need be looked at.
    sums = np.add.reduceat(rows, starts, axis=0, dtype=np.float64)
    pairs = int(sizes.sum()) ** 2 - int((sizes**2).sum())
    if not pairs:
        return 0.0  # one topic alone
    return float((np.sum(sums.sum(axis=0) ** 2) - np.sum(sums**2)) / pairs)
