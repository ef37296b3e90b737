"""Actions of GitHub that run a program of interest by themselves."""

_PROGRAMS: dict[str, tuple[str, ...]] = {
    "ataylorme/eslint-annotate-action": ("eslint",),
    "creyD/prettier_action": ("prettier",),
    "cypress-io/github-action": ("cypress",),
    "github/super-linter": ("eslint",),
    "grafana/k6-action": ("k6",),
    "grafana/run-k6-action": ("k6",),
    "matt-ball/newman-action": ("newman",),
    "pre-commit/action": ("pre-commit",),
    "reviewdog/action-eslint": ("eslint",),
    "sibiraj-s/action-eslint": ("eslint",),
    "stefanoeb/eslint-action": ("eslint",),
    "super-linter/super-linter": ("eslint",),
    "tj-actions/eslint-changed-files": ("eslint",),
    "wearerequired/lint-action": ("eslint",),
}


def programs_of(action: str) -> tuple[str, ...]:
    """What an action runs, itself included."""
    return (*_PROGRAMS.get(action, ()), f"uses:{action}")
