"""The effective configuration, the schema and the first configuration."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpro_audit.adapters.config import LoadedConfig, load_config
from medpro_audit.adapters.config_check import leaf_keys
from medpro_audit.adapters.config_rendering import render_effective
from medpro_audit.adapters.config_schema import config_schema
from medpro_audit.core.config import Config, DatabaseConfig, GateConfig, RulesConfig, ScanConfig
from medpro_audit.core.finding import SEVERITIES
from medpro_audit.model.subjects import Role

Plant = Callable[[Mapping[str, str | bytes]], Path]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WORDS = st.tuples() | st.tuples(TEXT.filter(bool)) | st.just(("x" * 60, "y" * 60))
CONFIGS = st.builds(
    Config,
    scan=st.builds(ScanConfig, max_files=st.integers(1, 1_000_000)),
    database=st.builds(DatabaseConfig, canonical=TEXT.filter(bool), port=st.none() | st.integers(1, 65535)),
    middleware=st.dictionaries(TEXT, st.just(("csrf", "cors")), max_size=3),
    rules=st.builds(
        RulesConfig, packs=WORDS, disable=WORDS, severity=st.dictionaries(TEXT, st.sampled_from(SEVERITIES), max_size=3)
    ),
    gate=st.none()
    | st.builds(
        GateConfig,
        fail_on=st.none() | st.sampled_from(SEVERITIES),
        minimum=st.dictionaries(st.just("security"), st.floats(0, 100)),
        min_parsed=st.floats(0, 100),
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(CONFIGS)
def test_effective_configuration_loads_back(tmp_path: Path, config: Config) -> None:
    """What is printed may be saved as a configuration, and gives the same again."""
    (tmp_path / "medpro-audit.toml").write_text(render_effective(LoadedConfig(config, None, {})), encoding="utf-8")
    assert load_config(tmp_path).config == config


def test_effective_configuration_says_where_values_come_from(plant: Plant) -> None:
    """Every value has its origin behind it; what is not set is shown by an example."""
    text = "[database]\nport = 3307\n[middleware]\nhelmet = ['security-headers']\n[gate.minimum]\nsecurity = 90\n"
    lines = render_effective(load_config(plant({"medpro-audit.toml": text}))).splitlines()
    assert "port = 3307  # from medpro-audit.toml:2" in lines
    assert 'helmet = ["security-headers"]  # from medpro-audit.toml:4' in lines
    assert "security = 90.0  # from medpro-audit.toml:6" in lines
    assert "max-files = 50000  # default" in lines
    assert '# logger = "src/utils/logger.js"' in lines
    assert "[gate]" in lines
    assert "# [rules.severity]" in lines


def test_every_key_is_shown_and_documented() -> None:
    """The printed configuration mentions each key; the schema describes each."""
    rendered = render_effective(LoadedConfig(Config(), None, {}))
    definitions = config_schema()["$defs"]
    assert isinstance(definitions, dict)
    for key in leaf_keys():
        assert f"\n{key[-1]} = " in rendered or f"# {key[-1]} = " in rendered or f"[{'.'.join(key)}]" in rendered
    for definition in definitions.values():
        assert all(described["description"] for described in definition["properties"].values())


@pytest.mark.parametrize(
    ("document", "is_valid"),
    [
        ({}, True),
        ({"scan": {"exclude": ["x"]}, "gate": {"fail-on": "error", "minimum": {"security": 50}}}, True),
        ({"middleware": {"helmet": ["security-headers"]}}, True),
        ({"middleware": {"helmet": ["security-header"]}}, False),
        ({"scan": {"exlude": []}}, False),
        ({"gate": {"minimum": {"speed": 50}}}, False),
        ({"database": {"port": 0}}, False),
    ],
)
def test_schema_agrees_with_the_check(document: object, *, is_valid: bool) -> None:
    """An editor accepts what loading accepts."""
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid(document) is is_valid


def test_schema_is_the_same_each_time() -> None:
    """Same types, same bytes."""
    assert json.dumps(config_schema()) == json.dumps(config_schema())
    assert "$comment" not in json.dumps(config_schema())
    assert all(role in json.dumps(config_schema()) for role in get_args(Role))
