"""getMe, getUpdates and the webhook; answers to queries; files."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.core import Core
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.faults import FaultKind
from bot.sandbox.files import find_file
from bot.sandbox.html_markup import utf16
from bot.sandbox.method import Method
from bot.sandbox.queries import Answer
from bot.sandbox.schema import FileRef
from bot.sandbox.webhook import WebhookSettings
from bot.sandbox.wire import bot_json
from bot.sandbox.world import Json

_MAX_ANSWER = 200
_LONGEST_POLL = 50
_MAX_CONNECTIONS = 100
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(slots=True, kw_only=True)
class GetMe:
    pass


def get_me(core: Core, _: GetMe) -> Json:
    return bot_json(core.world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": core.world.bot.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@dataclass(slots=True, kw_only=True)
class GetUpdates:
    offset: int = 0
    limit: int = 100
    timeout: int = 0
    allowed_updates: list[str] | None = None


async def get_updates(core: Core, p: GetUpdates) -> list[Json]:
    if core.webhook is not None:
        raise ApiError(409, _WEBHOOK_ACTIVE)
    core.updates.allow(p.allowed_updates)
    limit = min(max(p.limit, 1), 100)
    timeout = min(max(p.timeout, 0), _LONGEST_POLL)
    updates = await core.updates.poll(p.offset, limit, timeout)
    if core.updates.confirmed and core.faults.strike("getUpdates", frozenset({FaultKind.DUPLICATE})):
        updates = [*core.updates.confirmed, *updates][-limit:]
    return [update.to_json() for update in updates]


@dataclass(slots=True, kw_only=True)
class SetWebhook:
    url: str = ""
    certificate: FileRef | None = None
    ip_address: str = ""
    max_connections: int = 40
    allowed_updates: list[str] | None = None
    drop_pending_updates: bool = False
    secret_token: str = ""


async def set_webhook(core: Core, p: SetWebhook) -> bool:
    if not p.url:
        return await delete_webhook(core, DeleteWebhook(drop_pending_updates=p.drop_pending_updates))
    _check_webhook_url(p.url)
    if len(p.secret_token) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(p.secret_token):
        raise bad_request("secret token contains unallowed characters")
    core.updates.allow(p.allowed_updates)
    core.updates.interrupt()
    await _end_webhook(core, p.drop_pending_updates)
    core.webhook = core.webhook_sender(
        WebhookSettings(
            url=p.url,
            secret_token=p.secret_token,
            max_connections=min(max(p.max_connections, 1), _MAX_CONNECTIONS),
            ip_address=p.ip_address,
            has_certificate=p.certificate is not None,
        )
    )
    core.webhook.start()
    return True


def _check_webhook_url(url: str) -> None:
    """HTTPS on Telegram's ports. The sandbox's single leniency: plain HTTP to this machine, on any port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if parts.hostname in _LOOPBACK and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in (None, 443, 80, 88, 8443):
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


@dataclass(slots=True, kw_only=True)
class DeleteWebhook:
    drop_pending_updates: bool = False


async def delete_webhook(core: Core, p: DeleteWebhook) -> bool:
    await _end_webhook(core, p.drop_pending_updates)
    return True


async def _end_webhook(core: Core, drop_pending: bool) -> None:
    webhook, core.webhook = core.webhook, None
    if webhook is not None:
        await webhook.stop()
    if drop_pending:
        core.updates.drop()


@dataclass(slots=True, kw_only=True)
class GetWebhookInfo:
    pass


def get_webhook_info(core: Core, _: GetWebhookInfo) -> Json:
    settings = WebhookSettings(url="") if core.webhook is None else core.webhook.settings
    info = settings.info(len(core.updates.pending))
    if not settings.url:
        del info["max_connections"]
    return info | {"allowed_updates": sorted(core.updates.allowed)}


@dataclass(slots=True, kw_only=True)
class AnswerCallbackQuery:
    callback_query_id: str
    text: str = ""
    show_alert: bool = False
    url: str = ""
    cache_time: int = 0


def answer_callback_query(core: Core, p: AnswerCallbackQuery) -> bool:
    if utf16(p.text) > _MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if p.url and not p.url.startswith(
        (f"https://t.me/{core.world.bot.username}", f"t.me/{core.world.bot.username}")
    ):
        raise bad_request("URL_INVALID")
    answer = Answer(p.text, p.show_alert, p.url)
    query = core.queries.answer(p.callback_query_id, answer, core.clock.now())
    if p.text:
        told = {"person": query.person_id, "text": p.text, "show_alert": p.show_alert}
        core.changes.add("answer", data=told)
    return True


@dataclass(slots=True, kw_only=True)
class GetFile:
    file_id: str


def get_file(core: Core, p: GetFile) -> Json:
    file = find_file(core.world, p.file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > core.limits.download_bytes:
        raise bad_request("file is too big")
    return {
        "file_id": p.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }


METHODS: tuple[Method[Any], ...] = (
    Method(GetMe, get_me),
    Method(GetUpdates, get_updates),
    Method(SetWebhook, set_webhook),
    Method(DeleteWebhook, delete_webhook),
    Method(GetWebhookInfo, get_webhook_info),
    Method(AnswerCallbackQuery, answer_callback_query),
    Method(GetFile, get_file),
)
