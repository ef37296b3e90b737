"""What each endpoint accepts by its schemas, and what it answers with, as far as its code says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.model.answers import Answer
from medpro_audit.model.contract.fields import below, fields_of, merged
from medpro_audit.model.request import Holding
from medpro_audit.model.schemas import DOUBTFUL
from medpro_audit.model.subjects import PARTS, RequestPart
from medpro_audit.model.subjects.facets.contract import Accepted, Contract, Field, Sent

if TYPE_CHECKING:
    from medpro_audit.model.endpoints import Passage
    from medpro_audit.model.known import Known
    from medpro_audit.model.validation import Basis

_JSON = frozenset(("json", "jsonp", "send"))
_FAILED = 300


def facet(known: Known) -> Iterator[Contract]:
    """One for each endpoint, in their order."""
    sources = _Sources(known)
    for row in known.base.rows:
        passage = known.base.endpoint_builder.passage(row)
        parts = {part: _accepted(passage.ledger.basis(part), sources) for part in PARTS}
        yield structs.replace(_answered(passage, sources), **parts)


class _Sources:
    """Digests of files with all that they import: what isn't known has changed only where one of these has."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._imports: dict[str, list[str]] = {}
        for source, target, kind in known.base.graph.edges:
            if kind == "import":
                self._imports.setdefault(source, []).append(target)
        self._digests: dict[tuple[frozenset[str], bool], str] = {}

    def digest(self, files: Iterable[str], *, is_deep: bool = True) -> str:
        """Of these files and, unless only they count, of what they import."""
        key = frozenset(files), is_deep
        if key not in self._digests:
            seen, waiting = set(key[0]), list(key[0])
            while waiting and is_deep:
                new = [target for target in self._imports.get(waiting.pop(), ()) if target not in seen]
                seen.update(new)
                waiting.extend(new)
            self._digests[key] = hashlib.sha256(b"".join(map(self._content, sorted(seen)))).hexdigest()[:16]
        return self._digests[key]

    def _content(self, path: str) -> bytes:
        facts = self._known.base.facts.get(path)
        size = facts.size if facts is not None else 0
        return self._known.base.interpreter.code.snippet(path, 0, size).encode() + b"\0"


def _accepted(basis: Basis, sources: _Sources) -> Accepted:
    """What the schemas that hold for one part accept together."""
    held = [*basis.holdings, *(each.holding for each in basis.attempts if not each.is_ignored)]
    holdings = list({(each.path, id(each.shape)): each for each in held if _counts(each)}.values())
    fields = merged(field for each in holdings for field in _of_holding(each, basis.part))
    reason = _doubt(basis)
    files = _files_of(holdings, basis)
    if not fields:
        if reason:
            return Accepted("unknown", reason, digest=sources.digest(files))
        return Accepted("none" if basis.seen else "not-read")
    is_whole = not reason and not any(field.reason for field in fields)
    return Accepted("known", reason, fields, "" if is_whole else sources.digest(files))


def _counts(holding: Holding) -> bool:
    return bool(holding.library) and holding.shape is not DOUBTFUL


def _of_holding(holding: Holding, part: RequestPart) -> Iterable[Field]:
    path = ""
    for step in holding.path:
        path = below(path, "[]" if step == "*" else step)
    found = fields_of(holding.shape, path)
    # A path without its parameters is another path, and the parts themselves are always there.
    return (structs.replace(field, is_required=None) if _is_given(field.path, part) else field for field in found)


def _is_given(path: str, part: RequestPart) -> bool:
    return not path or part == "params"


def _doubt(basis: Basis) -> str:
    """Why there may be more that refuses a request."""
    for holding, condition in basis.maybe:
        if holding.part == basis.part:
            return f"{holding.schema} checks it only if {condition}"
    if basis.gaps and not basis.holdings:
        return basis.gaps[0].reason
    return ""


def _files_of(holdings: Sequence[Holding], basis: Basis) -> set[str]:
    files = {each.place.file for each in holdings}
    files |= {each.made.module.path for each in holdings if each.made is not None}
    files |= {holding.place.file for holding, _ in basis.maybe if holding.part == basis.part}
    return files | ({gap.site.module.path for gap in basis.gaps} if not holdings else set())


def _answered(passage: Passage, sources: _Sources) -> Contract:
    """The top-level fields of the JSON that is sent when nothing fails."""
    links = passage.ledger.links
    answers = [each for each in (links[-1].summary.answers if links else ()) if _is_good(each)]
    if not answers:
        return Contract()
    by_status: dict[str, list[Answer]] = {}
    for answer in answers:
        by_status.setdefault(str(answer.status), []).append(answer)
    is_seen = all(each.status is not None and _is_seen(each) for each in answers)
    reason = "" if is_seen else "what it answers with can't be seen, or not all of it"
    files = {each.site.module.path for each in answers}
    return Contract(
        answers=tuple(Sent(status, _sent(by_status[status])) for status in sorted(by_status)),
        unseen_answers=reason,
        # Most answers come from elsewhere: to follow imports, too, would call each of them changed in every request.
        answers_digest=sources.digest(files, is_deep=False) if reason else "",
    )


def _is_good(answer: Answer) -> bool:
    """An answer with content when nothing has failed."""
    is_json = answer.method in _JSON and answer.sent.kind not in {"text", "nothing"}
    return is_json and (answer.status is None or answer.status < _FAILED)


def _is_seen(answer: Answer) -> bool:
    return answer.sent.kind == "list" or (answer.sent.kind == "object" and not answer.sent.is_open)


def _sent(answers: Sequence[Answer]) -> tuple[Field, ...]:
    """The fields of all answers with a status: those of every answer can be relied upon."""
    objects = [each.sent for each in answers if each.sent.kind == "object"]
    kinds = {"array" if each.sent.kind == "list" else each.sent.kind for each in answers}
    whole = Field("", types=tuple(sorted(kinds)) if kinds <= {"object", "array"} else None)
    names = {name for sent in objects for name in sent.keys}
    common = {name for name in names if all(name in sent.keys for sent in objects) and len(objects) == len(answers)}
    return (whole, *(Field(name, is_required=name in common) for name in sorted(names)))
