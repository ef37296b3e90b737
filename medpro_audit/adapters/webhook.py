"""Posts JSON to a webhook. Its address is a secret: whoever knows it may write, so it is in no message of ours."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from medpro_audit.core.errors import UsageError

_TIMEOUT = 20
_TRIES = 4
_LONGEST_PAUSE = 60.0
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_TOLD = re.compile(r"[a-z_ ]{1,60}")
"""What Slack says of a message that it refuses: ``invalid_blocks``."""


class Webhook:
    """A place that takes messages."""

    def __init__(self, name: str, address: str, pause: Callable[[float], object] = time.sleep) -> None:
        """Prepare to post.

        Args:
            name: What to call it instead of its address: the variable that holds it.
            address: https; http to this machine only.
            pause: Waits so many seconds.

        Raises:
            UsageError: The address is none, or not encrypted.
        """
        self._name, self._address, self._pause = name, address.strip(), pause
        if not _is_safe(self._address):
            raise UsageError(f"{name}: this is no https address; copy the whole of it from where the webhook was made")

    def post(self, body: bytes) -> None:
        """Post JSON; where there is too much to do for it or something fails at its end, again after a while.

        Raises:
            UsageError: It is refused, or can't be reached.
        """
        for left in reversed(range(_TRIES)):
            status, said, after = self._posted(body)
            if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return
            is_passing = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
            if not is_passing or not left:
                raise UsageError(f"{self._name}: answered with {status}{said}; {_advice(status)}")
            self._pause(min(after if after is not None else 2.0 ** (_TRIES - left), _LONGEST_PAUSE))

    def _posted(self, body: bytes) -> tuple[int, str, float | None]:
        """Status, what was said if it is harmless, and after how many seconds to come again."""
        from http.client import HTTPException  # noqa: PLC0415 - heavy, as below
        from urllib.error import HTTPError, URLError  # noqa: PLC0415
        from urllib.request import HTTPRedirectHandler, Request, build_opener  # noqa: PLC0415

        class NoRedirect(HTTPRedirectHandler):
            """A redirect would carry the message elsewhere."""

            def redirect_request(self, *_: object) -> None:
                return None

        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "medpro-audit"}
        request = Request(self._address, data=body, method="POST", headers=headers)  # noqa: S310 - checked above
        try:
            with build_opener(NoRedirect).open(request, timeout=_TIMEOUT) as answer:
                return answer.status, "", None
        except HTTPError as fault:
            with fault:
                said = fault.read(200).decode(errors="replace").strip()
                return fault.code, f" ({said})" if _TOLD.fullmatch(said) else "", _seconds(fault.headers["Retry-After"])
        except (URLError, TimeoutError, OSError, HTTPException, ValueError) as fault:
            reason = getattr(fault, "reason", fault)
            # Neither the fault nor its cause: both may hold the address.
            raise UsageError(f"{self._name}: can't be reached ({type(reason).__name__}); try again") from None


def _is_safe(address: str) -> bool:
    """Whether it is an address, and what is sent there is encrypted or stays on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        return False
    is_encrypted = parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL)
    return is_encrypted and bool(host) and re.search(r"[\s\x00-\x1f]", address) is None


def _seconds(said: str | None) -> float | None:
    return float(said) if said is not None and re.fullmatch(r"\d{1,6}", said.strip()) else None


def _advice(status: int) -> str:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return "the webhook was removed or its address is another one: make a new one"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return "it leads elsewhere, where nothing is sent: take the address that it leads to"
    return "try again later" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "please report it"
