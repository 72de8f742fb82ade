"""Refusals, worded and coded as Telegram words and codes them."""

from typing import Any


class ApiError(Exception):
    """A refused Bot API call: HTTP status, Telegram's description, and its response parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON document that Telegram answers with."""
        document: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            document["parameters"] = self.parameters
        return document


def bad_request(reason: str) -> ApiError:
    """400, with Telegram's prefix and its habit of writing the first letter small (but not of A_CONSTANT)."""
    if len(reason) > 1 and not (reason[1] == "_" or "A" <= reason[1] <= "Z"):
        reason = reason[0].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403, with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """429: nothing was done; the caller is to come back after so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


class PersonError(Exception):
    """What a person tried cannot be done in a Telegram client; the text says why, in a sentence."""
