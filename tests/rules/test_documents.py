"""What the command line prints for whoever writes rules."""

import json

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from medpro_audit.cli import group
from medpro_audit.model.subjects import SUBJECTS
from medpro_audit.rules.reference import render_reference
from medpro_audit.rules.schema import pack_schema, rule_schema


def printed(*arguments: str) -> str:
    """What ``medpro-audit rules`` prints."""
    result = CliRunner().invoke(group, ["rules", *arguments])
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"), [(("schema",), rule_schema()), (("schema", "--pack"), pack_schema())]
)
def test_the_schemas(arguments: tuple[str, ...], expected: dict[str, object]) -> None:
    """They are JSON Schemas that an editor can load, of rule files and of pack files."""
    found = json.loads(printed(*arguments))
    Draft202012Validator.check_schema(found)
    assert found == expected


def test_the_reference() -> None:
    """It is the whole reference, with each subject."""
    text = printed("reference")
    assert text == render_reference()
    assert all(f"## The subject `{kind}`" in text for kind in SUBJECTS)
