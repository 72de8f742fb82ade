"""The demo: the real bot on the embedded Bot API, with an invented organisation and a page to play everybody."""

import asyncio
import random
import webbrowser
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot import app
from bot.helpdesk.calendar import WorkingHours
from bot.kit.clock import ShiftedClock, from_local, to_local
from bot.kit.i18n import Languages, Words
from bot.roster import importing, sample
from bot.sandbox import ClockMove, Sandbox
from bot.settings import Settings

TOKEN = "1000:demo"
