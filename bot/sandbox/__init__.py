"""An embedded Telegram Bot API server with people in it: for the demo, for tests, for benchmarks.

A python-telegram-bot application runs on it unchanged, given `sandbox.api_url` and `sandbox.file_url`.
See API.md for the people's side over HTTP.
"""

from bot.sandbox.calls import Call
from bot.sandbox.changes import Change
from bot.sandbox.clock import Clock, ClockMove, MovableClock
from bot.sandbox.errors import ApiError, PersonError
from bot.sandbox.faults import WEBHOOK, Fault, FaultKind, Faults
from bot.sandbox.groups import Group
from bot.sandbox.limits import Limits
from bot.sandbox.people import Person
from bot.sandbox.queries import Answer, Result, Switch
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Button, SeenMessage

__all__ = [
    "WEBHOOK",
    "Answer",
    "ApiError",
    "Button",
    "Call",
    "Change",
    "Clock",
    "ClockMove",
    "Fault",
    "FaultKind",
    "Faults",
    "Group",
    "Limits",
    "MovableClock",
    "Person",
    "PersonError",
    "Result",
    "Sandbox",
    "SeenMessage",
    "Switch",
]
