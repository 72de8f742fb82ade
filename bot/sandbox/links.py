"""Which links Telegram takes, in text and on buttons."""

import re
from urllib.parse import urlsplit

_USER = re.compile(r"tg://user/?\?id=(\d+)$", re.IGNORECASE)
_HOST = re.compile(r"[^\s/?#@:]+\.[^\s/?#@:.]{2,}$|\d+\.\d+\.\d+\.\d+$")


def mentioned_user(url: str) -> int | None:
    """The id in a tg://user?id=… link."""
    found = _USER.match(url)
    return int(found[1]) if found else None


def checked_link(url: str) -> str | None:
    """The link as Telegram stores it, or None for what Telegram does not take as a link."""
    if not url or any(character.isspace() for character in url):
        return None
    if "://" not in url:
        if url.lower().startswith(("tg:", "mailto:", "tel:")):
            return url
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme in ("tg", "ton"):
        return url
    if parts.scheme not in ("http", "https") or host is None or not _HOST.match(host):
        return None
    return url if parts.path or parts.query or parts.fragment else f"{url}/"
