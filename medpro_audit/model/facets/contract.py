"""What each endpoint accepts by its schemas, and what it answers with, as far as its code says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.model.answers import ELEMENTS, Answer
from medpro_audit.model.answers import Sent as Form
from medpro_audit.model.contract.fields import below, fields_of, merged
from medpro_audit.model.request.records import Holding
from medpro_audit.model.schemas import DOUBTFUL
from medpro_audit.model.subjects import PARTS, RequestPart
from medpro_audit.model.subjects.facets.contract import Accepted, Contract, Field, Sent

if TYPE_CHECKING:
    from medpro_audit.model.endpoints import Passage
    from medpro_audit.model.known import Known
    from medpro_audit.model.verdicts import Basis, Gap

_JSON = frozenset(("json", "jsonp", "send"))
_FAILED = 300
_LONGEST_LINE = 300
UNSEEN = "its code has changed, and what it answers with can't be seen, or not all of it"


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
        self._digests: dict[frozenset[str], str] = {}

    def digest(self, files: Iterable[str], gaps: Sequence[Gap] = ()) -> str:
        """Of these files and of what they import, and of the lines where something stands that can't be followed.

        What is unknown of a package's middleware, or of one that is given from outside, is not in the files around it.
        """
        own = self._of_files(frozenset(files)) if files or not gaps else ""
        return hashlib.sha256("\0".join((own, *map(self._line, gaps))).encode()).hexdigest()[:16] if gaps else own

    def _line(self, gap: Gap) -> str:
        code = self._known.base.interpreter.code
        return code.snippet(gap.site.module.path, gap.site.at, gap.site.at + _LONGEST_LINE).partition("\n")[0].strip()

    def _of_files(self, key: frozenset[str]) -> str:
        if key not in self._digests:
            seen, waiting = set(key), list(key)
            while waiting:
                new = [target for target in self._imports.get(waiting.pop(), ()) if target not in seen]
                seen.update(new)
                waiting.extend(new)
            self._digests[key] = hashlib.sha256(b"".join(map(self._content, sorted(seen)))).hexdigest()[:16]
        return self._digests[key]

    def digest_of_code(self, answers: Sequence[Answer]) -> str:
        """Of the functions that answer and of those that call them, whatever their layout."""
        callers = {function for each in answers for function, _ in (*each.calls, (each.function, each.site))}
        places = sorted((each.module.path, each.node.start, each.node.end) for each in callers if each is not None)
        code = self._known.base.interpreter.code
        texts = (" ".join(code.snippet(*place).split()) for place in places)
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]

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
            return Accepted("unknown", reason, digest=sources.digest(files, () if holdings else basis.gaps))
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
    return files | {holding.place.file for holding, _ in basis.maybe if holding.part == basis.part}


def _answered(passage: Passage, sources: _Sources) -> Contract:
    """The JSON that is sent when nothing fails."""
    links = passage.ledger.links
    answers = [each for each in (links[-1].summary.answers if links else ()) if _is_good(each)]
    if not answers:
        return Contract()
    by_status: dict[str, list[Answer]] = {}
    for answer in answers:
        by_status.setdefault(str(answer.status), []).append(answer)
    is_seen = all(each.status is not None and _is_seen(each) for each in answers)
    reason = "" if is_seen else UNSEEN
    return Contract(
        answers=tuple(Sent(status, _sent(by_status[status])) for status in sorted(by_status)),
        unseen_answers=reason,
        # Most answers come from elsewhere: to follow imports, too, would call each of them changed in every request.
        answers_digest=sources.digest_of_code(answers) if reason else "",
    )


def _is_good(answer: Answer) -> bool:
    """An answer with content when nothing has failed."""
    is_json = answer.method in _JSON and answer.sent.kind not in {"text", "nothing"}
    return is_json and (answer.status is None or answer.status < _FAILED)


def _is_seen(answer: Answer) -> bool:
    return answer.sent.kind == "list" or (answer.sent.kind == "object" and not answer.sent.is_open)


def _sent(answers: Sequence[Answer]) -> tuple[Field, ...]:
    """The fields of all answers with a status: those of every answer can be relied upon."""
    return tuple(sorted(_of_forms([each.sent for each in answers], "", is_required=None), key=lambda each: each.path))


def _of_forms(forms: Sequence[Form], path: str, *, is_required: bool | None) -> Iterator[Field]:
    """What is sent at one place, in one of several forms, with all that is known to be in it."""
    kinds = {"array" if each.kind == "list" else each.kind for each in forms}
    reason = "it may have further fields that can't be seen" if any(each.is_open for each in forms) else ""
    types = tuple(sorted(kinds)) if kinds <= {"object", "array"} else None
    yield Field(path, types=types, is_required=is_required, reason=reason)
    if kinds == {"array"}:
        elements = [dict(each.inner).get(ELEMENTS) for each in forms]
        known = [each for each in elements if each is not None]
        if len(known) == len(forms):
            yield from _of_forms(known, below(path, ELEMENTS), is_required=None)
    objects = [each for each in forms if each.kind == "object"]
    for name in {name for each in objects for name in each.keys}:
        yield from _of_property(forms, [each for each in objects if name in each.keys], name, below(path, name))


def _of_property(forms: Sequence[Form], holders: Sequence[Form], name: str, path: str) -> Iterator[Field]:
    is_always = len(holders) == len(forms)
    known = [form for each in holders if (form := dict(each.inner).get(name)) is not None]
    if len(known) == len(holders):
        yield from _of_forms(known, path, is_required=is_always)
    else:
        yield Field(path, is_required=is_always)
