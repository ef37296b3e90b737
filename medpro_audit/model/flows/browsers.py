"""What keeps a browser from being made to run what an answer carries, where nothing in the answer does.

A link or a form of another site asks in the name of whoever follows it, with the cookies of that browser and with no
header of the attacker's choice; a policy in the answer's headers keeps scripts in a page from running.

https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP, https://helmetjs.github.io/#content-security-policy,
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#samesitesamesite-value
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from medpro_audit.model.access.account import Account
from medpro_audit.model.evaluation.values import Constant, External, ObjectValue, Value
from medpro_audit.model.flows.contents import spellings, written
from medpro_audit.model.protection.applications import given_to
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Layer
from medpro_audit.model.subjects import RequestPart
from medpro_audit.model.subjects.facets.access import Access

_BY_HAND = frozenset(("api-key", "jwt", "signature"))
"""Ways to know a caller by what only a program of its own puts into a request, unless it comes in a cookie."""
_HELMETS = frozenset(("helmet", "koa-helmet"))
_SCRIPTS = ("scriptSrc", "script-src", "defaultSrc", "default-src")
_SCRIPT = re.compile(r"(?:script|default)-src\s+([^;]*)", re.IGNORECASE)
_JSON_ONLY = frozenset(("json", "raw", "text"))


def hindrance(
    method: str, part: RequestPart, access: Access, layers: Iterable[Layer], before: Iterable[Summary]
) -> str:
    """Why no other site can make a browser run it; empty when nothing is known that hinders it."""
    layers = tuple(layers)
    if any(_polices(layer.value) for layer in layers) or any(map(_sets_policy, before)):
        return "a content security policy keeps scripts in it from running"
    is_known = access.authentication == "yes" and bool(access.schemes)
    if is_known and _BY_HAND.issuperset(access.schemes):
        return "no link and no form carries what its callers are known by"
    if method == "POST" and is_known:
        return "browsers send no cookies along with forms of other sites, unless they are told to"
    if method == "POST" and part == "body" and _takes_json_only(layers):
        return "no form sends JSON"
    return ""


def _polices(value: Value) -> bool:
    """Whether a middleware is helmet with a policy under which no script in the page runs."""
    if not isinstance(value, External) or value.package not in _HELMETS:
        return False
    name, options = value.name.rpartition(".")[2], given_to(value)
    if name not in {"", "default", "helmet", "contentSecurityPolicy"}:
        return False
    policy = options if name == "contentSecurityPolicy" else _field(options, "contentSecurityPolicy")
    if isinstance(policy, Constant):
        return policy.value is not False
    return not any("unsafe-inline" in text for text in _script_sources(_field(policy, "directives")))


def _field(value: Value | None, name: str) -> Value | None:
    return value.properties.get(name) if isinstance(value, ObjectValue) else None


def _script_sources(directives: Value | None) -> Iterator[str]:
    """What the first directive says that decides on scripts."""
    for name in _SCRIPTS:
        sources = _field(directives, name)
        if sources is not None:
            yield from _texts(sources)
            return


def _texts(value: Value) -> Iterator[str]:
    for item in getattr(value, "items", ()):
        yield from map(written, spellings(item.value))
    yield from map(written, spellings(value))


def _sets_policy(summary: Summary) -> bool:
    """Whether a function sends a policy of its own under which no script in the page runs."""
    headers = summary.account.headers if isinstance(summary.account, Account) else ()
    policies = [value for name, value in headers if name == "content-security-policy"]
    texts = [text for value in policies for text in map(written, spellings(value))]
    return bool(policies) and not any("unsafe-inline" in found for text in texts for found in _SCRIPT.findall(text))


def _takes_json_only(layers: Iterable[Layer]) -> bool:
    """Whether the only parsers of bodies in front are such that take what no form sends."""
    names = {
        layer.value.name.rpartition(".")[2]
        for layer in layers
        if isinstance(layer.value, External) and layer.value.package in {"express", "body-parser"}
    }
    return "json" in names and names <= _JSON_ONLY
