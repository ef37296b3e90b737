"""What a caller may do, by the names of what says so: a role, a rank, a list of permissions."""

from __future__ import annotations

import re

from medpro_audit.model.access.provenance import computed, is_caller, last_name, spelled, traces
from medpro_audit.model.evaluation.values import Choice, External, Pattern, Value

_ROLES = re.compile(
    r"role|permission|privilege|scopes?$|rights?$|admin|groups?$|grants?$|claims$|access_?(?:level|right|control)|moderator"
    r"|super_?user|(?:user|account)_?type|^type$|(?:^|_|user)level$|^is_?(?:staff|manager|doctor|nurse|patient|practitioner)$",
    re.IGNORECASE,
)
"""Properties of a caller that say what it may do."""
_RANKS = re.compile(
    r"admin|moderator|super_?user|^(?:is|has|can)_?(?:staff|manager|owner|doctor|nurse|patient|practitioner|permission|role)",
    re.IGNORECASE,
)
"""Properties of a caller that are true where it may do something."""
_ABLE = re.compile(r"(?:is|can|may|has)(?=[A-Z_])")
_ALTERNATIVES = re.compile(r"\^?(?:\((?:\?:)?)?([\w-]+(?:\|[\w-]+)*)\)?\$?$")
"""A regular expression that asks for words: ``^(admin|doctor)$``."""
_RIGHTS = re.compile(r"role(?!l)|permission|privilege|admin|moderator|super_?user", re.IGNORECASE)
"""How what anybody may do is called, of whom it isn't known whether it is the caller."""
_LISTS = re.compile(r"(?:role|permission|privilege|scope|grant|right|group)s$|^acl$", re.IGNORECASE)
"""How several of them are called."""
_STATE = re.compile(
    r"active|verified|confirmed|approved|enabled|disabled|blocked|banned|deleted|locked|suspended|expired|log|auth"
    r"|email|password|mfa|2fa|otp",
    re.IGNORECASE,
)
"""Properties of a caller that are asked of everybody."""
_LOOKING = re.compile(r"(?:some|find|findIndex|includes|indexOf|has|contains|every)$")
"""Methods of lists and sets that look for something."""
_FILTERING = re.compile(r"(?:some|includes|contains|every|filter|map|flatMap|reduce)$")
"""The same, of lists only."""


_PERMIT = re.compile(
    r"^(?:assert|check|demand|enforce|ensure|require|verify|with)(?:[A-Z_]\w*)?(?:Permissions?|Privileges?|Authori[sz]ation)"
    r"(?:For|Of|On|To)?$"
)


def names_permit(name: str) -> bool:
    """Whether a name says that nobody goes on who has no right to: ``ensureCreateVisitPermissionFor``."""
    return _PERMIT.search(name) is not None


def is_role(value: Value) -> bool:
    """Whether a value says what the caller may do, in whatever form: what stands for some of its words are texts."""
    if isinstance(value, Choice):
        said = [option for option, _ in value.options]
        return any(map(is_role, said)) and not any(traces(one) and traces(one) <= {"request", "secret"} for one in said)
    return _ROLES.search(last_name(value)) is not None and is_caller(value)


def is_rank(value: Value) -> bool:
    """Whether a value says, by being true, what the caller may do."""
    return _RANKS.search(last_name(value)) is not None and is_caller(value)


def may_be_right(value: Value, *, is_there: bool = False) -> bool:
    """Whether a value may say what the caller may do: it has the name of a right, and does not come of the request.

    Args:
        value: What something is asked about.
        is_there: It is only asked whether it is there, or true.
    """
    if isinstance(value, Choice):
        return any(may_be_right(option, is_there=is_there) for option, _ in value.options)
    name, found = last_name(value), traces(value)
    if found & {"request", "secret"} or _STATE.search(name):
        return False
    if is_there:
        return _RANKS.search(name) is not None or (not isinstance(value, External) and _ABLE.match(name) is not None)
    return (_ROLES if "caller" in found else _RIGHTS).search(name) is not None


def words_in(pattern: Value) -> frozenset[str]:
    """The words of which a regular expression, or a text that one is made of, asks for one; none where it says more."""
    source = pattern.source if isinstance(pattern, Pattern) else spelled(computed(pattern))
    said = _ALTERNATIVES.match(source)
    return frozenset(said[1].split("|")) if said is not None else frozenset()


def is_name_of_rank(words: frozenset[str]) -> bool:
    """Whether every one of these is what somebody is called who may do more than others."""
    return bool(words) and all(_RANKS.search(word) for word in words)


def is_looked_for(value: External) -> bool:
    """Whether something is looked for among rights: ``role.permissions.some(…)``."""
    *_, owner, method = ["", *value.name.split(".")]
    return _LOOKING.match(method) is not None and _LISTS.search(owner) is not None


def is_filtered(value: Value) -> bool:
    """Whether something is looked for among what was found by who the caller is: its rights, or what it may see."""
    names = value.name.split(".") if isinstance(value, External) else []
    return any(map(_FILTERING.match, names)) and is_caller(value)
