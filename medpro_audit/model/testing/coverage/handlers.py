"""How much of an endpoint's handler the tests run."""

from __future__ import annotations

from math import floor

from medpro_audit.model.evaluation.values import FunctionValue
from medpro_audit.model.known import Known
from medpro_audit.model.testing.coverage.reading import coverage


def handler_share(known: Known, index: int) -> float | None:
    """Share of the lines of a handler in percent; None where no report that fits tells.

    Args:
        known: The model.
        index: Place of the endpoint among all.
    """
    found = known.shared(coverage)
    handler = known.base.endpoints[index].handler
    file = found.files.get(handler.file) if handler.file is not None else None
    if file is None or file.fault is not None or not file.lines:
        return None
    passage = known.base.endpoint_builder.passage(known.base.rows[index]).found
    if passage is None or not isinstance(passage.value, FunctionValue):
        return None
    function = passage.value
    first, last = (function.module.facts.line_of(at) for at in (function.node.start, function.node.end))
    counts = [count for line, count in file.lines.items() if first <= line <= last]
    return floor(1000 * sum(count > 0 for count in counts) / len(counts)) / 10 if counts else None
