"""Sends a mail through a server for outgoing mail; its address, user and password are in no message of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from email.message import EmailMessage
    from smtplib import SMTP

    from medpro_audit.reporters.messages.mail import Mail

_TIMEOUT = 30
_PORTS = {"smtps": 465, "smtp": 587}
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
FORM = "smtps://USER:PASSWORD@HOST:465, or smtp://USER:PASSWORD@HOST:587 for one that begins TLS by STARTTLS"


class Server(Struct, frozen=True):
    """A server for outgoing mail; TLS from the beginning (``smtps``) or begun by STARTTLS (``smtp``), never without."""

    name: str
    """What to call it: the variable that holds it."""
    scheme: str
    host: str
    port: int
    user: str
    password: str

    def __repr__(self) -> str:
        """Nothing of it."""
        return f"Server({self.name})"


def server(name: str, url: str) -> Server:
    """The server that an address stands for, ``%40`` and the like in user and password decoded.

    Raises:
        UsageError: It is none.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise UsageError(f"{name}: write it as {FORM}; special characters as %40 and so on")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(name, parts.scheme, parts.hostname, port or _PORTS[parts.scheme], user, password)


class Envelope(Struct, frozen=True):
    """Who mails to whom."""

    sender: str
    recipients: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what is no address.

        Raises:
            UsageError: One is none.
        """
        for each in (self.sender, *self.recipients):
            _check(each)


def send(server: Server, mail: Mail, envelope: Envelope, picture: bytes | None) -> None:
    """Send a mail, with a picture in PNG that its HTML shows.

    Raises:
        UsageError: The server can't be reached, begins no TLS, or refuses.
    """
    from smtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupportedError  # noqa: PLC0415 - heavy

    message = _message(mail, envelope, picture)
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
    except SMTPAuthenticationError:
        raise UsageError(f"{server.name}: the server refuses user and password; check both") from None
    except SMTPNotSupportedError:
        raise UsageError(f"{server.name}: the server begins no TLS, or takes no password; nothing was sent") from None
    except SMTPException as fault:
        code = getattr(fault, "smtp_code", "")
        raise UsageError(
            f"{server.name}: the server refuses the mail ({type(fault).__name__} {code}".rstrip() + ")"
        ) from None
    except (OSError, UnicodeError) as fault:  # among them TLS that can't be trusted
        raise UsageError(
            f"{server.name}: the server can't be reached ({type(fault).__name__}); nothing was sent"
        ) from None


def _check(address: str) -> None:
    if not _ADDRESS.fullmatch(address) or not address.isprintable():
        shown = ascii(address[:80])
        raise UsageError(f"{shown}: this is no mail address; write one alone, such as team@example.org")


def _connected(server: Server) -> SMTP:
    import ssl  # noqa: PLC0415 - heavy, as below
    from smtplib import SMTP as SMTP_  # noqa: PLC0415
    from smtplib import SMTP_SSL  # noqa: PLC0415

    context = ssl.create_default_context()
    if server.scheme == "smtps":
        return SMTP_SSL(server.host, server.port, timeout=_TIMEOUT, context=context)
    connection = SMTP_(server.host, server.port, timeout=_TIMEOUT)
    try:
        connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _message(mail: Mail, envelope: Envelope, picture: bytes | None) -> EmailMessage:
    from email.message import EmailMessage as EmailMessage_  # noqa: PLC0415 - heavy, as below
    from email.utils import localtime, make_msgid  # noqa: PLC0415

    from medpro_audit.reporters.messages.mail import PICTURE  # noqa: PLC0415

    message = EmailMessage_()
    message["Subject"] = mail.subject
    message["From"] = envelope.sender
    message["To"] = ", ".join(envelope.recipients)
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=envelope.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer by a machine
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if picture is not None:
        _, html = cast("list[EmailMessage]", message.get_payload())
        html.add_related(picture, "image", "png", cid=f"<{PICTURE}>", filename="trend.png", disposition="inline")
    return message
