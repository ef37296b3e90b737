"""Docstrings under fields are their documentation."""

from msgspec import Struct

from medpro_audit.core.docstrings import attribute_docs


class _Base(Struct):
    """A base."""

    name: str
    """What it
    is called."""


class _Thing(_Base):
    """A thing."""

    size: int
    bare: int = 1
    weight: float = 1.0
    """In grams."""

    @property
    def is_heavy(self) -> bool:
        """It can't be carried."""
        return self.weight > 1


def test_fields_and_properties_of_all_bases_are_read() -> None:
    """On one line each; what has no docstring is left out."""
    assert attribute_docs(_Thing) == {
        "name": "What it is called.",
        "weight": "In grams.",
        "is_heavy": "It can't be carried.",
    }


def test_a_class_without_source_has_no_documentation() -> None:
    """What was made at run time works, undocumented."""
    assert attribute_docs(type("Made", (), {})) == {}
