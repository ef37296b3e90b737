"""Which endpoints somebody means: by method and path, by path, by a URL, or by the handler's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from medpro_audit.core.nearest import nearest_few
from medpro_audit.model.subjects import Endpoint

_SUGGESTED = 3


class Target(NamedTuple):
    """``METHOD /path``, a path alone, or the name of a handler."""

    method: str
    """Upper case; empty when none is given."""
    path: str
    """Empty for the name of a handler."""
    name: str

    @classmethod
    def of(cls, text: str) -> Target:
        """Read what was typed."""
        head, _, tail = text.strip().partition(" ")
        if tail.strip():
            return cls(head.upper(), tail.strip(), "")
        return cls("", head, "") if head.startswith(("/", "*")) else cls("", "", head)

    @property
    def shown(self) -> str:
        """As a reader would write it."""
        return " ".join(filter(None, (self.method, self.path, self.name)))

    def endpoints(self, endpoints: Sequence[Endpoint]) -> list[Endpoint]:
        """Those that are meant: as written, else but for letter case and names of parameters, else by a URL."""
        tests: tuple[Callable[[Endpoint], bool], ...] = (
            (self._is_exact, self._is_alike, self._answers)
            if self.path
            else (self._is_handler, self._ends_in_name, self._is_wrapper)
        )
        return next((found for test in tests if (found := [one for one in endpoints if test(one)])), [])

    def nearest(self, endpoints: Sequence[Endpoint]) -> list[str]:
        """What may be meant instead: other methods of the same path first, then what is spelt alike."""
        if not self.path:
            return nearest_few(self.name, {*_names(endpoints)}, _SUGGESTED)
        same = [one.identity for one in endpoints if _fits(one.path, self.path)]
        written = {one.identity if self.method else one.path for one in endpoints}
        return list(dict.fromkeys([*same, *nearest_few(self.shown, written, _SUGGESTED)]))[:_SUGGESTED]

    def _is_exact(self, endpoint: Endpoint) -> bool:
        return self.method in {"", endpoint.method} and endpoint.path == self.path

    def _is_alike(self, endpoint: Endpoint) -> bool:
        return self.method in {"", endpoint.method} and _normal(endpoint.path) == _normal(self.path)

    def _answers(self, endpoint: Endpoint) -> bool:
        return (not self.method or endpoint.method in {self.method, "ALL"}) and _fits(endpoint.path, self.path)

    def _is_handler(self, endpoint: Endpoint) -> bool:
        return endpoint.handler.name == self.name

    def _ends_in_name(self, endpoint: Endpoint) -> bool:
        return self.name.lower() in {name.lower() for name in _names([endpoint])}

    def _is_wrapper(self, endpoint: Endpoint) -> bool:
        wanted = self.name.lower()
        return any(wanted in {name.lower(), name.lower().rpartition(".")[2]} for name in endpoint.handler.wrappers)


def _names(endpoints: Sequence[Endpoint]) -> Iterator[str]:
    """Names of handlers, whole and without what they are a member of."""
    for endpoint in endpoints:
        if endpoint.handler.name and endpoint.handler.name != "<inline>":
            yield endpoint.handler.name
            yield endpoint.handler.name.rpartition(".")[2]


def _segments(path: str) -> list[str]:
    return [segment for segment in path.lower().split("/") if segment]


def _normal(path: str) -> list[str]:
    return [":" if segment.startswith(":") else segment for segment in _segments(path)]


def _fits(pattern: str, path: str) -> bool:
    """Whether a path, or a URL without its host, is one that a pattern of plain segments and parameters stands for."""
    want, have = _segments(pattern), _segments(path.partition("?")[0])
    return len(want) == len(have) and all(
        wanted == given or wanted.startswith(":") for wanted, given in zip(want, have, strict=True)
    )
