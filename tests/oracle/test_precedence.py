"""Which of two routes answers, asked of Express itself: what `medpro_audit.model.precedence` is built on."""

import pytest

from model.precedence_cases import HEAD, SERVED, SERVED_BY_4, SHADOWED, TAIL
from oracle.fixtures import ExpressVersion, Probe
from oracle.serving import Program, server

_REQUEST = Probe("GET", "/doctors/search", "handled", "params")
_CASES = [(text, "first") for text in SHADOWED.values()] + [(text, "second") for text in SERVED.values()]
_OF_4: list[tuple[ExpressVersion, str, str]] = [(4, text, "second") for text in SERVED_BY_4.values()]
_ALL: list[tuple[ExpressVersion, str, str]] = [(4, *case) for case in _CASES] + [(5, *case) for case in _CASES] + _OF_4


@pytest.mark.node
@pytest.mark.parametrize(("version", "source", "answer"), _ALL)
def test_the_first_route_that_takes_a_request_answers_it(version: ExpressVersion, source: str, answer: str) -> None:
    """In either version."""
    [run] = server(version).runs(Program({"server.js": HEAD + source + TAIL}, "server.js", probes=(_REQUEST,)))
    assert [probe.body for probe in run.probes] == [answer]
