"""Hiding secrets in source that people are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.secrecy.masking import masked


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  password: 'hunter2',", "  password: '…',"),
        ('const apiKey = "abc";', "const apiKey = '…';"),
        ("secret: process.env.SECRET || `it's \\` mine`,", "secret: process.env.SECRET || '…',"),
        ("jwt.sign(user, 'sk_live_51HG7y2eZvKYlo2C0QrXb3F4x')", "jwt.sign(user, '…')"),
        ("connect('mysql://root:Tr0ub4dor@10.0.0.5/clinic')", "connect('…')"),
        ("JWT_SECRET=swordfish", "JWT_SECRET='…'"),
        ("MIIEpAIBAAKCAQEA7bq4ZpJx9mQd0kzR2yT5uVw8nXcLhGfEsAoIiPq3", "…"),
        ("const name = 'Kim';", "const name = 'Kim';"),
        ("import x from '../password/reset';", "import x from '../password/reset';"),
        ("password = hash(body.password);", "password = hash(body.password);"),
        ("const passwordPath = '/reset';", "const passwordPath = '/reset';"),
        ("password: '',", "password: '',"),
    ],
)
def test_what_may_be_a_secret_is_hidden(line: str, shown: str) -> None:
    """By its name or by what it looks like; all else stays."""
    assert masked(line) == shown


def test_where_a_secret_is_known_every_text_is_hidden() -> None:
    """Whatever it is called."""
    assert masked("const a = 'x' + \"y\"; // it's z", is_secret=True) == "const a = '…' + '…'; // it's z"
    assert masked("pepper: swordfish", is_secret=True) == "pepper: '…'"


@given(st.text(max_size=200))
def test_any_line_can_be_masked(line: str) -> None:
    """Quickly, and a second time nothing more is hidden."""
    once = masked(line)
    assert masked(once) == once
