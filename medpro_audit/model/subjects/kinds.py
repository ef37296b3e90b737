"""Which kinds of subject there are: one file each in this folder."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from msgspec import Struct


@cache
def subject_types() -> Mapping[str, type[Struct]]:
    """The type of each kind of subject, by the word that rules use, sorted."""
    names = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
    modules = {name.replace("_", "-"): import_module(f"{__package__}.{name}") for name in names}
    return {name: module.SUBJECT for name, module in modules.items() if hasattr(module, "SUBJECT")}
