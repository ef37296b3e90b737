"""``medpro-audit consistency``."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from cli.conftest import Cli

Project = Callable[[Mapping[str, str | bytes]], Path]


def test_a_file_that_is_held_up_as_good_sets_the_pattern(cli: Cli, example: Path) -> None:
    """All of its own endpoints follow, and every other route file stands beside it."""
    done = cli("consistency", example, "--like", "routes/patientRoutes.js", "-f", "json")
    assert (done.code, done.err) == (0, "")
    (backend,) = json.loads(done.out)["backends"]
    assert (backend["source"], backend["like"]) == ("like", "routes/patientRoutes.js")
    assert {"router", "authentication", "validation", "wrapper", "controller", "service"} <= set(backend["elements"])
    shares = {each["file"]: (each["conforming"], each["endpoints"]) for each in backend["files"]}
    assert shares["routes/patientRoutes.js"] == (7, 7)
    assert shares["routes/billingRoutes.js"] == (0, 6)


def test_the_file_may_be_named_from_where_one_is(cli: Cli, example: Path) -> None:
    """As a shell completes it."""
    done = cli("consistency", example, "--like", example / "routes" / "patientRoutes.js")
    assert done.code == 0
    assert done.out.startswith("Pattern: what most endpoints of routes/patientRoutes.js have\n")


def test_unasked_the_best_route_file_is_the_example(cli: Cli, example: Path) -> None:
    """And it is said that it was chosen."""
    out = cli("consistency", example).out
    assert " ".join(out.split()).startswith(
        "Pattern: what most endpoints of routes/patientRoutes.js have, the route file"
    )
    assert all(len(line) <= 80 for line in out.splitlines())


def test_a_file_that_registers_nothing_is_refused(cli: Cli, example: Path) -> None:
    """With the file that is meant."""
    done = cli("consistency", example, "--like", "routes/patientRoute.js")
    assert (done.code, done.out) == (2, "")
    assert 'routes/patientRoute.js registers no endpoint; did you mean "routes/patientRoutes.js"?' in done.err


def test_a_configured_pattern_is_measured(cli: Cli, project: Project) -> None:
    """And ``--like`` stands in for it."""
    route = "app.post('/a', (req, res) => res.json(kept.push(req.body)));"
    server = f"const app = require('express')(), kept = [];\n{route}\napp.listen(1);\n"
    folder = project({"server.js": server, "medpro-audit.toml": '[consistency]\npattern = ["router"]\n'})
    (backend,) = json.loads(cli("consistency", folder, "-f", "json").out)["backends"]
    assert (backend["source"], backend["elements"], backend["conforming"]) == ("configured", ["router"], 0)
    out = cli("consistency", folder, "--like", "server.js", "-f", "json").out
    assert json.loads(out)["backends"][0]["source"] == "like"


def test_an_unknown_element_is_refused(cli: Cli, project: Project) -> None:
    """With the place in the configuration."""
    done = cli("consistency", project({"medpro-audit.toml": '[consistency]\npattern = ["rooter"]\n'}))
    assert done.code == 2
    assert "medpro-audit.toml" in done.err
