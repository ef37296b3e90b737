"""Mail through a real server on the loopback, with TLS from the beginning, begun by STARTTLS, or refused."""

import asyncio
import email.policy
import ssl
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from medpro_audit.adapters.delivery import Parcel, to_mail
from medpro_audit.adapters.mailing import Envelope, Server, send, server
from medpro_audit.adapters.templates import read_templates
from medpro_audit.core.errors import UsageError
from medpro_audit.reporters.bulletin import bulletin
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.messages.mail import PICTURE, Mail
from medpro_audit.reporters.options import RenderOptions
from reporters.conftest import build_sample
from reporters.weeks import usual_week

NAME = "MEDPRO_AUDIT_SMTP_URL"
MAIL = Mail("clinic: failed · 2026-W48 ▲", "Grüße\n.\n", f'<p>Grüße</p><img src="cid:{PICTURE}">')
ENVELOPE = Envelope("audit@example.org", ("ann@example.org", "team+x@sub.example.org"))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

Start = Callable[..., "MailServer"]


class MailServer:
    """A server that keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Any] = []
        self.logins: list[Any] = []
        self.port = 0

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Keep a mail."""
        self.envelopes.append(envelope)
        parsed = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"

    def authenticate(
        self, _server: object, _session: object, _envelope: object, _mechanism: str, given: Any
    ) -> AuthResult:
        """Note who asks; hunter2 is right."""
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"hunter2", handled=False)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that runs in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever, daemon=True)
    thread.start()
    yield made

    async def end() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(end(), made).result(10)
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


@pytest.fixture
def start(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    """Starts servers whose certificate is trusted, unless that is not wanted."""
    authority = trustme.CA()
    running: list[asyncio.Server] = []

    def run(kind: str, *, is_trusted: bool = True, asks: bool = True) -> MailServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        if is_trusted:
            authority.cert_pem.write_to_path(tmp_path / "ca.pem")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        held = MailServer()
        how: dict[str, Any] = {"tls_context": context, "require_starttls": True} if kind == "starttls" else {}
        if asks:
            how |= {"authenticator": held.authenticate, "auth_require_tls": kind == "starttls"}

        async def listen() -> asyncio.Server:
            by_tls = context if kind == "smtps" else None
            return await loop.create_server(lambda: SMTP(held, loop=loop, **how), "127.0.0.1", 0, ssl=by_tls)

        server = asyncio.run_coroutine_threadsafe(listen(), loop).result(10)
        running.append(server)
        held.port = server.sockets[0].getsockname()[1]
        return held

    yield run
    for each in running:
        loop.call_soon_threadsafe(each.close)


def at(held: MailServer, scheme: str, user: str = "u%40x:hunter2@") -> Server:
    """The server as it is configured."""
    return server(NAME, f"{scheme}://{user}127.0.0.1:{held.port}")


@pytest.mark.parametrize(("kind", "scheme"), [("smtps", "smtps"), ("starttls", "smtp")])
def test_a_mail_arrives(start: Start, kind: str, scheme: str) -> None:
    """Encrypted, signed in, as text and HTML with the picture in it."""
    held = start(kind)
    send(at(held, scheme), MAIL, ENVELOPE, PNG)
    assert held.logins == [(b"u@x", b"hunter2")]
    (mail,) = held.mails
    assert (mail["Subject"], mail["From"]) == (MAIL.subject, "audit@example.org")
    assert held.envelopes[0].rcpt_tos == ["ann@example.org", "team+x@sub.example.org"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == f"<{PICTURE}>"
    assert picture.get_content() == PNG
    assert mail["Auto-Submitted"] == "auto-generated"


def test_without_a_picture_there_is_none(start: Start) -> None:
    """And without a user nobody signs in."""
    held = start("smtps", asks=False)
    send(at(held, "smtps", ""), MAIL, ENVELOPE, None)
    assert [part.get_content_type() for part in held.mails[0].walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_nothing_is_sent_unencrypted(start: Start) -> None:
    """A server that begins no TLS gets neither mail nor password."""
    held = start("plain")
    with pytest.raises(UsageError, match="begins no TLS"):
        send(at(held, "smtp"), MAIL, ENVELOPE, None)
    assert (held.mails, held.logins) == ([], [])


@pytest.mark.parametrize(("kind", "scheme"), [("smtps", "smtps"), ("starttls", "smtp")])
def test_a_server_that_can_not_prove_who_it_is_gets_nothing(start: Start, kind: str, scheme: str) -> None:
    """Its certificate is checked."""
    held = start(kind, is_trusted=False)
    with pytest.raises(UsageError, match=r"can't be reached \(SSLCertVerificationError\)"):
        send(at(held, scheme), MAIL, ENVELOPE, None)
    assert (held.mails, held.logins) == ([], [])


def test_a_wrong_password_is_told_and_not_shown(start: Start) -> None:
    """Nor is the user, nor the host."""
    held = start("smtps")
    with pytest.raises(UsageError) as fault:
        send(at(held, "smtps", "somebody:s3cret@"), MAIL, ENVELOPE, None)
    assert str(fault.value) == f"{NAME}: the server refuses user and password; check both"
    assert fault.value.__suppress_context__


def test_a_server_that_is_not_there_is_told() -> None:
    """Without its name."""
    with pytest.raises(UsageError, match="can't be reached") as fault:
        send(server(NAME, "smtps://u:hunter2@127.0.0.1:1"), MAIL, ENVELOPE, None)
    assert not {"hunter2", "127.0.0.1"} & {*str(fault.value).replace("(", " ").split()}


@pytest.mark.parametrize(
    "url", ["", "http://x", "smtp://", "smtps://u:hunter2@h:x", "hunter2", "smtps://h/hunter2", "smtps://[hunter2"]
)
def test_what_is_no_server_is_refused(url: str) -> None:
    """With the form to write it in, and without what was written."""
    with pytest.raises(UsageError, match=r"smtps://USER:PASSWORD@HOST:465") as fault:
        server(NAME, url)
    assert "hunter2" not in str(fault.value)


def test_ports_are_the_usual_ones() -> None:
    """Unless one is given; nothing secret is in what is printed."""
    assert (server(NAME, "smtps://h").port, server(NAME, "smtp://h").port) == (465, 587)
    assert repr(server(NAME, "smtps://u:hunter2@h")) == f"Server({NAME})"


@pytest.mark.parametrize(
    "address",
    [
        "a@b\nBcc: x@y",
        "a@b\r\n\r\nhello",
        "a@b, c@d",
        "Ann <a@b>",
        "a",
        "",
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        "a\u2028@b",
        "\u202ea@b",
        '"a\nb"@c',
    ],
)
def test_no_address_adds_a_header(address: str) -> None:
    """Who sends and who receives is one plain address each."""
    with pytest.raises(UsageError, match="no mail address"):
        Envelope(address, ())
    with pytest.raises(UsageError, match="no mail address"):
        Envelope("a@b", (address,))


@pytest.mark.browser
def test_the_bulletin_is_mailed(start: Start) -> None:
    """With its picture, to everybody who is named."""
    held = start("starttls")
    result = build_sample()
    news = usual_week(result)
    parcel = Parcel(bulletin(result, news), news.trends, Links(), RenderOptions(templates=read_templates()))
    told = to_mail(parcel, f"smtp://audit%40example.org:hunter2@127.0.0.1:{held.port}", "", ["a@x.org", "b@x.org"])
    assert told == "Mail: sent to 2 addresses."
    (mail,) = held.mails
    assert mail["From"] == "audit@example.org"
    assert mail["Subject"] == parcel.bulletin.title
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]
