"""Puts a synthetic Express back end together out of the code in the folder ``back_end``.

- ``shared`` holds what every back end has once, ``resource`` what it has for each thing that it keeps. There the code
  is about a Widget, whose names are replaced; the path of a file says where its copies go.
- A file with lines ``// ---`` has a head, then one part or more of which each action gets one, then an end.
- ``rare`` holds files that now and then stand in the place of one of ``resource``.

A larger back end holds all resources of a smaller one with the same seed, unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

CODE = Path(__file__).parent / "back_end"
AREA_SIZE = 16
"""Resources that the router of one area mounts."""
RARITY = 0.03
GUARDED = 0.7
VALIDATED = 0.8
TRAITS = ("active", "approved", "daily", "external", "local", "mobile", "pending", "primary", "shared")
NOUNS = ("patient", "appointment", "invoice", "prescription", "referral", "ward", "bed", "allergy", "claim", "report")


class Action(NamedTuple):
    """What can be done with a resource: its name, its route, and the parts of a request that its handler reads."""

    name: str
    method: str
    path: str
    reads: tuple[str, ...]


ACTIONS = (
    Action("list", "get", "/", ("query",)),
    Action("read", "get", "/:id", ("params",)),
    Action("create", "post", "/", ("body",)),
    Action("update", "put", "/:id", ("params", "body")),
    Action("remove", "delete", "/:id", ("params",)),
    Action("search", "post", "/search", ("body",)),
    Action("archive", "post", "/:id/archive", ("params",)),
    Action("assign", "post", "/:id/assignments", ("params", "body")),
    Action("summarise", "get", "/:id/summary", ("params", "query")),
)
READ_NAMES = {"params": ("id",), "query": ("limit", "order"), "body": ("name", "state")}


class Resource:
    """Something that the back end keeps; everything about it follows from its number and the seed."""

    def __init__(self, number: int, seed: int) -> None:
        self.seed = f"{seed}:{number}"
        chance = self.chance("resource")
        self.noun = f"{chance.choice(TRAITS)}{NOUNS[number % len(NOUNS)].capitalize()}{number}"
        self.area = f"area{number // AREA_SIZE}"
        chosen = chance.sample(ACTIONS, chance.randint(3, len(ACTIONS)))
        self.actions = sorted(chosen, key=ACTIONS.index)
        self.validated = chance.random() < VALIDATED

    def chance(self, what: str) -> Random:
        """Chance of its own for each question, so that a further question changes no other answer."""
        return Random(f"{self.seed}:{what}")  # noqa: S311 - no secret

    def files(self) -> Iterator[tuple[str, str]]:
        """Its files, by path."""
        for path, text in code_of("resource").items():
            chance = self.chance(path)
            chosen = code_of("rare").get(path, text) if chance.random() < RARITY else text
            yield self._named(path), self._named(self._written(chosen, chance))

    def _named(self, text: str) -> str:
        capital = self.noun[0].upper() + self.noun[1:]
        return text.replace("area/", f"{self.area}/").replace("Widget", capital).replace("widget", self.noun)

    def _written(self, text: str, chance: Random) -> str:
        """The code of a file with a part for each action."""
        head, *parts, end = text.split("// ---\n") if "// ---\n" in text else (text, "")
        if not parts:
            return text
        written = [self._acting(chance.choice(parts), action, chance) for action in self.actions]
        named = re.sub(r"\bactOn\w*(?:, actOn\w*)*", lambda found: self._of_all_actions(found.group()), end)
        return "\n".join([head, *written, named])

    def _of_all_actions(self, names: str) -> str:
        return ", ".join(names.replace("actOn", action.name) for action in self.actions)

    def _acting(self, part: str, action: Action, chance: Random) -> str:
        names = [name for read in action.reads for name in READ_NAMES[read]]
        reads = [f"const {{ {', '.join(READ_NAMES[read])} }} = req.{read};" for read in action.reads]
        words = {
            "actOn": action.name,
            "ROUTE_METHOD": action.method,
            "ROUTE_PATH": action.path,
            "TEST_PATH": action.path.replace(":id", "7"),
            "GUARDS, ": self._guards(action, chance),
            "READS": " ".join(reads),
            "ARGUMENTS": f"{{ {', '.join(names)} }}",
            "STATUS": "201" if action.name == "create" else "200",
        }
        return re.sub("|".join(words), lambda found: words[found.group()], part)

    def _guards(self, action: Action, chance: Random) -> str:
        """The middleware of a route."""
        guards = ["authorize('clerk', 'admin')"] if action.method != "get" and chance.random() < GUARDED else []
        if self.validated or chance.random() > VALIDATED:
            schemas = ", ".join(f"{read}: schemas.{action.name}{read.capitalize()}" for read in action.reads)
            guards.append(f"validate({{ {schemas} }})")
        return "".join(f"{guard}, " for guard in guards)


@cache
def code_of(kind: str) -> dict[str, str]:
    """The files of a kind by path, sorted."""
    folder = CODE / kind
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


def back_end(sources: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """Files of a back end by path, with exactly so many source files among them.

    Raises:
        ValueError: So few files hold no resource.
    """
    resources, spare = _fitting(sources)
    yield from code_of("shared").items()
    areas: dict[str, list[str]] = {}
    for number in range(resources):
        resource = Resource(number, seed)
        areas.setdefault(resource.area, []).append(resource.noun)
        yield from resource.files()
    for area, nouns in areas.items():
        yield f"routes/{area}/index.js", _router({f"{noun}s": f"./{noun}.routes" for noun in nouns})
    yield "routes/index.js", _router({area: f"./{area}" for area in areas})
    for number in range(spare):
        yield f"helpers/shared/spare{number}.js", (CODE / "spare.js").read_text(encoding="utf-8")


def _fitting(sources: int) -> tuple[int, int]:
    """How many resources so many source files hold, and how many files are left over."""
    room = sources - sum(path.endswith(".js") for path in code_of("shared")) - 1
    size = len(code_of("resource"))
    resources = room * AREA_SIZE // (size * AREA_SIZE + 1)
    while resources > 0 and (left := room - resources * size - -(-resources // AREA_SIZE)) < 0:
        resources -= 1
    if resources <= 0:
        raise ValueError(f"a back end has at least {sources - room + size + 1} source files")
    return resources, left


def _router(mounted: dict[str, str]) -> str:
    uses = "".join(f"router.use('/{path}', require('{module}'));\n" for path, module in mounted.items())
    return f"const {{ Router }} = require('express');\n\nconst router = Router();\n\n{uses}\nmodule.exports = router;\n"
