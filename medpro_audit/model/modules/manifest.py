"""What a package.json says."""

import re
from collections.abc import Iterator

from msgspec import Struct

from medpro_audit.model.modules.jsonc import Json, as_object, as_table, as_text, as_texts
from medpro_audit.model.modules.paths import folder_of


class Manifest(Struct, frozen=True):
    """The fields of a package.json that steer resolution or start programs."""

    path: str
    """Of the package.json itself."""
    name: str = ""
    type: str = "commonjs"
    main: str = ""
    module: str = ""
    source: str = ""
    types: str = ""
    exports: Json = None
    """None when every file of the package can be imported."""
    imports: dict[str, Json] = {}
    bin: dict[str, str] = {}
    scripts: dict[str, str] = {}
    dependencies: dict[str, str] = {}
    """Version range by name: dependencies, peer and optional ones."""
    dev_dependencies: dict[str, str] = {}
    workspaces: tuple[str, ...] = ()
    """Globs over folders; those that begin with ``!`` take away."""
    aliases: dict[str, str] = {}
    """Folder by prefix, for the package ``module-alias``; of two prefixes that fit, the one it uses comes first."""

    node_path: tuple[str, ...] = ()
    """Folders that its scripts put on ``NODE_PATH``."""

    @property
    def folder(self) -> str:
        """The folder of the package."""
        return folder_of(self.path)

    def range_of(self, package: str) -> str | None:
        """The version range with which a package is declared; None when it isn't."""
        return self.dependencies.get(package, self.dev_dependencies.get(package))


_MAX_NODE_PATHS = 8
_NODE_PATH = re.compile(r"\bNODE_PATH=[\"']?([^\s\"']+)")
_RUNTIME = ("peerDependencies", "optionalDependencies", "dependencies")


def manifest_of(path: str, fields: dict[str, Json]) -> Manifest:
    """Take the known fields of a package.json; a field of another shape counts as absent."""
    bin_field = fields.get("bin")
    workspaces = fields.get("workspaces")
    scripts = as_table(fields.get("scripts"))
    return Manifest(
        path=path,
        name=as_text(fields.get("name")),
        type="module" if fields.get("type") == "module" else "commonjs",
        main=as_text(fields.get("main")),
        module=as_text(fields.get("module")),
        source=as_text(fields.get("source")),
        types=as_text(fields.get("types")) or as_text(fields.get("typings")),
        exports=fields.get("exports"),
        imports=as_object(fields.get("imports")),
        bin={"": bin_field} if isinstance(bin_field, str) else as_table(bin_field),
        scripts=scripts,
        dependencies={name: ranges for key in _RUNTIME for name, ranges in as_table(fields.get(key)).items()},
        dev_dependencies=as_table(fields.get("devDependencies")),
        workspaces=as_texts(as_object(workspaces).get("packages") if isinstance(workspaces, dict) else workspaces),
        aliases=dict(sorted(as_table(fields.get("_moduleAliases")).items(), reverse=True)),
        node_path=tuple(dict.fromkeys(_node_path(scripts)))[:_MAX_NODE_PATHS],
    )


def _node_path(scripts: dict[str, str]) -> Iterator[str]:
    for script in scripts.values():
        for found in _NODE_PATH.finditer(script):
            yield from (folder for folder in re.split("[:;]", found[1]) if folder and not folder.startswith(("/", "$")))
