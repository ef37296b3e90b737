"""What differs between a running application and its extraction, in readable lines."""

from collections.abc import Iterable

from oracle.rows import Handler, Middleware, Part, Row, normal_path


def compare(expected: Iterable[Row], found: Iterable[Row]) -> list[str]:
    """Return what differs between the running application and the extraction, a readable line each."""
    wanted, got = _by_identity(expected), _by_identity(found)
    identities = wanted.keys() | got.keys()
    return sorted(line for one in identities for line in _compare_group(wanted.get(one, []), got.get(one, [])))


def _by_identity(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.identity, []).append(row)
    return found


def _compare_group(wanted: list[Row], got: list[Row]) -> list[str]:
    """Compare registrations of the same method and path: those at the same place first, then in order."""
    left = list(got)
    pairs: list[tuple[Row, Row | None]] = []
    for row in wanted:
        same = next((one for one in left if _same_registration(one, row)), None)
        if same:
            left.remove(same)
        pairs.append((row, same))
    differences = [f"extra: {row.identity} at {row.place}" for row in left[sum(not two for _, two in pairs) :]]
    for row, one in pairs:
        other = one or (left.pop(0) if left else None)
        differences += _compare_rows(row, other) if other else [f"missing: {row.identity} at {row.place}"]
    return differences


def _same_registration(found: Row, wanted: Row) -> bool:
    same_application = found.application is None or found.application == wanted.application
    return found.place == wanted.place and same_application


def _compare_rows(wanted: Row, got: Row) -> list[str]:
    said: list[str] = []
    if got.place != wanted.place:
        said.append(f"place is {wanted.place}, found {got.place}")
    if got.mounted != wanted.mounted:
        said.append(f"mounted is {wanted.mounted}, found {got.mounted}")
    if wanted.conditional is not None and bool(got.conditional) != wanted.conditional:
        said.append(f"conditional is {wanted.conditional}, found {got.conditional}")
    if wanted.handler.file and (wanted.handler.file, wanted.handler.line) != (got.handler.file, got.handler.line):
        said.append(f"handler is {_where(wanted.handler)}, found {_where(got.handler)}")
    inherited = got.inherited
    if wanted.conditional:  # it may not have been registered when the others were
        inherited = tuple(
            one for one in inherited if not one.conditional or any(_alike(two, one) for two in wanted.inherited)
        )
    expected = _without(wanted.inherited, got.inactive_middleware)
    said += _compare_chains("chain", expected, inherited, with_place=True)
    said += _compare_chains("own middleware", wanted.own, got.own, with_place=False)
    return [f"{wanted.identity}: {line}" for line in said]


def _without(wanted: tuple[Middleware, ...], inactive: tuple[Middleware, ...]) -> tuple[Middleware, ...]:
    """What is left to be found among the active: of those that only some runs had, not what is inactive by default."""
    left = list(wanted)
    for one in inactive:
        match = next(
            (two for two in left if two.conditional and _alike(two, one) and two.name in {None, one.name}), None
        )
        if match:
            left.remove(match)
    return tuple(left)


def _compare_chains(
    title: str, wanted: tuple[Middleware, ...], got: tuple[Middleware, ...], *, with_place: bool
) -> list[str]:
    """Compare in order; what the oracle has no name for takes any name."""
    if len(wanted) == len(got) and all(_same(one, two, with_place) for one, two in zip(wanted, got, strict=True)):
        return []
    rest = list(got)
    missing: list[Middleware] = []
    for one in wanted:
        match = next((two for two in rest if _same(one, two, with_place)), None)
        if match:
            rest.remove(match)
        else:
            missing.append(one)
    if not missing and not rest:
        return [f"{title} is in the order {_names(wanted)}, found {_names(got)}"]
    return [f"{title} lacks {_where(one)}" for one in missing] + [f"{title} has {_where(one)} too many" for one in rest]


def _same(wanted: Middleware, got: Middleware, with_place: bool) -> bool:
    if wanted.name is not None and wanted.name != got.name:
        return False
    if not with_place:
        return True
    # Which of several that it has no names for are conditional, the oracle can't tell.
    return _alike(wanted, got) and (wanted.name is None or got.conditional or not wanted.conditional)


def _alike(wanted: Middleware, got: Middleware) -> bool:
    """The same ``use()`` call."""
    same_place = (wanted.file, wanted.line, wanted.scope) == (got.file, got.line, got.scope)
    return same_place and normal_path(wanted.mount) == normal_path(got.mount)


def _names(chain: tuple[Middleware, ...]) -> str:
    return ", ".join(one.name or "?" for one in chain)


def _where(one: Middleware | Handler) -> str:
    scope = f", {one.scope}, {one.mount}" if isinstance(one, Middleware) else ""
    return f"{one.name or '?'} ({one.file}:{one.line}{scope}{', conditional' * getattr(one, 'conditional', False)})"


def compare_validation(expected: dict[str, dict[str, Part]], found: Iterable[Row]) -> list[str]:
    """Return where the extraction's verdict on a request part is not the stated one."""
    got = _by_identity(found)
    differences = [f"not stated in expected.json: {identity}" for identity in got.keys() - expected.keys()]
    for identity, parts in expected.items():
        for row in got.get(identity, []):
            for part, wanted in parts.items():
                verdict = row.validation.get(part, Part("absent"))
                if not _same_verdict(wanted, verdict):
                    differences.append(f"{identity}: {part} is {_verdict(wanted)}, found {_verdict(verdict)}")
    return sorted(differences)


def _same_verdict(wanted: Part, got: Part) -> bool:
    if wanted.status == "!validated":
        return got.status != "validated" or got.by not in (None, "zod")
    same_library = wanted.by is None or wanted.by == got.by
    return wanted.status == got.status and same_library and sorted(wanted.uncovered) == sorted(got.uncovered)


def _verdict(part: Part) -> str:
    uncovered = f" without {', '.join(part.uncovered)}" if part.uncovered else ""
    return f"{part.status.replace('!', 'not ')}{f' by {part.by}' if part.by else ''}{uncovered}"
