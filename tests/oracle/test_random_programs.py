"""Programs that nobody has written: random ones, booted under Express and compared with what is extracted."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

import oracle
from medpro_audit.pipeline import model_of, open_project
from medpro_audit.reporters.endpoints import render_endpoints_json
from oracle.programs import programs
from oracle.running import merged
from oracle.serving import Program, server

_PROGRAMS = 100
"""Of each version of Express."""


def _extracted(program: Program) -> list[oracle.Row]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in program.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        with model_of(open_project(folder)) as builder:
            repository = builder.build()
        return oracle.extracted(render_endpoints_json(repository.endpoints, repository.unresolved_routes).encode())


@pytest.mark.node
@pytest.mark.parametrize("version", oracle.VERSIONS)
def test_random_programs(version: oracle.ExpressVersion, pytestconfig: pytest.Config) -> None:
    """Method, path, place, chain and handler: the same programs each time, or as many others as are asked for."""
    asked: int | None = pytestconfig.getoption("random_programs")

    @settings(
        max_examples=asked or _PROGRAMS,
        derandomize=asked is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(programs(version))
    def agrees(program: Program) -> None:
        note(program.listing)
        running = merged(server(version).runs(program))
        assert [row.identity for row in running if not row.reached] == []
        assert oracle.compare(running, _extracted(program)) == []

    agrees()
