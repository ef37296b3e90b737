"""What a source file is for: server code, a script, a test, or code for the browser."""

import re
from typing import Literal

ModuleRole = Literal["server", "script", "test", "browser"]

_TEST = re.compile(
    r"(^|/)(__tests__|__mocks__|__fixtures__|tests?|e2e|cypress|specs?|test-utils)/"
    r"|[.-](test|tests|spec|e2e|e2e-spec|cy|stories|mock)\.[^./]+$"
    r"|(^|/)(jest|vitest|mocha|karma|cypress|playwright)\.[^/]*$"
)


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests, by where it stands and how it is called."""
    return _TEST.search(path) is not None
