"""What clients could rely on and can no longer: endpoints, what they accept and answer, by code and documentation.

Requests may not be asked for more, answers may not hold less. What is asked of a request part is known as far as
schemas say; what can't be seen, and has changed, is *undecided*, with the reason. Nothing undecided is ever called
unbroken. The rules are those on which oasdiff, openapi-diff and buf agree, as far as a client can notice them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from medpro_audit.model.contract.fields import ELEMENTS, parent_of, tightest
from medpro_audit.model.documentation.templates import segments_of, template_of
from medpro_audit.model.subjects import PARTS, Endpoint, RequestPart
from medpro_audit.model.subjects.facets.contract import Accepted, Bound, Contract, Field
from medpro_audit.model.subjects.operation import Operation
from medpro_audit.model.terms import ANY
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import Break, BreakKind, Undecided
from medpro_audit.result.pairing import Paired, pair

Part = RequestPart | Literal["endpoint", "answer"]
_BOUND_WORDS = {
    "least": "at least",
    "most": "at most",
    "shortest": "a length of at least",
    "longest": "a length of at most",
}
_OPAQUE = ":"
_CHANGED_SCHEMAS = "it is one of several schemas, and they have changed"
_NAMED = frozenset(("regex", "pattern", "matches", "startsWith", "endsWith", "includes", "multipleOf", "multiple"))
"""Checks that say all that they ask: a new one refuses more, another one perhaps."""


class Promises(NamedTuple):
    """What has become of the promises to clients."""

    breaks: tuple[Break, ...]
    undecided: tuple[Undecided, ...]


class _Said(NamedTuple):
    """Something that is different at one place of a part."""

    kind: BreakKind | None
    """None where it can't be told whether it breaks clients."""
    part: Part
    field: str
    text: str


def broken_promises(before: AuditResult, after: AuditResult, endpoints: Paired[Endpoint, Endpoint]) -> Promises:
    """Hold two states against each other; the endpoints are matched by method and path."""
    said = [*_of_endpoints(before, after, endpoints), *_of_operations(before, after)]
    breaks = [each for each in said if isinstance(each, Break)]
    undecided = [each for each in said if isinstance(each, Undecided)]
    told = {(each.identity, each.part, each.field) for each in breaks}
    return Promises(
        tuple(each for each in breaks if not each.is_documented or _is_news(each, breaks)),
        tuple(each for each in undecided if (each.identity, each.part, each.field) not in told),
    )


def _is_news(each: Break, breaks: Sequence[Break]) -> bool:
    """Whether the code does not say the same."""
    return not any(
        not other.is_documented and (other.part, other.field) == (each.part, each.field) and _is_same(other, each)
        for other in breaks
    )


def _is_same(one: Break, other: Break) -> bool:
    return one.method == other.method and bool(_key(one.path) & {segments_of(other.path), *_key(other.path)})


# Endpoints


def _of_endpoints(
    before: AuditResult, after: AuditResult, endpoints: Paired[Endpoint, Endpoint]
) -> Iterator[Break | Undecided]:
    renamed = pair(endpoints.gone, endpoints.new, _template, _template)  # only its parameters are called otherwise
    gone = [*renamed.gone, *(old for old, new in endpoints.pairs if old.reached and not new.reached)]
    for old in gone:
        if old.reached and old.kind == "route" and not _is_answered(old, after):
            yield from _told(_removed(old, before, after), old)
    for old, new in [*endpoints.pairs, *renamed.pairs]:
        if old.reached and new.reached:
            yield from _told([*_conditional(old, new), *_compared(old.contract, new.contract)], new)


def _template(endpoint: Endpoint) -> tuple[str, object]:
    return endpoint.method, template_of(endpoint.path).variants or endpoint.path


def _key(path: str) -> set[object]:
    return set(template_of(path).variants) or {path}


def _is_answered(endpoint: Endpoint, after: AuditResult) -> bool:
    wanted = _key(endpoint.path)
    return any(
        each.reached and each.method in {endpoint.method, "ALL"} and wanted <= _key(each.path)
        for each in after.endpoints
    )


def _removed(endpoint: Endpoint, before: AuditResult, after: AuditResult) -> list[_Said]:
    earlier = {(gap.place.file, gap.method, gap.reason) for gap in before.unresolved_routes}
    gaps = [gap for gap in after.unresolved_routes if (gap.place.file, gap.method, gap.reason) not in earlier]
    if gaps:
        reason = f"it is not found, and a route at {gaps[0].place} can't be resolved: {gaps[0].reason}"
        return [_Said(None, "endpoint", "", reason)]
    partly = next((note.place.file for note in after.notices if note.kind == "budget" and note.place), None)
    if partly is not None:
        return [_Said(None, "endpoint", "", f"it is not found, and {partly} is followed only in part")]
    faults = {(note.kind, note.message, note.place) for note in before.notices}
    for note in after.notices:
        in_file = note.place is not None and note.place.file == endpoint.file and note.kind != "no-endpoint"
        if in_file and (note.kind, note.message, note.place) not in faults:
            return [
                _Said(None, "endpoint", "", f"it is not found, and {endpoint.file} is not understood: {note.message}")
            ]
    return [_Said("endpoint-removed", "endpoint", "", "it is not answered any more")]


def _conditional(old: Endpoint, new: Endpoint) -> Iterator[_Said]:
    if new.condition and new.condition != old.condition:
        yield _Said(None, "endpoint", "", f"it is only there if {new.condition}")


def _told(said: Sequence[_Said], endpoint: Endpoint | Operation) -> Iterator[Break | Undecided]:
    is_documented = isinstance(endpoint, Operation)
    place = endpoint.method, endpoint.path
    for each in said:
        at = endpoint.file, endpoint.line
        if each.kind is None:
            yield Undecided(*place, each.part, each.field, each.text, *at, is_documented, endpoint.backend)
        else:
            yield Break(each.kind, *place, each.part, each.field, each.text, *at, is_documented, endpoint.backend)


# Documentation


def _of_operations(before: AuditResult, after: AuditResult) -> Iterator[Break | Undecided]:
    found = pair(before.operations, after.operations, _operation, _operation)
    documents = {each.specification for each in after.operations}
    missing: set[str] = set()
    for old in found.gone:
        if _is_answered_by(old, after):
            continue
        if old.specification in documents:
            yield from _told([_Said("operation-removed", "endpoint", "", "it is not documented any more")], old)
        elif old.specification not in missing:
            missing.add(old.specification)
            reason = f"{old.specification}, which documents it, is gone or can't be read"
            yield from _told([_Said(None, "endpoint", "", reason)], old)
    for old, new in found.pairs:
        yield from _told(list(_compared(old.contract, new.contract)), new)


def _operation(operation: Operation) -> tuple[str, str, object]:
    return operation.specification, operation.method, segments_of(operation.path)


def _is_answered_by(operation: Operation, after: AuditResult) -> bool:
    """Whether an endpoint still answers it, documented or not; then clients notice nothing."""
    return any(
        each.reached and each.method in {operation.method, "ALL"} and each.identity in operation.endpoints
        for each in after.endpoints
    )


# Contracts


def _compared(before: Contract, after: Contract) -> Iterator[_Said]:
    for part in PARTS:
        yield from _accepted(part, getattr(before, part), getattr(after, part))
    yield from _answers(before, after)


def _accepted(part: RequestPart, before: Accepted, after: Accepted) -> Iterator[_Said]:
    if before == after or after.status in {"none", "not-read"}:
        return
    if after.status == "unknown" or before.status == "unknown":
        if before.digest != after.digest or before.status != after.status:
            yield _Said(None, part, "", after.reason or before.reason)
        return
    if before.status == "none":
        yield _Said(None, part, "", "no schema said before what it accepts")
        return
    old = {field.path: field for field in before.fields}
    new = {field.path: field for field in after.fields}
    has_changed = before.digest != after.digest
    if has_changed and (after.reason or before.reason):
        yield _Said(None, part, "", after.reason or before.reason)
    yield from _gone(part, old, new)
    for path, field in new.items():
        yield from _of_field(part, path, field, old, has_changed=has_changed, is_new_part=before.status == "not-read")


def _gone(part: RequestPart, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[_Said]:
    """Fields that are refused where they were accepted."""
    for path in old:
        parent = new.get(parent_of(path)) if path else None
        if path and path not in new and parent is not None and parent.is_closed and not path.endswith(ELEMENTS):
            yield _Said("field-refused", part, path, "is refused, as all fields that are not named")


def _of_field(  # noqa: PLR0913 - both sides, and what is known of the part
    part: RequestPart, path: str, new: Field, fields: Mapping[str, Field], *, has_changed: bool, is_new_part: bool
) -> Iterator[_Said]:
    old = fields.get(path)
    if old is None:
        is_known = is_new_part and "." not in path and ELEMENTS not in path
        if new.is_required and (is_known or _is_open_to(path, fields)):
            yield _Said("required-field-added", part, path, "is new and required")
        return
    if (old.reason or new.reason) and has_changed:
        yield _Said(None, part, path, new.reason or old.reason)
    if old.alternatives != new.alternatives:
        yield from _of_alternatives(part, path, old, new)
    if new.is_required and old.is_required is False:
        yield _Said("field-made-required", part, path, "is required now")
    if new.is_closed and not old.is_closed and old.types is not None and "object" in old.types:
        yield _Said("further-fields-refused", part, path, "takes no fields any more that are not named")
    yield from _narrowed(part, path, old, new)


def _of_alternatives(part: RequestPart, path: str, old: Field, new: Field) -> Iterator[_Said]:
    """One of several schemas: what one of them has accepted must be accepted by one of those of now."""
    lost = [option for option in old.options if option not in new.options]
    if old.options and new.options and not lost:
        return
    tag = _tag((*old.options, *new.options)) if old.options and new.options else None
    if tag is None:
        yield _Said(None, part, path, _CHANGED_SCHEMAS)
        return
    later = {_value(option, tag): {field.path: field for field in option} for option in new.options}
    for option in lost:
        value, earlier = _value(option, tag), {field.path: field for field in option}
        if value not in later:
            yield _Said("value-removed", part, tag, f"does not take {value} any more")
            continue
        said = [*_gone(part, earlier, later[value])]
        for each, field in later[value].items():
            said += _of_field(part, each, field, earlier, has_changed=True, is_new_part=False)
        yield from (each._replace(text=f"{each.text}, where {tag} is {value}") for each in said)


def _tag(options: Sequence[Sequence[Field]]) -> str | None:
    """The field whose one value tells each of several schemas from the others of its side."""
    shared = set.intersection(*({field.path for field in option if _is_tag(field)} for option in options))
    return min(shared, default=None)


def _is_tag(field: Field) -> bool:
    return field.values is not None and len(field.values) == 1 and field.is_required is not False


def _value(option: Sequence[Field], tag: str) -> str:
    return next(field.values[0] for field in option if field.path == tag and field.values)


def _is_open_to(path: str, fields: Mapping[str, Field]) -> bool:
    """Whether something was sent above it that had no such field."""
    if not path:
        return False
    parent = fields.get(parent_of(path))
    return parent is not None and not path.endswith(ELEMENTS)


def _narrowed(part: RequestPart, path: str, old: Field, new: Field) -> Iterator[_Said]:
    if old.types is None or new.types is None:
        if old.types != new.types and not (old.reason or new.reason):
            yield _Said(None, part, path, "its type can't be seen")
    elif not _fits(old.types, new.types):
        yield _Said("type-narrowed", part, path, f"took {_listed(old.types)} and takes {_listed(new.types)} now")
    if new.values is not None:
        if old.values is None:
            yield _Said("value-removed", part, path, f"takes {_some(new.values)} only")
        elif lost := [value for value in old.values if value not in new.values]:
            yield _Said("value-removed", part, path, f"does not take {_some(lost)} any more")
    yield from _bounded(part, path, old, new)
    yield from _checked(part, path, old, new)


def _fits(wanted: Sequence[str], accepted: Sequence[str]) -> bool:
    allowed = {*accepted, *(["integer"] if "number" in accepted else [])}
    return ANY in allowed or set(wanted) <= allowed


def _bounded(part: RequestPart, path: str, old: Field, new: Field) -> Iterator[_Said]:
    earlier = {bound.kind: bound for bound in old.bounds}
    dropped = sorted(check for check in old.checks if check not in new.checks)
    for bound in new.bounds:
        known = earlier.get(bound.kind)
        words = f"must have {_BOUND_WORDS[bound.kind]} {_number(bound)}"
        if known is None and dropped:  # which may well have asked for the same
            yield _Said(None, part, path, f"{words}, in place of {dropped[0].partition(_OPAQUE)[0]}")
        elif known is None or (known != bound and tightest(known, bound) == bound):
            was = f", where it was {_number(known)}" if known is not None else ""
            yield _Said("limit-tightened", part, path, f"{words}{was}")


def _number(bound: Bound) -> str:
    return f"{bound.limit:g}{' (excluded)' if bound.is_exclusive else ''}"


def _checked(part: RequestPart, path: str, old: Field, new: Field) -> Iterator[_Said]:
    earlier = {check.partition(_OPAQUE)[0] for check in old.checks}
    for check in new.checks:
        name, separator, pattern = check.partition(_OPAQUE)
        if check in old.checks:
            continue
        if not separator:
            yield _Said("check-added", part, path, f"must be: {name}")
        elif name in _NAMED and name not in earlier:
            yield _Said("check-added", part, path, f"must match {pattern}")
        else:
            yield _Said(None, part, path, f"{name} checks it, or checks it otherwise, and may refuse more")


# Answers


def _answers(before: Contract, after: Contract) -> Iterator[_Said]:
    """Answers when all goes well: what was always there must stay."""
    if (before.answers, before.unseen_answers, before.answers_digest) == (
        after.answers,
        after.unseen_answers,
        after.answers_digest,
    ):
        return
    later = {each.status: {field.path: field for field in each.fields} for each in after.answers}
    is_seen = not after.unseen_answers and bool(after.answers)
    for sent in before.answers:
        fields = later.get(sent.status)
        if fields is None and is_seen and not before.unseen_answers:
            yield _Said("answer-removed", "answer", "", f"does not answer with {sent.status} any more")
        said = (each for field in sent.fields if fields and is_seen for each in _answered(field, fields))
        yield from dict.fromkeys(said)
    if after.unseen_answers or before.unseen_answers:
        yield _Said(None, "answer", "", after.unseen_answers or before.unseen_answers)
    elif before.answers and not after.answers:
        yield _Said(None, "answer", "", "nothing says any more what it answers")


def _answered(old: Field, fields: Mapping[str, Field]) -> Iterator[_Said]:
    """What has become of a field of an answer."""
    new = fields.get(old.path)
    if new is None:
        yield from _no_longer_answered(old, fields.get(parent_of(old.path)))
        return
    if old.is_required and new.is_required is False:
        yield _Said("answer-field-made-optional", "answer", old.path, "is not always sent any more")
    if old.types is not None and new.types is not None and not _fits(new.types, old.types):
        text = f"was {_listed(old.types)} and is {_listed(new.types)} now"
        yield _Said("answer-type-widened", "answer", old.path, text)
    if old.alternatives != new.alternatives and not (new.options and set(new.options) <= set(old.options)):
        yield _Said(None, "answer", old.path, _CHANGED_SCHEMAS)
    elif new.reason and new.reason != old.reason:
        yield _Said(None, "answer", old.path, new.reason)


def _no_longer_answered(old: Field, parent: Field | None) -> Iterator[_Said]:
    """A field that is not found any more; what stands above it may be gone too, which is told there."""
    if parent is None or old.path.endswith(ELEMENTS):
        return
    if parent.types is not None and "object" not in parent.types:
        return  # told as another type
    if parent.reason or (parent.path and parent.types is None):
        yield _Said(None, "answer", parent.path, parent.reason or "what it holds can't be seen any more")
    else:
        yield _Said("answer-field-removed", "answer", old.path, "is not sent any more")


_MOST = 6


def _some(values: Sequence[str]) -> str:
    more = f" and {len(values) - _MOST} more" if len(values) > _MOST else ""
    return ", ".join(values[:_MOST]) + more


def _listed(types: Sequence[str]) -> str:
    return " or ".join(types) or "nothing"
