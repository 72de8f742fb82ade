"""The way to an embeddings server: OpenAI's `POST {address}/embeddings`, as Ollama, vLLM, Xinference and others have it."""

import asyncio
import dataclasses
import enum
import json
from collections.abc import Sequence

import aiohttp
from pydantic import SecretStr

from bot.faq.embedding.rules import Vectors, read_answer
from bot.kit.transport import Connections

_CONNECTIONS = 8


@dataclasses.dataclass(frozen=True, slots=True)
class EmbeddingSettings:
    address: str
    """As `rules.base_address` gives it."""
    model: str
    patience: float
    """Seconds that a question waits for its vector."""
    key: SecretStr | None = None


class Trouble(enum.StrEnum):
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    """No answer in time."""
    KEY = "key"
    """The key is missing or wrong."""
    MODEL = "model"
    """The server has no such model, or no such address."""
    BUSY = "busy"
    """The server, or the gateway before it, says that it cannot just now."""
    REFUSED = "refused"
    """Any other answer that is not a success."""
    NONSENSE = "nonsense"
    """A success that holds something else than what was asked for."""
    RESTING = "resting"
    """Not asked, because it has failed too often of late."""


class NoVectors(Exception):
    """The server gave none."""

    def __init__(self, trouble: Trouble, status: int | None = None) -> None:
        super().__init__(str(trouble) if status is None else f"{trouble} ({status})")
        self.trouble = trouble
        self.status = status
        """HTTP's, where the server answered."""


class Server:
    """One model of one server. Connections are kept until `close`."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._url = f"{settings.address}/embeddings"
        self.model = settings.model
        self._headers = {"Content-Type": "application/json"}
        if settings.key is not None:
            self._headers["Authorization"] = f"Bearer {settings.key.get_secret_value()}"
        self._connections = Connections(limit=_CONNECTIONS)

    async def vectors(self, texts: Sequence[str], *, patience: float) -> Vectors:
        """A vector for each of these prepared texts, of which there is at least one; `NoVectors` where there is no
        good answer within `patience` seconds.
        """
        asked = json.dumps({"model": self.model, "input": list(texts)}, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(patience):
                status, body = await self._connections.request(
                    "POST", self._url, data=asked, headers=self._headers, patience=patience
                )
        except TimeoutError as error:
            raise NoVectors(Trouble.SLOW) from error
        except (aiohttp.ClientError, OSError) as error:
            raise NoVectors(Trouble.UNREACHABLE) from error
        if status != 200:
            raise NoVectors(_trouble(status), status)
        try:
            return read_answer(json.loads(body), len(texts))
        except (ValueError, RecursionError) as error:
            raise NoVectors(Trouble.NONSENSE, status) from error

    async def close(self) -> None:
        await self._connections.close()


def _trouble(status: int) -> Trouble:
    match status:
        case 401 | 403:
            return Trouble.KEY
        case 404:
            return Trouble.MODEL
        case 429 | 502 | 503 | 504:
            return Trouble.BUSY
    return Trouble.REFUSED
