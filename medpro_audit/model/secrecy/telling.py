"""Tells secrets from what only has their name: labels, messages, paths, examples.

A value that was made at random says so by itself. What people think up is only told by the name it is given, and there
most strings are no secrets: ``password: 'Password is required'``.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from medpro_audit.model.subjects.secret import SecretKind

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_DENYING = frozenset(
    (  # noqa: SIM905 - a table of words
        "change changed confirm csrf current expired failed field forgot get has header incorrect input invalid is "
        "label message minimum missing name new no not old param path placeholder prefix repeat request required "
        "reset route send set show type update url validate verify weak wrong xsrf"
    ).split()
)
"""Words that make a name speak of a secret rather than hold one."""
_LAST: dict[tuple[str, ...], SecretKind] = {
    ("secret",): "secret",
    ("secret", "key"): "secret",
    ("secrets",): "secret",
    ("jwt", "key"): "secret",
    ("cookie", "key"): "secret",
    ("crypto", "key"): "secret",
    ("encryption", "key"): "secret",
    ("signing", "key"): "secret",
    ("private", "key"): "key",
    ("api", "key"): "key",
    ("apikey",): "key",
    ("access", "key"): "key",
    ("password",): "password",
    ("passwd",): "password",
    ("passphrase",): "password",
    ("token",): "token",
}
"""What a name holds, by its last words."""
_PLACEHOLDER = re.compile(
    r"^(?:x+|\*+|\.+|-+|_+|[<{[%$(].*|todo|tbd|none|null|undefined|empty|string|text|true|false)$"
    r"|^(?:your|enter|insert|replace|put|fill|add|use|some|process|req)[-_. ]?|example|sample|dummy|fake|placeholder"
    r"|redacted|not[-_]?set|(?:^|[-_])here$|xxxx|\*\*\*|\.\.\.|lorem",
    re.IGNORECASE,
)
_FILLED = re.compile(
    r"^[<{[%$(]|^(?:undefined|null|true|false|string|text|none|required|unknown|anonymous)$|^process\.env",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
"""The name of an environment variable."""
_ELSEWHERE = frozenset(("api", "app", "aws", "client", "consumer", "master", "webhook"))
"""Words for a secret that another service hands out, so that one which nobody has filled in opens nothing."""
_TWO_WORDS = re.compile(r"[a-z]+ [a-z]+")
_PATH = re.compile(r"^(?:https?:)?[./~#@]|^https?:|/.*/|\.(?:js|ts|json|html|pem|key|env)$")
_LABEL = re.compile(r"^[A-Z][a-z]+$|^[a-z]+(?:[A-Z][a-z]+)+$|^[A-Z]+(?:_[A-Z]+)*$|^[a-z]+(?:[-_.:][a-z]+)*$")
_LOCAL = re.compile(
    r"@(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|db|database|mongo(?:db)?|postgres|mysql|redis|rabbitmq)(?=[:/?]|$)"
)
_LOOKS: tuple[tuple[str, SecretKind, str], ...] = (
    (r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY", "private key", "private key"),
    (r"\bA(?:KI|SI)A[0-9A-Z]{16}\b", "key", "AWS access key"),
    (r"\bAIza[\w-]{35}", "key", "Google API key"),
    (r"\bgh[opusr]_[0-9A-Za-z]{36}|\bgithub_pat_\w{22}", "token", "GitHub token"),
    (r"\bglpat-[\w-]{20}", "token", "GitLab token"),
    (r"\bnpm_[0-9A-Za-z]{36}", "token", "npm token"),
    (r"\b[sr]k_live_[0-9A-Za-z]{16}", "key", "Stripe key"),
    (r"\bxox[abprs]-[\w-]{10}|hooks\.slack\.com/services/T\w+/B\w+/\w{20}", "token", "Slack token"),
    (r"\bSG\.[\w-]{22}\.[\w-]{43}", "key", "SendGrid key"),
    (r"\bsk-(?:ant|proj)-[\w-]{20}", "key", "API key"),
    (r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}", "token", "JSON Web Token"),
    (r"://[^\s:/@'\"`${}<>]{1,64}:[^\s/@'\"`${}<>]{3,64}@", "address with a password", "address"),
)
_OF_PATTERN = re.compile(r"\(\?[:=!<]|\\[sSwWdDb]|\[\^")
"""What only a regular expression has in it, such as one for addresses."""
_SHORTEST_RANDOM = 16
_SHORTEST_CHOSEN = 6
_RANDOM_BITS = 3.0
"""Bits per character above which a text is taken to be made at random."""


def kind_by_name(name: str) -> SecretKind | None:
    """What a variable or property of this name holds; None when that is no secret."""
    words = tuple(word.lower() for word in _WORD.findall(name))
    if not words or _DENYING & set(words):
        return None
    return _LAST.get(words[-2:]) or _LAST.get(words[-1:])


def is_secret(kind: SecretKind, name: str, value: str, *, is_default: bool, in_code: bool = True) -> bool:
    """Whether a value is one that is meant to be secret, and not a word for it."""
    if _PATH.search(value) or "${" in value or _is_part(value, name):
        return False
    if kind == "secret" and in_code:  # whatever stands there signs tokens and sessions, if nobody has replaced it
        return (is_default or len(value) >= _SHORTEST_CHOSEN) and _is_chosen(name, value)
    if _PLACEHOLDER.search(value) or any(c.isspace() for c in value):
        return False
    if kind == "secret":
        return len(value) >= _SHORTEST_CHOSEN and not _is_word(value)
    if kind == "password":
        return len(value) >= _SHORTEST_CHOSEN and _is_mixed(value) and not _LABEL.match(value)
    return is_made_at_random(value)


def is_made_at_random(text: str) -> bool:
    """Whether a text is long enough for a key, and not of words."""
    return len(text) >= _SHORTEST_RANDOM and _is_random(text)


def by_look(text: str) -> tuple[SecretKind, str] | None:
    """What a text is by what it looks like, and the name of it; None for an example or a server on the same machine."""
    for pattern, kind, name in _LOOKS:
        if re.search(pattern, text) is not None:
            return None if _is_example(kind, text) else (kind, name)
    return None


def _is_example(kind: SecretKind, text: str) -> bool:
    if kind == "address with a password":
        user, _, password = text.partition("://")[2].partition("@")[0].partition(":")
        is_word = password.lower() in {user.lower(), "pass", "password", "secret", "pwd"} or _OF_PATTERN.search(text)
        return bool(_LOCAL.search(text) or is_word or _PLACEHOLDER.search(password) or "example." in text)
    if kind == "private key":
        return len(text) < 200  # noqa: PLR2004 - only its first line: code that asks whether a text is a key
    return "EXAMPLE" in text.upper() or not _is_random(text)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _is_part(value: str, name: str) -> bool:
    """Whether a text only repeats the name, or most of it: the key under which a setting is kept."""
    words = _words(value)
    return words == _words(name) or (len(words) > 1 and set(words) <= set(_words(name)))


def _is_word(value: str) -> bool:
    """One of the words for a secret, as in a list of field names."""
    return value.lower().replace("_", "").replace("-", "") in {"secret", "secretkey", "jwtsecret", "clientsecret"}


def _is_chosen(name: str, value: str) -> bool:
    """Whether a text may be a secret: a message for people, or what a template or a setting puts in, is none."""
    if any(c.isspace() for c in value):
        return bool(_TWO_WORDS.fullmatch(value))
    if value.lower().startswith("your") and _ELSEWHERE & set(_words(name)):
        return False
    return not (_FILLED.search(value) or _VARIABLE.fullmatch(value) or _is_word(value))


def _is_mixed(value: str) -> bool:
    return any(c.isalpha() for c in value) and any(not c.isalpha() for c in value)


def _is_random(value: str) -> bool:
    if not any(c.isdigit() for c in value) or not any(c.isalpha() for c in value):
        return False
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return bits >= _RANDOM_BITS
