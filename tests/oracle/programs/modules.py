"""Values that come from other files: every shape of export, with every shape of import that fits it."""

from __future__ import annotations

from typing import NamedTuple

from oracle.programs.grammar import Grammar, Write, in_parentheses
from oracle.programs.source import Block, Module, is_name


class Exported(NamedTuple):
    """Where a value can be had from."""

    module: Module
    name: str | None
    """Name of the export; None for the default one."""


def through_module(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A file of its own."""
    return imported(g, exported(g, stem, write), stem, block)


def through_barrel(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A file of its own that another one exports again."""
    return imported(g, _again(g, exported(g, stem, write), stem), stem, block)


def exported(g: Grammar, stem: str, write: Write) -> Exported:
    """Write a value into a new file that exports it."""
    module = g.module(stem)
    value = write(module.body)
    return _export_esm(g, module, stem, value) if module.is_esm else _export_common(g, module, stem, value)


def _export_common(g: Grammar, module: Module, stem: str, value: str) -> Exported:
    body, form = module.body, g.count(0, 6)
    match form:
        case 0:
            body.add(f"module.exports = {value};")
            return Exported(module, None)
        case 1:
            body.add(f"exports.{stem} = {value};")
        case 2:
            body.add(f"module.exports = {{ {stem}: {value}, version: 1 }};")
        case 3:
            body.add(f"module.exports.{stem} = {value};")
        case 4:
            name = value if is_name(value) else g.bound(stem, value, body)
            body.add(f"module.exports = {{ {stem}: {name} }};" if name != stem else f"module.exports = {{ {stem} }};")
        case 5:
            body.add(f"const {body.name('api')} = (module.exports = {{}});")
            body.add(f"module.exports.{stem} = {value};")
        case _:
            body.add(f"exports = module.exports = {value};")
            return Exported(module, None)
    return Exported(module, stem)


def _export_esm(g: Grammar, module: Module, stem: str, value: str) -> Exported:
    body, form = module.body, g.count(0, 4)
    if form == 0:
        body.add(f"export default {value};")
        return Exported(module, None)
    name = value if is_name(value) else None
    if form == 1 and name is None:
        name = body.name(stem)
        body.add(f"export const {name} = {value};")
        return Exported(module, name)
    if name is None:
        name = g.bound(stem, value, body)
    if form == 2:
        module.finally_(f"export {{ {name} as default }};")
        return Exported(module, None)
    alias = "exposed" if form == 3 else name
    module.finally_(f"export {{ {name}{f' as {alias}' if alias != name else ''} }};")
    return Exported(module, alias)


def imported(g: Grammar, source: Exported, stem: str, block: Block) -> str:
    """Import a value into the file of a block."""
    return _import_esm(g, source, stem, block) if block.module.is_esm else _require(g, source, stem, block)


def _require(g: Grammar, source: Exported, stem: str, block: Block) -> str:
    required = f"require('{block.module.specifier(source.module)}')"
    form, place = g.count(0, 3), g.flag()

    def declare(statement: str) -> None:
        block.add(statement) if place else block.module.imports(statement)

    name = block.name(stem)
    if source.name is None:
        if form == 1:
            return required
        declare(f"const {name} = {required};")
        return name
    match form:
        case 1:
            return f"{required}.{source.name}"
        case 2:
            owner = block.name("parts")
            declare(f"const {owner} = {required};")
            return f"{owner}.{source.name}"
        case 3:
            declare(f"const {name} = {required}.{source.name};")
            return name
    declare(f"const {{ {source.name}{f': {name}' if name != source.name else ''} }} = {required};")
    return name


def _import_esm(g: Grammar, source: Exported, stem: str, block: Block) -> str:
    module, specifier = block.module, block.module.specifier(source.module)
    name, form = block.name(stem), g.count(0, 3 if block.is_async else 2)
    if form == 3:
        return f"(await import('{specifier}')).{source.name or 'default'}"
    if form == 2:
        owner = block.name("parts")
        module.imports(f"import * as {owner} from '{specifier}';")
        return f"{owner}.{source.name or 'default'}"
    if source.name is None and form == 0:
        module.imports(f"import {name} from '{specifier}';")
    else:
        wanted = source.name or "default"
        module.imports(f"import {{ {wanted}{f' as {name}' if name != wanted else ''} }} from '{specifier}';")
    return name


def whole(g: Grammar, module: Module, block: Block) -> str:
    """Import all that a file exports, as one object."""
    name, specifier = block.name("exported"), block.module.specifier(module)
    if block.module.is_esm:
        block.module.imports(f"import * as {name} from '{specifier}';")
        return name
    if g.flag():
        return f"require('{specifier}')"
    block.module.imports(f"const {name} = require('{specifier}');")
    return name


def _again(g: Grammar, source: Exported, stem: str) -> Exported:
    """Export from another file what one exports."""
    barrel = g.module(g.pick(("index", f"{stem}Barrel")))
    specifier = barrel.specifier(source.module)
    return _again_esm(g, barrel, source, specifier) if barrel.is_esm else _again_common(g, barrel, source, specifier)


def _again_common(g: Grammar, barrel: Module, source: Exported, specifier: str) -> Exported:
    body, required = barrel.body, f"require('{specifier}')"
    value = required if source.name is None else f"{required}.{source.name}"
    name = source.name or "exposed"
    forms = [
        f"module.exports = {{ {name}: {value} }};",
        f"exports.{name} = {value};",
        f"Object.defineProperty(exports, '{name}', {{ enumerable: true, get() {{ return {value}; }} }});",
    ]
    if source.name is not None:
        forms += [
            f"module.exports = {{ ...{required} }};",
            f"module.exports = {required};",
            f"Object.assign(exports, {required});",
            f"Object.keys({required}).forEach((key) => {{ exports[key] = {required}[key]; }});",
        ]
    else:
        forms.append(f"module.exports = {required};")
    form = g.pick(forms)
    body.add(form)
    return Exported(barrel, None if source.name is None and form == forms[-1] else name)


def _again_esm(g: Grammar, barrel: Module, source: Exported, specifier: str) -> Exported:
    body, name = barrel.body, source.name or "default"
    match g.count(0, 4):
        case 0:
            body.add(f"export {{ {name} as again }} from '{specifier}';")
            return Exported(barrel, "again")
        case 1:
            barrel.imports(f"import {{ {name} as again }} from '{specifier}';")
            body.add("export { again };")
            return Exported(barrel, "again")
        case 2:
            barrel.imports(f"import * as all from '{specifier}';")
            body.add(f"export default all.{name};")
            return Exported(barrel, None)
        case 3:
            body.add(f"export {{ {name} as default }} from '{specifier}';")
            return Exported(barrel, None)
    if source.name is None:
        body.add(f"export {{ default }} from '{specifier}';")
    else:
        body.add(f"export * from '{specifier}';")
    return source._replace(module=barrel)


__all__ = ["Exported", "exported", "imported", "in_parentheses", "through_barrel", "through_module"]
