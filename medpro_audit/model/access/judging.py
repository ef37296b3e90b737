"""The verdict on an endpoint: whether its callers must be known, and allowed to do what they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from medpro_audit.core.place import Place, Step
from medpro_audit.model.access.account import Account, Status, Verdict
from medpro_audit.model.access.admission import asks_for_secret, checks_secret, issues_secret
from medpro_audit.model.access.chain import HANDLER, Chain, Judged
from medpro_audit.model.access.packages import LOOKS_LIKE_A_GUARD
from medpro_audit.model.access.standing import Kind, Permission, either_permission
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects.facets.access import Access

_CLAIMS = re.compile(
    rf"{LOOKS_LIKE_A_GUARD.pattern}|user|admin|^(?:require|ensure|check|verify|must|only|allow|restrict|deny|validate)",
    re.IGNORECASE,
)
"""Names of functions that are taken for guards."""
_OPTIONAL = re.compile(r"optional|maybe|soft|attach|populate|public|anonymous|guest", re.IGNORECASE)
"""Names that promise nothing."""
_FORM = re.compile(
    r"(?:^|[/_-])(?:public|contact(?:[_-]?us)?|newsletters?|subscribe|unsubscribe|feedbacks?|enquir(?:y|ies)|inquir(?:y|ies)"
    r"|(?:request-?)?callback|suggestions?|wait-?list)(?:$|[/_-])|(?:create|add|send|submit)(?:contact|newsletter|feedback)$",
    re.IGNORECASE,
)
"""Addresses of what a web site asks its visitors for."""
_FORM_OF = re.compile(r"/(?:un-?)?subscribe/?$|/sign-?up/?$|/rsvp/?$", re.IGNORECASE)
"""The same of one thing among others: ``/lists/:id/subscribe``."""
_OWNING: frozenset[Kind] = frozenset(("own", "ownership"))
_UPDATING = frozenset(("PUT", "PATCH", "DELETE"))
STATE_CHANGING = frozenset(("POST", "PUT", "PATCH", "DELETE", "ALL"))


def judge(
    row: Row, builder: EndpointBuilder, interpreter: Interpreter, signed: AbstractSet[str] | None = None
) -> Access:
    """Who may call an endpoint.

    Args:
        row: The endpoint.
        builder: Knows its chain of functions.
        interpreter: Has followed them.
        signed: All claims of the tokens that the program signs; None where that isn't known.
    """
    chain = Chain(row, builder, interpreter)
    admits = _admits_strangers(row, chain, interpreter)
    identity = _best([(one, one.authentication.status) for one in chain.judged])
    if admits and identity is not None and identity.name == HANDLER and identity.authentication.status == "unknown":
        identity = None  # what it decides by is what strangers show who they are by
    verdict = identity.authentication if identity is not None else None
    right = _best([(one, one.authorization.status) for one in chain.judged])
    status, reason = (verdict.status, verdict.reason) if verdict is not None else ("no", _refuted(chain.judged) or "")
    if status == "no" and (stranger := _stranger(row)) is not None:
        status, reason = "unknown", f"what is called at {stranger} may put a guard before it, and can't be followed"
    if status == "no" and not admits and (doubted := chain.doubted or chain.switched_off) is not None:
        status, reason = "unknown", doubted
    pretender = _pretender(chain.judged) if status == "no" else None
    allowed = right.authorization if right is not None else None
    permissions = [one.authorization.by for one in chain.judged if one.authorization.status == "yes"]
    permission = either_permission([one for one in permissions if one is not None]) if permissions else Permission()
    authorization, doubt = _authorization(status, allowed)
    if authorization == "yes" and (beyond := _beyond(chain, permissions)) is not None:
        authorization, doubt = "unknown", beyond
    if authorization == "yes" and permission.kinds <= _OWNING and (unsigned := _unsigned(chain, signed)) is not None:
        authorization, doubt = "unknown", unsigned
    return Access(
        authentication=status,
        by=identity.name if identity is not None else None,
        schemes=tuple(sorted(verdict.by.schemes)) if verdict is not None and verdict.by is not None else (),
        reason=reason or None,
        authorization=authorization,
        authorization_by=right.name if right is not None and authorization != "no" else None,
        authorization_kinds=tuple(sorted({_spoken(kind) for kind in permission.kinds}))
        if authorization == "yes"
        else (),
        authorization_reason=doubt,
        roles=tuple(sorted(permission.names)) if authorization == "yes" else (),
        admits_strangers=admits,
        checks_secret=admits and not chain.is_closed and checks_secret(chain.own, chain.deeds, row.path),
        is_form=row.method == "POST" and _is_form(row.path),
        changes_state=row.method in STATE_CHANGING and chain.acts,
        ends_session=any(account.ends_session for account in chain.accounts) or _denies_own_token(chain, status),
        serves=chain.serves,
        switches=tuple(str(place) for place in verdict.switches) if verdict is not None else (),
        false_guard=pretender.name if pretender is not None else None,
        trail=tuple(_trail(identity or pretender, right if authorization != "no" else None)),
    )


def _is_form(path: str) -> bool:
    return (_FORM if ":" not in path else _FORM_OF).search(path) is not None


def _denies_own_token(chain: Chain, authentication: Status) -> bool:
    """Whether callers who are known have the token that they send denied from now on, and ask for nothing else."""
    asks = any(use.part in {"body", "params", "query"} for summary in chain.own for use in summary.uses)
    return authentication == "yes" and not asks and any(account.keeps_own_token for account in chain.accounts)


def _authorization(authentication: Status, allowed: Verdict[Permission] | None) -> tuple[Status, str | None]:
    """Whether callers are allowed one by one, and why that is not known.

    Whoever is not known can't be allowed: a role that nobody has verified is whatever the caller says. And where it
    could not be told who calls, what is asked of the caller could not be seen either.
    """
    reason = (allowed.reason or None) if allowed is not None else None
    if authentication == "unknown":
        return "unknown", reason or "who calls could not be told"
    if authentication == "no" or allowed is None:
        return "no", reason
    return allowed.status, reason


def _beyond(chain: Chain, permissions: Sequence[Permission | None]) -> str | None:
    """Why what the caller was found to own says nothing of what is asked for: another one was found to be its.

    Whose team it is tells nothing of ``/teams/:team/reports/:id`` where the report is asked for by its id alone.
    """
    limits = [one.over for one in permissions if one is not None]
    if chain.handler is None or None in limits:
        return None
    covered = frozenset[str]().union(*(names for names in limits if names is not None))
    ties = chain.ties
    for _ in ties:
        covered = covered.union(*(names for names in ties if names & covered))
    for names, place in chain.handler.sought:
        if not names & covered and all(name.startswith("params.") for name in names):
            return f"what is asked for at {place.file}:{place.line} is not what was found to be the caller's"
    return None


def _unsigned(chain: Chain, signed: AbstractSet[str] | None) -> str | None:
    """Why nothing may be the caller's: what it is held against is in no token that the program signs."""
    if chain.handler is None or signed is None:
        return None
    read = {(owner, name) for owner, name in chain.handler.claimed if owner in chain.tokens}
    if not read or any(name in signed for _, name in read):
        return None
    owner, name = min(read)
    return f"{owner}.{name} of the request is in no token that is signed"


def _stranger(row: Row) -> Place | None:
    """Where the application, or a router on the way, was given to code of which nothing is known."""
    given = (router.handed_to for router in (row.application, *(mount.router for mount in row.mounts)))
    return next((site.place for site in given if site is not None), None)


def _admits_strangers(row: Row, chain: Chain, interpreter: Interpreter) -> bool:
    """Whether it is how strangers become known; what issues a secret is looked for where it would matter."""
    # Who hashes a password in an update changes somebody's: that alone is no registration.
    if chain.deeds - ({"hash"} if row.method in _UPDATING else set()) or any(
        _asks_for_secret(summary, row) for summary in chain.own
    ):
        return True
    is_open = row.method in STATE_CHANGING and all(one.authentication.status == "no" for one in chain.judged)
    return is_open and any(issues_secret(summary, interpreter) for summary in chain.own)


def _asks_for_secret(summary: Summary, row: Row) -> bool:
    account = summary.account
    is_known_already = isinstance(account, Account) and account.own_authentication.status == "yes"
    if is_known_already and any(use.part == "headers" for use in summary.uses):
        return False  # a password is changed by who has shown a token
    knows = isinstance(account, Account) and "yes" in {account.authentication.status, account.own_authentication.status}
    return asks_for_secret(summary, row.path, knows_caller=knows, is_update=row.method in _UPDATING)


def _spoken(kind: Kind) -> str:
    return "ownership" if kind == "own" else kind


def _best(judged: Sequence[tuple[Judged, str]]) -> Judged | None:
    """The first that says yes, else the first that may."""
    for wanted in ("yes", "unknown"):
        for one, status in judged:
            if status == wanted:
                return one
    return None


def _refuted(judged: Iterable[Judged]) -> str | None:
    """Why something that looks like a guard is none."""
    return next((one.authentication.reason for one in judged if one.authentication.reason), None)


def _pretender(judged: Iterable[Judged]) -> Judged | None:
    """What looks like a guard, by what it answers and by its name, and is none."""
    found = (one for one in judged if one.pretends and _CLAIMS.search(one.name))
    return next((one for one in found if not _OPTIONAL.search(one.name)), None)


def _trail(identity: Judged | None, right: Judged | None) -> Iterable[Step]:
    for judged, what in ((identity, "authenticates"), (right, "authorizes")):
        if judged is None:
            continue
        verdict = judged.authentication if what == "authenticates" else judged.authorization
        does = {"yes": what, "no": "verifies nothing"}.get(verdict.status, "may be a guard")
        yield Step(judged.place.file, judged.place.line, f"{judged.name} {does}")
        places: Iterable[Place] = verdict.by.places if verdict.by is not None else ()
        yield from (Step(place.file, place.line, "here it is checked") for place in sorted(places))
