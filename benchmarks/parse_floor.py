"""The cost that no Python program on tree-sitter can go below: read and parse every listed file once, nothing else.

Usage: parse_floor.py LIST      LIST holds one absolute path a line
"""

import sys
from pathlib import Path

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Parser

GRAMMARS = {
    "javascript": tree_sitter_javascript.language,
    "typescript": tree_sitter_typescript.language_typescript,
    "tsx": tree_sitter_typescript.language_tsx,
}
LANGUAGES = {
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}


def parse_all(paths: list[str]) -> int:
    """Parse files, each by the grammar that its suffix asks for; return how many bytes that were."""
    parsers = {name: Parser(Language(grammar())) for name, grammar in GRAMMARS.items()}
    size = 0
    for path in paths:
        source = Path(path).read_bytes()
        parsers[LANGUAGES[Path(path).suffix]].parse(source)
        size += len(source)
    return size


if __name__ == "__main__":
    print(parse_all(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()))
