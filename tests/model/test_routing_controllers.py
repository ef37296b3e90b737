"""Controllers of routing-controllers that are named by a pattern."""

import pytest

from medpro_audit.model.subjects import Repository
from model.memory import repository

CONTROLLER = """
import { JsonController, Get } from 'routing-controllers';
@JsonController('/users')
export class UserController { @Get('/all') all() { return []; } }
"""


def application(controllers: str) -> Repository:
    """An application with one controller in a folder of its own."""
    server = f"""
        import {{ createExpressServer }} from 'routing-controllers';
        import * as path from 'path';
        export const start = () => {{ createExpressServer({{ controllers: {controllers} }}).listen(3000); }};
    """
    package = '{"dependencies": {"express": "4", "routing-controllers": "0.10"}}'
    files = {"package.json": package, "src/server.ts": server, "src/controllers/UserController.ts": CONTROLLER}
    return repository(files)


@pytest.mark.parametrize(
    "controllers", ["[path.join(__dirname, 'controllers/*.ts')]", "[`${__dirname}/controllers/**/*.js`]"]
)
def test_a_pattern_that_is_known(controllers: str) -> None:
    """The classes that its files export are registered; of compiled files, those of their sources."""
    found = application(controllers)
    assert [(endpoint.path, endpoint.handler.name) for endpoint in found.endpoints] == [
        ("/users/all", "UserController.all")
    ]
    assert found.unresolved_routes == ()


@pytest.mark.parametrize(
    ("controllers", "reason"),
    [
        ("[process.env.CONTROLLERS]", "the controllers are named by the environment variable CONTROLLERS"),
        ("[path.join(__dirname, 'none/*.ts')]", "no controller is found at src/none/*.ts"),
        ("[path.join(__dirname, process.env.X)]", "the controllers are named by a pattern that is computed"),
        ("process.env.CONTROLLERS.split(',')", "not all controllers are known"),
        ("process.env.CONTROLLERS", "the list of controllers is computed"),
    ],
)
def test_a_pattern_that_is_not_known(controllers: str, reason: str) -> None:
    """The registration is unresolved and says why, in place of no endpoints without a word."""
    found = application(controllers)
    assert found.endpoints == ()
    [gap] = found.unresolved_routes
    assert (gap.place.file, gap.place.line) == ("src/server.ts", 4)
    assert gap.reason.startswith(reason)
