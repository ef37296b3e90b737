"""Random Express programs, made of the idioms of real ones, each nested in any other.

A grammar (`Grammar`) draws every choice from hypothesis, so that a program which shows a difference shrinks to a small
one. Expressions are made (`makers`) and carried to where they are used (`carriers`, `modules`); statements register
(`statements`). Whatever it writes is valid and boots.
"""

import json
from itertools import product

from hypothesis import strategies as st

from oracle.fixtures import ExpressVersion
from oracle.programs.grammar import Draw, Grammar, in_parentheses
from oracle.programs.source import Block, Kind, braced, is_name
from oracle.programs.statements import registrations
from oracle.serving import Program


def _later(g: Grammar, application: str, block: Block) -> None:
    """The rest is registered when something else is done."""
    name = application if is_name(application) else g.bound("app", application, block)
    inner = block.child(is_async=False)
    registrations(g, inner, name, most=2)
    inner.add(f"{name}.listen(3000);")
    head, tail = g.pick((("Promise.resolve().then(() => ", ");"), ("setImmediate(() => ", ");"),
                         ("process.nextTick(() => ", ");"), ("setTimeout(function () ", ", 1);")))  # fmt: skip
    block.add(braced(head, [inner.text]) + tail)


@st.composite
def programs(draw: Draw, express: ExpressVersion) -> Program:
    """A program of one application."""
    g = Grammar(draw, express)
    entry = g.entry()
    main = entry.body
    if g.flag():
        main = entry.body.child(is_async=True)
    application = g.value(Kind.APPLICATION, main)
    if g.count(0, 3) == 3:
        _later(g, application, main)
    else:
        main.add(f"{in_parentheses(application)}.listen(3000);")
    if main is not entry.body:
        name = entry.name("main")
        entry.body.add(f"async function {name}() {{\n{main.text}\n}}")
        entry.finally_(f"{name}();")
    files = {module.path: module.text for module in g.modules} | g.assets
    if g.flag():
        files["package.json"] = json.dumps({"name": "generated", "main": entry.path})
    environments = tuple(
        {name: "1" for name, is_set in zip(g.flags, choice, strict=True) if is_set}
        for choice in product((False, True), repeat=len(g.flags))
    )
    return Program(files, entry.path, environments)
