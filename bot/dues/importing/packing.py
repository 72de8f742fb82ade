"""Many small values kept small: a file of 200,000 payments takes megabytes this way, and hundreds of them as objects."""

import dataclasses
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T", bound=tuple[Any, ...])


@dataclasses.dataclass(frozen=True, slots=True)
class Packed(Generic[T]):
    """Named tuples of numbers, texts and None, in the order in which they came, unpacked a chunk at a time."""

    chunks: tuple[bytes, ...]
    make: Callable[[Sequence[Any]], T]

    def __iter__(self) -> Iterator[Sequence[T]]:
        for chunk in self.chunks:
            yield [self.make(values) for values in json.loads(zlib.decompress(chunk))]


def pack(values: Sequence[tuple[Any, ...]]) -> bytes:
    return zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 1)
