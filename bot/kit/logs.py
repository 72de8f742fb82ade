"""Structured logs: one JSON object a line, with ids and never with what people wrote."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage().partition("\n")[
                0
            ],  # asyncio's second line quotes an exception's message
        }
        line |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info is not None and record.exc_info[0] is not None:
            # Where it happened, not what it said: an exception's message may quote a person.
            line["error"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str, stream: TextIO = sys.stderr) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("apscheduler", "httpx", "aiosqlite", "telegram"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
