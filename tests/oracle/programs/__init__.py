"""Random Express programs, made of the idioms of real ones, each nested in any other.

A grammar (`Grammar`) draws every choice from hypothesis, so that a program which shows a difference shrinks to a small
one. Expressions are made (`makers`) and carried to where they are used (`carriers`, `modules`); statements register
(`statements`). Whatever it writes is valid and boots.
"""

import json
from itertools import product

from hypothesis import strategies as st

from oracle.programs.grammar import Draw, Grammar, in_parentheses
from oracle.programs.source import Kind
from oracle.serving import Program


@st.composite
def programs(draw: Draw) -> Program:
    """A program of one application."""
    g = Grammar(draw)
    entry = g.entry()
    main = entry.body
    if g.flag():
        main = entry.body.child(is_async=True)
    application = g.value(Kind.APPLICATION, main)
    main.add(f"{in_parentheses(application)}.listen(3000);")
    if main is not entry.body:
        name = entry.name("main")
        entry.body.add(f"async function {name}() {{\n{main.text}\n}}")
        entry.finally_(f"{name}();")
    files = {module.path: module.text for module in g.modules}
    if g.flag():
        files["package.json"] = json.dumps({"name": "generated", "main": entry.path})
    environments = tuple(
        {name: "1" for name, is_set in zip(g.flags, choice, strict=True) if is_set}
        for choice in product((False, True), repeat=len(g.flags))
    )
    return Program(files, entry.path, environments)
