"""Requests that are really sent: whether they show what a fixture states, and whether they were answered so."""

from collections.abc import Iterable, Mapping, Sequence

from oracle.fixtures import Probe
from oracle.rows import Part
from oracle.running import ProbeAnswer


def wrong_answers(probes: Sequence[Probe], answers: Sequence[ProbeAnswer]) -> list[str]:
    """Probes that were not answered as they should be, a readable line each."""
    return [
        f"{probe.method} {probe.path} {probe.body} should be {probe.expects}: {answer.status} {answer.body}"
        for probe, answer in zip(probes, answers, strict=True)
        if (400 <= answer.status < 500) != (probe.expects == "rejected") or answer.status >= 500
    ]


def unprobed(stated: Mapping[str, Mapping[str, Part]], probes: Iterable[Probe]) -> set[tuple[str, str]]:
    """Endpoints and parts that are stated as validated, and that no rejected request breaks."""
    validated = {
        (identity, part)
        for identity, parts in stated.items()
        for part, said in parts.items()
        if said.status == "validated"
    }
    rejected = [probe for probe in probes if probe.expects == "rejected"]
    return validated - {
        (identity, probe.part) for identity in stated for probe in rejected if _answers(identity, probe)
    }


def _answers(identity: str, probe: Probe) -> bool:
    """Whether a probe's method and path are those of an endpoint."""
    method, path = identity.split(" ")
    wanted, got = path.split("/"), probe.path.partition("?")[0].split("/")
    same_path = len(wanted) == len(got) and all(a.startswith(":") or a == b for a, b in zip(wanted, got, strict=True))
    return method == probe.method and same_path
