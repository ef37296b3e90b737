"""What rules can ask about is read from the types of the subjects."""

import pytest

from medpro_audit.model.subjects import SUBJECTS, Connection, Endpoint, EnvironmentValue
from medpro_audit.rules.attributes import Shape, attributes_of, shape_of
from rules.builders import build


def test_fields_structures_and_properties_are_attributes() -> None:
    """A dot leads into a structure; properties count by their return type."""
    attributes = attributes_of(Endpoint)
    assert attributes["method"].shape == Shape(scalars=(str,))
    assert attributes["validation.body.status"].shape.choices == ("validated", "missing", "not-read", "unknown")
    assert attributes["validation.body.by"].shape == Shape(scalars=(str,), optional=True)
    assert attributes["identity"].shape.has_text
    item = attributes["roles"].shape.item
    assert item is not None
    assert "validation" in item.choices


def test_an_attribute_has_the_documentation_of_its_field() -> None:
    """Docstrings under fields and of properties are what editors and the documentation show."""
    attributes = attributes_of(Endpoint)
    assert attributes["method"].doc == "Upper case; ``ALL`` for ``all()`` and for ``use()``."
    assert attributes["validation.query.uncovered"].doc == "Fields that are read and that the schema does not cover."
    assert attributes["roles"].doc == "Roles of all middleware in effect, sorted."


def test_every_subject_can_be_asked_and_placed() -> None:
    """Each kind has only attributes that rules understand, and those by which it is placed and recognised."""
    for declared in SUBJECTS.values():
        assert {"file", "line", "backend", "identity", "trail"} <= set(attributes_of(declared))


def test_a_value_that_may_be_a_structure_is_read_with_care() -> None:
    """Reading into a union yields nothing where there is a plain value or nothing."""
    read = attributes_of(Connection)["port.env"].read
    assert read(build.connection(port=EnvironmentValue("DB_PORT"))) == "DB_PORT"
    assert read(build.connection(port=3306)) is None
    assert read(build.connection(port=None)) is None


@pytest.mark.parametrize(
    ("value", "admitted"),
    [("x", True), (3, True), (True, False), (None, False), (1.5, False)],
)
def test_a_union_admits_the_values_of_its_members(value: object, admitted: bool) -> None:
    """Text and whole numbers are what ``str | int | None`` can be; a boolean is no number."""
    assert shape_of(str | int | None).admits(value) is admitted


def test_a_type_that_rules_can_not_ask_about_is_our_own_fault() -> None:
    """A dictionary has no attributes; a subject with one fails when it is first looked at."""
    with pytest.raises(TypeError, match="can't ask"):
        shape_of(dict[str, str])
