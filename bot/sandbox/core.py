"""The parts of the sandbox that every act needs, in one place to hand around."""

from dataclasses import dataclass

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.queries import Queries
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import WebhookSender, WebhookSettings
from bot.sandbox.world import Chat, Message, World


@dataclass(slots=True)
class Core:
    """State and services shared by the Bot API's methods and by what people do."""

    world: World
    clock: Clock
    limits: Limits
    faults: Faults
    updates: Updates
    changes: Changes
    queries: Queries
    webhook: WebhookSender | None = None

    def seconds(self) -> int:
        """Now, in Telegram's unit for dates."""
        return self.clock.now() // 1000

    def changed(self, kind: str, message: Message) -> None:
        self.changes.add(kind, message.chat_id, message.message_id)

    def chat_changed(self, chat: Chat) -> None:
        self.changes.add("chat", chat.id)

    def webhook_sender(self, settings: WebhookSettings) -> WebhookSender:
        """What delivers to this webhook, once started."""
        return WebhookSender(settings, self.updates, self.limits, self.faults, self.seconds)
