"""Running until told to stop."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.kit.runtime import Runtime


async def until_told_to_stop(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work`; SIGTERM and SIGINT cancel it, once, and then let it clean up in peace."""
    task = asyncio.ensure_future(work)
    told = asyncio.Event()

    def stop() -> None:
        if not told.is_set():
            told.set()
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told.is_set():
            raise


async def serve(runtime: Runtime, once_started: Callable[[], Awaitable[None]] | None = None) -> None:
    """Starts the bot and runs it until it is cancelled or one of its parts fails; stops it cleanly either way, in under
    five seconds.
    """
    await runtime.start()
    try:
        if once_started is not None:
            await once_started()
        await runtime.wait()
    finally:
        await runtime.stop()
