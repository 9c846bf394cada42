"""Refusals of the administrative APIs, in the envelope that AM and IDM share."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """An error answer `{"code", "reason", "message"[, "detail"]}` (recorded tenant)."""

    def __init__(self, status: int, message: str, detail: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.detail = detail

    def body(self) -> dict[str, Any]:
        """The error as the JSON object that goes over the wire."""
        content: dict[str, Any] = {
            "code": self.status,
            "reason": HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        if self.detail is not None:
            content["detail"] = self.detail
        return content


def bad_request(message: str, detail: Any = None) -> ApiError:
    """The request can't be understood: 400."""
    return ApiError(400, message, detail)


def not_found(message: str = "Not Found") -> ApiError:
    """There is no such resource: 404."""
    return ApiError(404, message)


def conflict(message: str) -> ApiError:
    """The resource is already there in another form: 409."""
    return ApiError(409, message)


def precondition_failed(message: str) -> ApiError:
    """`If-Match` or `If-None-Match` doesn't hold: 412."""
    return ApiError(412, message)
