"""JSON posted to a webhook on the loopback."""

import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import trustme

from adapters.receivers import Call, Receiver, Reply, receiver
from medpro_audit.adapters.webhook import Webhook
from medpro_audit.core.errors import UsageError

NAME = "MEDPRO_AUDIT_SLACK_WEBHOOK"
SECRET = "/services/T0/B0/hunter2"  # noqa: S105 - the test's own


@pytest.fixture
def taker() -> Iterator[Receiver]:
    """A webhook that takes everything."""
    with receiver(lambda _: Reply(200, b"ok")) as held:
        yield held


def posted(taker: Receiver, replies: Sequence[Reply] = ()) -> list[float]:
    """Post to it while it answers so; how long was waited."""
    left = [*replies]
    if left:
        taker.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]
    pauses: list[float] = []
    Webhook(NAME, taker.url + SECRET, pauses.append).post(b'{"text": "x"}')
    return pauses


def test_a_message_is_posted_once(taker: Receiver) -> None:
    """As JSON."""
    assert posted(taker) == []
    (call,) = taker.calls
    assert (call.method, call.path, call.document) == ("POST", SECRET, {"text": "x"})
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("status", [200, 202, 204])
def test_every_success_is_one(taker: Receiver, status: int) -> None:
    """Teams answers with 202."""
    assert posted(taker, [Reply(status)]) == []


def test_who_is_asked_to_wait_waits(taker: Receiver) -> None:
    """As long as is asked for, but no longer than a minute; then tries again."""
    replies = [Reply(429, headers={"Retry-After": "7"}), Reply(503, headers={"Retry-After": "999999"}), Reply(200)]
    assert posted(taker, replies) == [7.0, 60.0]
    assert len(taker.calls) == 3


def test_a_failing_server_is_asked_again_and_not_for_ever(taker: Receiver) -> None:
    """Later each time; a date in Retry-After is none that is waited for."""
    pauses: list[float] = []
    taker.answer = lambda _: Reply(500, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"})
    with pytest.raises(UsageError, match="answered with 500; try again later"):
        Webhook(NAME, taker.url, pauses.append).post(b"{}")
    assert pauses == [2.0, 4.0, 8.0]
    assert len(taker.calls) == 4


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(400, b"invalid_blocks"), r"answered with 400 \(invalid_blocks\)"),
        (Reply(400, b"<b>::error::</b> hunter2"), r"answered with 400;"),
        (Reply(404, b"no_service"), r"404 \(no_service\); the webhook was removed or its address is another one"),
        (Reply(410), "410; the webhook was removed"),
    ],
)
def test_a_refusal_is_told_and_not_repeated(taker: Receiver, reply: Reply, told: str) -> None:
    """With what was said, if that is harmless."""
    with pytest.raises(UsageError, match=told):
        posted(taker, [reply])
    assert len(taker.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_is_sent_elsewhere(taker: Receiver, status: int) -> None:
    """A redirect would carry the message, and perhaps a secret, to another host."""
    with receiver(lambda _: Reply(200)) as other:
        with pytest.raises(UsageError, match=f"answered with {status}; it leads elsewhere"):
            posted(taker, [Reply(status, headers={"Location": other.url})])
        assert other.calls == []


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/x",
        "file:///etc/passwd",
        "hooks.slack.com/hunter2",
        "",
        "https://",
        "https://a b/hunter2",
        "https://[hunter2",
        "ftp://127.0.0.1/hunter2",
        "https://h:hunter2/",
    ],
)
def test_only_an_encrypted_address_will_do(address: str) -> None:
    """The message does not repeat it."""
    with pytest.raises(UsageError, match=NAME) as fault:
        Webhook(NAME, address)
    assert "hunter2" not in str(fault.value)


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_the_address_is_in_no_message(taker: Receiver, status: int) -> None:
    """Nor in what an error came from, which a traceback would show."""
    with pytest.raises(UsageError) as fault:
        posted(taker, [Reply(status, b"hunter2 " + taker.url.encode())])
    assert "hunter2" not in str(fault.value)
    assert fault.value.__cause__ is None


def test_what_is_not_there_is_told() -> None:
    """Without its address."""
    with pytest.raises(UsageError, match=r"can't be reached \(ConnectionRefusedError\)") as fault:
        Webhook(NAME, "http://127.0.0.1:1/hunter2").post(b"{}")
    assert "hunter2" not in f"{fault.value}{fault.value.__cause__}"
    assert fault.value.__suppress_context__


def test_a_certificate_is_checked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A host that can't prove who it is gets nothing; one that can gets the message."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    def answer(_: Call) -> Reply:
        return Reply(200)

    with receiver(answer, context) as held:
        with pytest.raises(UsageError, match="SSLCertVerificationError"):
            Webhook(NAME, held.url).post(b"{}")
        assert held.calls == []
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        Webhook(NAME, held.url).post(b"{}")
        assert len(held.calls) == 1
