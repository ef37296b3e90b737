"""What is known of a repository before its databases are looked at."""

from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Struct

from medpro_audit.core.config import DatabaseConfig
from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.module_roles import ModuleRole
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.subjects import ImportGraph


class Surroundings(Struct, frozen=True):
    """The parts of the model that databases are built on."""

    inventory: Inventory
    files: Mapping[str, FileFacts]
    resolver: Resolver
    graph: ImportGraph
    roles: Mapping[str, ModuleRole]
    config: DatabaseConfig
    backend_of: Callable[[str], str]
    """Folder of the package that a file belongs to."""

    def importers(self) -> Counter[str]:
        """How many modules import each file, tests left out."""
        edges = {(source, target) for source, target, kind in self.graph.edges if kind == "import"}
        return Counter(target for source, target in edges if self.roles.get(source) != "test")
