"""Running until told to stop."""

import asyncio
import signal

from bot.kit.runtime import Runtime


async def serve(runtime: Runtime, started: asyncio.Event | None = None) -> None:
    """Starts the bot and runs it until SIGTERM or SIGINT, or until one of its parts fails (that failure is raised).

    Stops cleanly either way, in under five seconds.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await runtime.start()
    if started is not None:
        started.set()
    stopped = asyncio.create_task(stop.wait())
    failed = asyncio.create_task(runtime.wait())
    try:
        await asyncio.wait([stopped, failed], return_when=asyncio.FIRST_COMPLETED)
    finally:
        await runtime.stop()
        stopped.cancel()
    if failed.done() and not failed.cancelled() and not stop.is_set():
        failed.result()
    failed.cancel()
