"""Finding, proving and explaining the configuration."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medpro_audit.adapters.config import LoadedConfig, load_config
from medpro_audit.adapters.config_check import find_faults
from medpro_audit.core.config import Config, GateConfig, ScanConfig
from medpro_audit.core.errors import ConfigurationError

Plant = Callable[[Mapping[str, str | bytes]], Path]

COMPLETE = """\
middleware."src/auth.js:requireLogin" = ["authentication"]
[scan]
exclude = [
  "legacy/",
]
max-files = 10
[database]
port = 3307
[rules.severity]
"zod/unvalidated-body" = "note"
[gate]
fail-on = "error"
minimum = { security = 100, code-quality = 89.5 }
"""


def problems(root: Path, explicit: Path | None = None) -> tuple[str, ...]:
    """Problems that loading finds."""
    with pytest.raises(ConfigurationError) as caught:
        load_config(root, explicit)
    return caught.value.problems


def test_without_a_file_everything_is_default(plant: Plant) -> None:
    """A repository that has never heard of us has the default configuration."""
    loaded = load_config(plant({"package.json": '{"name": "x"}', "pyproject.toml": "[tool.ruff]\n"}))
    assert (loaded.config, loaded.path) == (Config(), None)
    assert set(loaded.origins.values()) == {"default"}
    assert {"scan.include", "database.port", "middleware", "gate.fail-on"} < set(loaded.origins)


def test_values_and_where_they_come_from(plant: Plant) -> None:
    """Every key has its file and line; the others are defaults."""
    root = plant({"medpro-audit.toml": COMPLETE})
    loaded = load_config(root)
    assert loaded.path == root / "medpro-audit.toml"
    assert loaded.config.scan == ScanConfig(exclude=("legacy/",), max_files=10)
    assert loaded.config.database.port == 3307
    assert loaded.config.middleware == {"src/auth.js:requireLogin": ("authentication",)}
    assert loaded.config.rules.severity == {"zod/unvalidated-body": "note"}
    assert loaded.config.gate == GateConfig(fail_on="error", minimum={"security": 100.0, "code-quality": 89.5})
    assert {key: origin for key, origin in loaded.origins.items() if origin != "default"} == {
        "database.port": "medpro-audit.toml:8",
        "gate.fail-on": "medpro-audit.toml:12",
        "gate.minimum": "medpro-audit.toml:13",
        "gate.minimum.code-quality": "medpro-audit.toml:13",
        "gate.minimum.security": "medpro-audit.toml:13",
        "middleware": "medpro-audit.toml:1",
        'middleware."src/auth.js:requireLogin"': "medpro-audit.toml:1",
        "rules.severity": "medpro-audit.toml:9",
        'rules.severity."zod/unvalidated-body"': "medpro-audit.toml:10",
        "scan.exclude": "medpro-audit.toml:3",
        "scan.max-files": "medpro-audit.toml:6",
    }


SOURCES: dict[str, str | bytes] = {
    "medpro-audit.toml": "[database]\nport = 1\n",
    "pyproject.toml": "[project]\nname = 'x'\n[tool.medpro-audit]\ndatabase.port = 2\n",
    "package.json": '{"medpro-audit": {"database": {"port": 3}}}',
}


@pytest.mark.parametrize(
    ("names", "port", "origin"),
    [
        (["package.json", "pyproject.toml", "medpro-audit.toml"], 1, "medpro-audit.toml:2"),
        (["package.json", "pyproject.toml"], 2, "pyproject.toml:4"),
        (["package.json"], 3, "package.json"),
    ],
)
def test_order_of_sources(plant: Plant, names: list[str], port: int, origin: str) -> None:
    """The own file comes before the shared ones."""
    loaded = load_config(plant({name: SOURCES[name] for name in names}))
    assert (loaded.config.database.port, loaded.origins["database.port"]) == (port, origin)


def test_explicit_file_comes_first(plant: Plant) -> None:
    """What the caller names is read, whatever stands in the folder; a link may be named."""
    root = plant({**SOURCES, "ci/audit.toml": "[database]\nport = 4\n"})
    (root / "link.toml").symlink_to("ci/audit.toml")
    assert load_config(root, root / "ci/audit.toml").config.database.port == 4
    assert load_config(root, root / "link.toml").config.database.port == 4
    assert load_config(root, root / "pyproject.toml").config.database.port == 2
    assert load_config(root, root / "package.json").config.database.port == 3


def test_folders_above_are_searched_up_to_the_repository(plant: Plant) -> None:
    """The nearest file holds, with patterns relative to it; above the repository nothing is looked at."""
    root = plant({"medpro-audit.toml": "[database]\nport = 1\n", "repo/api/src/a.js": "", "repo/.git/HEAD": ""})
    assert load_config(root / "repo/api/src").path is None
    (root / "repo/package.json").write_text('{"medpro-audit": {"database": {"port": 5}}}')
    loaded = load_config(root / "repo/api/src")
    assert (loaded.config.database.port, loaded.patterns_from) == (5, "../..")
    assert loaded.origins["database.port"] == "../../package.json"


def test_outside_a_repository_only_the_folder_itself_is_searched(plant: Plant) -> None:
    """A stray file in some folder above doesn't reach down."""
    assert load_config(plant({**SOURCES, "api/a.js": ""}) / "api").path is None


def test_all_problems_at_once(plant: Plant) -> None:
    """Each names file, line and key, what is wrong, the nearest known word, and what to do."""
    text = """\
[scan]
exlude = []
max-files = "many"
include = ["ok", 3, "!", "a*b*c*d*e"]
[gate]
fail-on = "eror"
minimum = { code-quality = 120, testng = 10 }
[middleware]
jwt = ["authentification"]
cors = "cors"
[database]
max-depth = 2
port = true
canonical = ""
[rules]
severity = [1]
[scann]
[zzz]
"""
    assert problems(plant({"medpro-audit.toml": text})) == (
        'medpro-audit.toml:2: key scan.exlude: unknown key; nearest known key "scan.exclude"; correct or remove it',
        (
            "medpro-audit.toml:3: key scan.max-files: expected a whole number from 1 to 1,000,000, "
            'got "many"; correct it, or remove the key'
        ),
        (
            "medpro-audit.toml:4: key scan.include: item 2: expected text that is not empty, got 3; "
            "correct it, or remove the key"
        ),
        (
            'medpro-audit.toml:4: key scan.include: item 3: "!" can\'t be used: not a gitignore pattern; '
            "write it as a line of .gitignore"
        ),
        (
            'medpro-audit.toml:4: key scan.include: item 4: "a*b*c*d*e" can\'t be used: too many wildcards '
            "(at most 6, 3 between two slashes); write it as a line of .gitignore"
        ),
        'medpro-audit.toml:6: key gate.fail-on: "eror" is unknown; nearest known value "error"; correct or remove it',
        (
            "medpro-audit.toml:7: key gate.minimum.code-quality: expected a number from 0 to 100, got 120; "
            "correct it, or remove the key"
        ),
        (
            'medpro-audit.toml:7: key gate.minimum.testng: unknown key; nearest known key "gate.minimum.testing"; '
            "correct or remove it"
        ),
        (
            'medpro-audit.toml:9: key middleware.jwt: item 1: "authentification" is unknown; '
            'nearest known value "authentication"; correct or remove it'
        ),
        'medpro-audit.toml:10: key middleware.cors: expected a list, got "cors"; put it in [ ]',
        (
            'medpro-audit.toml:12: key database.max-depth: unknown key; nearest known key "scan.max-depth"; '
            "correct or remove it"
        ),
        (
            "medpro-audit.toml:13: key database.port: expected a whole number from 1 to 65,535, got true; "
            "correct it, or remove the key"
        ),
        (
            'medpro-audit.toml:14: key database.canonical: expected text that is not empty, got ""; '
            "correct it, or remove the key"
        ),
        "medpro-audit.toml:16: key rules.severity: expected a table, got a list; write [rules.severity] above its keys",
        'medpro-audit.toml:17: key scann: unknown key; nearest known key "scan"; correct or remove it',
        (
            "medpro-audit.toml:18: key zzz: unknown key; "
            f"known keys: {', '.join(sorted(Config.__struct_encode_fields__))}; correct or remove it"
        ),
    )


def test_problems_in_json_name_the_file(plant: Plant) -> None:
    """JSON has no line, the rest is the same; null is as good as absent."""
    text = json.dumps({"medpro-audit": {"database": {"port": "x"}, "gate": None}})
    assert problems(plant({"package.json": text})) == (
        (
            "package.json: key database.port: expected a whole number from 1 to 65,535, "
            'got "x"; correct it, or remove the key'
        ),
    )
    assert problems(plant({"package.json": '{"medpro-audit": 3}'})) == (
        "package.json: expected a table, got 3; write [scan] above its keys",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a = 1\nb =\n", "medpro-audit.toml:2: this is not TOML: invalid value; correct it"),
        ("a = [\n1,\n", "medpro-audit.toml:3: this is not TOML: invalid value; correct it"),
        (b"a = 1\nb = '\xff'", "medpro-audit.toml:2: this is not UTF-8, as TOML has to be; save it as UTF-8"),
        (f"a{'.a' * 100_000} = 1", "medpro-audit.toml:1: more than 100 dots in one line; break it up"),
        (f"a = {'[' * 100_000}", "medpro-audit.toml: nested too deeply; flatten it"),
        (
            " " * 1_000_001,
            "medpro-audit.toml: not read: it is larger than 1,000,000 bytes; mend it, or name another file by --config",
        ),
    ],
    ids=["syntax", "end", "encoding", "dots", "nesting", "size"],
)
def test_unreadable_toml(plant: Plant, content: str | bytes, problem: str) -> None:
    """A file that isn't TOML is an error with its place."""
    (found,) = problems(plant({"medpro-audit.toml": content}))
    assert found.lower() == problem.lower()


def test_file_without_permission(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """A configuration that can't be read is never taken for none."""
    root = plant({"medpro-audit.toml": ""})
    forbid(root / "medpro-audit.toml")
    (problem,) = problems(root)
    assert problem.startswith("medpro-audit.toml: not read: permission denied")


def test_folder_or_link_in_place_of_the_file(plant: Plant) -> None:
    """Nor is something that merely has its name; a link could lead anywhere."""
    root = plant({"medpro-audit.toml/x": ""})
    assert problems(root)[0].startswith("medpro-audit.toml: not read: ")
    root = plant({"api/x.toml": ""})
    (root / "api" / "medpro-audit.toml").symlink_to("x.toml")
    assert problems(root / "api")[0].startswith("medpro-audit.toml: not read: ")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("missing.toml", None, "missing.toml: there is no such file; check the path given by --config"),
        (
            "pyproject.toml",
            "",
            'pyproject.toml: it holds no "tool.medpro-audit"; add that table, or name another file by --config',
        ),
        ("package.json", "{\n1", "package.json:2: not read: malformed JSON"),
    ],
)
def test_explicit_file_that_is_no_configuration(plant: Plant, name: str, content: str | None, problem: str) -> None:
    """A file that the caller names has to be there and hold a configuration."""
    root = plant({} if content is None else {name: content})
    assert problem in problems(root, root / name)[0]


@pytest.mark.parametrize("content", ["{", "[", "\0", b"\xff\xfe", '{"medpro-audit"', "[tool.medpro-audit"])
@pytest.mark.parametrize("name", ["package.json", "pyproject.toml"])
def test_broken_shared_file_matters_only_when_it_may_hold_a_configuration(
    plant: Plant, name: str, content: str | bytes
) -> None:
    """A broken package.json doesn't prevent a scan, unless it speaks of us."""
    root = plant({name: content})
    if "medpro-audit" in str(content):
        assert problems(root)[0].startswith(f"{name}:1: ")
    else:
        assert load_config(root).path is None


TEXT = st.text(max_size=12)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(["error", "security", "csrf"])
KEYS = (
    st.sampled_from(["scan", "include", "gate", "minimum", "middleware", "rules", "severity", "port", "testing"]) | TEXT
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


@given(VALUES)
def test_whatever_has_no_fault_is_a_configuration(raw: object) -> None:
    """The check agrees with the types: what it lets pass converts, and what it refuses doesn't."""
    faults = find_faults(raw)
    try:
        msgspec.convert(raw, Config)
    except msgspec.ValidationError:
        assert faults
    else:
        assert all("can't be used" in fault.message or "is unknown" in fault.message for fault in faults)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet="scan.gte=[]{}\"'#\n 1-,\\", max_size=80) | st.binary(max_size=60))
@example('scan = { exclude = ["a"] }')
@example(b"\xef\xbb\xbf[scan]\r\nmax-files = 1\r\n")
def test_any_file_is_a_configuration_or_a_configuration_error(tmp_path: Path, content: str | bytes) -> None:
    """Nothing that stands in a file leads to another exception."""
    file = tmp_path / "medpro-audit.toml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with suppress(ConfigurationError):
        assert isinstance(load_config(tmp_path), LoadedConfig)
