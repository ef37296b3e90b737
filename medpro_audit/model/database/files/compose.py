"""Compose files: services that run a database, and variables by which other services look for one elsewhere.

https://docs.docker.com/reference/compose-file/services/#ports
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from medpro_audit.core.notice import Notice
from medpro_audit.core.yaml_nodes import entries_of, items_of, line_of, read_node, text_of
from medpro_audit.model.database.families import DEFAULT_PORTS, Family, family_of
from medpro_audit.model.database.files.env import Variable, databases_of, environment_of, expanded
from medpro_audit.model.database.files.outside import Outside, port_of, shown

if TYPE_CHECKING:
    import yaml

_PORT = re.compile(r"(?:.*:)?(?P<published>\d+):(?P<target>\d+)(?:/\w+)?")
_DATABASES = ("MYSQL_DATABASE", "MARIADB_DATABASE", "POSTGRES_DB", "POSTGRESQL_DATABASE", "MONGO_INITDB_DATABASE")
_MAX_SERVICES = 500


def read_compose(path: str, content: bytes, variables: Mapping[str, str]) -> list[Outside] | Notice:
    """Databases that a Compose file speaks of; ``variables`` are those of the ``.env`` file beside it."""
    root = read_node(path, content)
    if isinstance(root, Notice):
        return root
    services = entries_of(entries_of(root).get("services"))
    environment = environment_of(path)
    found: list[Outside] = []
    for name, service in list(services.items())[:_MAX_SERVICES]:
        databases = _service(name, entries_of(service), services, variables)
        found.extend(replace(database, environment=database.environment or environment) for database in databases)
    return found


def _service(
    name: str, fields: Mapping[str, yaml.Node], services: Mapping[str, yaml.Node], variables: Mapping[str, str]
) -> Iterator[Outside]:
    family = _image_family(expanded(text_of(fields.get("image")) or "", variables))
    settings = list(_variables(fields.get("environment"), variables))
    if family is None:
        for found in databases_of(settings):
            # A service of this file is reached inside the network, where its published port doesn't count.
            yield replace(found, source="compose", is_inside=found.host in services)
        return
    port, target, line = _published(fields.get("ports"), family, variables)
    database = next((one.value for one in settings if one.name in _DATABASES), None)
    yield Outside(
        line=line or min(line_of(node) for node in fields.values()),
        source="compose",
        family=family,
        host=shown(name),
        port=port,
        target=target if _is_used_inside(name, services, variables) else None,
        database=shown(database),
        name=name,
    )


def _image_family(image: str) -> Family | None:
    """The database that an image runs, by the last part of its name: ``docker.io/bitnami/mysql:8.4``."""
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return family_of(name) or family_of(re.sub(r"[-_](server|community|community-server|alpine)$", "", name))


def _is_used_inside(name: str, services: Mapping[str, yaml.Node], variables: Mapping[str, str]) -> bool:
    """Whether a service that is built from the repository waits for this one, or is told its name."""
    for service in list(services.values())[:_MAX_SERVICES]:
        fields = entries_of(service)
        if "build" not in fields:
            continue
        waited = fields.get("depends_on")
        named = {*entries_of(waited), *(text_of(item) for item in items_of(waited))}
        settings = _variables(fields.get("environment"), variables)
        if name in named or any(found.host == name for found in databases_of(list(settings))):
            return True
    return False


def _published(
    ports: yaml.Node | None, family: Family, variables: Mapping[str, str]
) -> tuple[int | None, int | None, int]:
    """The port by which a service is reached from outside, the one inside, and the line that says so."""
    found: list[tuple[int, int | None, int]] = []
    for item in items_of(ports):
        text, fields = text_of(item), entries_of(item)
        short = _PORT.fullmatch(expanded(text, variables)) if text is not None else None
        published, target = (
            (short["published"], short["target"])
            if short is not None
            else (text_of(fields.get(key)) for key in ("published", "target"))
        )
        port = port_of(expanded(published or "", variables))
        if port is not None:
            found.append((port, port_of(target), line_of(item)))
    own = [one for one in found if one[1] == DEFAULT_PORTS.get(family)] or (found if len(items_of(ports)) == 1 else [])
    return own[0] if own else (None, None, 0)


def _variables(node: yaml.Node | None, variables: Mapping[str, str]) -> Iterator[Variable]:
    """The ``environment`` of a service, as a mapping or as a list of ``NAME=value``."""
    for name, value in entries_of(node).items():
        yield Variable(line_of(value), name, expanded(text_of(value) or "", variables))
    for item in items_of(node):
        name, _, text = (text_of(item) or "").partition("=")
        yield Variable(line_of(item), name, expanded(text, variables))
