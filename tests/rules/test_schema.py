"""The JSON Schema of rule files says the same as the loader."""

from functools import cache

import pytest
import yaml
from jsonschema import Draft202012Validator

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.model.subjects import SUBJECTS
from medpro_audit.rules.attributes import attributes_of
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.operators import OPERATORS, operators_for
from medpro_audit.rules.schema import pack_schema, rule_schema
from rules.builders import RULE, pack_files


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(rule_schema())


def test_the_schemas_are_schemas() -> None:
    """They are valid themselves, and the same each time."""
    Draft202012Validator.check_schema(rule_schema())
    Draft202012Validator.check_schema(pack_schema())
    assert rule_schema() == rule_schema()


def test_every_shipped_file_fits() -> None:
    """Rules and packs that load are valid."""
    for path, content in read_packs().items():
        validator = Draft202012Validator(pack_schema()) if path.endswith("pack.yaml") else _validator()
        assert [error.message for error in validator.iter_errors(yaml.safe_load(content))] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"sevrity": "error"},
        {"severity": "bad"},
        {"severity": None},
        {"subject": "endpiont"},
        {"metric": "beauty"},
        {"where": "{read: {contains: body}}"},
        {"where": "{}"},
        {"where": "{all: []}"},
        {"where": "{reads: body}"},
        {"where": "{reads: {contains: bodi}}"},
        {"where": "{reads: {contain: body}}"},
        {"where": "{line: {gt: x}}"},
        {"where": "{mounted: 1}"},
        {"where": "{validation: {exists: true}}"},
        {"where": "{middleware: {some: {nam: x}}}"},
        {"require": "{validation.body.status: valid}"},
        {"require": None, "where": None},
        {"message": "3"},
        {"bad": "{}"},
        {"effort": "soon"},
        {"tags": "[cwe-x]"},
        {"query": "(x)"},
        {"subject": "syntax", "where": None},
        {"id": "bad-thing"},
    ],
)
def test_what_the_loader_refuses_does_not_fit(changes: dict[str, str | None]) -> None:
    """An editor underlines what would fail."""
    files = pack_files(**changes)
    assert list(_validator().iter_errors(yaml.safe_load(files["rules/demo/bad-thing.yaml"])))
    with pytest.raises(ConfigurationError):
        load_packs(files)


@pytest.mark.parametrize(
    "changes",
    [
        {"where": None},
        {"require": None},
        {"metric": "none"},
        {"where": "{any: [{method: GET}, {not: {path: {matches: '^/a'}}}]}"},
        {"where": "{method: [GET, HEAD], line: {gt: 1}}"},
        {"where": "{middleware: {some: {roles: {contains: authentication}, conditional: false}}}"},
        {"where": "{handler.file: {exists: true}}"},
    ],
)
def test_what_the_loader_takes_fits(changes: dict[str, str | None]) -> None:
    """An editor underlines nothing that works."""
    files = pack_files(**changes)
    load_packs(files)
    assert not list(_validator().iter_errors(yaml.safe_load(files["rules/demo/bad-thing.yaml"])))


def test_every_attribute_and_operator_is_in_the_schema() -> None:
    """It is computed from the same types and the same table."""
    definitions = rule_schema()["$defs"]
    assert isinstance(definitions, dict)
    for declared in SUBJECTS.values():
        testable = {name for name, each in attributes_of(declared).items() if operators_for(each.shape)}
        assert set(definitions[declared.__name__]["properties"]) == testable | {"all", "any", "not"}
    assert all(f"'{name}'" in str(definitions) for name in OPERATORS)
    assert yaml.safe_load(RULE)["id"] == "demo/bad-thing"
