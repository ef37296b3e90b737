"""What continuous integration runs, by the files of each system."""

from collections.abc import Sequence
from typing import cast

import pytest

from medpro_audit.model.subjects.ci_run import CiRun
from model.memory import repository

_PACKAGE = '{ "name": "clinic", "scripts": { "lint": "eslint ." }, "dependencies": { "express": "4" } }'


def _runs(files: dict[str, str]) -> Sequence[CiRun]:
    return cast("Sequence[CiRun]", repository({"package.json": _PACKAGE, **files}).found("ci-run"))


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          npm ci\n          npm run lint\n",
            7,
        ),
        (".gitlab-ci.yml", "check:\n  script:\n    - npm ci\n    - npm run lint\n", 4),
        ("azure-pipelines.yml", "steps:\n  - script: npm run lint\n", 2),
        (
            "azure-pipelines.yml",
            "steps:\n  - task: Npm@1\n    inputs:\n      command: custom\n      customCommand: run lint\n",
            4,
        ),
        (
            ".circleci/config.yml",
            "jobs:\n  a:\n    steps:\n      - run:\n          name: Lint\n          command: npm run lint\n",
            6,
        ),
        (".travis.yml", "script:\n  - npm run lint\n", 2),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script:\n          - npm run lint\n",
            5,
        ),
        (".buildkite/pipeline.yml", "steps:\n  - command: npm run lint\n", 2),
        (".woodpecker.yml", "steps:\n  a:\n    commands:\n      - npm run lint\n", 4),
        (".semaphore/semaphore.yml", "blocks:\n  - task:\n      jobs:\n        - commands: [npm run lint]\n", 4),
        (".cirrus.yml", "lint_task:\n  install_script: npm ci\n  test_script: npm run lint\n", 3),
        ("codefresh.yml", "steps:\n  a:\n    commands:\n      - npm run lint\n", 4),
        (
            ".forgejo/workflows/ci.yml",
            "on: [push]\njobs:\n  a:\n    runs-on: docker\n    steps:\n      - run: npm run lint\n",
            6,
        ),
        ("appveyor.yml", "test_script:\n  - npm run lint\n", 2),
        ("buildspec.yml", "phases:\n  build:\n    commands:\n      - npm run lint\n", 4),
        ("cloudbuild.yaml", "steps:\n  - name: node:22\n    entrypoint: npm\n    args: ['run', 'lint']\n", 2),
        ("cloudbuild.yaml", "steps:\n  - name: gcr.io/cloud-builders/npm\n    args:\n      - run\n      - lint\n", 2),
        ("cloudbuild.yaml", "steps:\n  - name: node:22\n    script: npm run lint\n", 3),
        ("Jenkinsfile", "@Library('ours') _\nservice(\n  checkCommand: 'npm ci && npm run lint',\n)\n", 3),
        ("Jenkinsfile", "pipeline { stages { stage('a') { steps {\n  sh 'npm run lint'\n} } } }\n", 2),
    ],
)
def test_every_system_is_read(path: str, text: str, line: int) -> None:
    """A lint script is followed to the linter, and the step has its line."""
    found = [run for run in _runs({path: text}) if run.program == "eslint"]
    assert [(run.file, run.line, run.is_binding, run.is_automatic) for run in found] == [(path, line, True, True)]


@pytest.mark.parametrize(
    ("path", "text", "is_opaque"),
    [
        ("Jenkinsfile", "@Library('ours') _\nservice(image: 'node:22')\n", True),
        ("Jenkinsfile", "node {\n  checkout scm\n  load 'ci/steps.groovy'\n}\n", True),
        ("Jenkinsfile", "pipeline { stages { stage('a') { steps { sh 'npm ci' } } } }\n", False),
        ("ci/pipeline.yml", "jobs: []\n", True),
        (".teamcity/settings.kts", "version = '2024.03'\n", True),
        (".drone.star", "def main(ctx): return []\n", True),
        ("azure-pipelines.yml", "steps:\n  - template: steps/node.yml\n", True),
        ("azure-pipelines.yml", "extends:\n  template: base.yml@ours\n", True),
        (".buildkite/pipeline.yml", "steps:\n  - plugins:\n      - docker-compose#v5: { run: app }\n", True),
        (".gitlab-ci.yml", "test:\n  script: npm ci\n", False),
        ("src/pipeline.yml", "jobs: []\n", False),
    ],
)
def test_what_stands_elsewhere_is_not_known(path: str, text: str, *, is_opaque: bool) -> None:
    """Systems that are not read, libraries, templates and plugins may run anything."""
    assert any(run.is_opaque for run in _runs({path: text})) is is_opaque


@pytest.mark.parametrize(
    ("head", "step", "is_automatic", "is_binding"),
    [
        ("on: [push]", "run: npm run lint", True, True),
        ("on:\n  workflow_dispatch:", "run: npm run lint", False, True),
        ("on:\n  push:\n    tags: ['v*']", "run: npm run lint", False, True),
        ("on: pull_request", "run: npm run lint\n        continue-on-error: true", True, False),
    ],
)
def test_what_starts_a_workflow_counts(head: str, step: str, is_automatic: bool, is_binding: bool) -> None:
    """A run by hand, or for a release, is not one for each change; a failure may be overlooked."""
    text = f"{head}\njobs:\n  a:\n    steps:\n      - {step}\n"
    run = _runs({".github/workflows/ci.yml": text})[0]
    assert (run.is_automatic, run.is_binding) == (is_automatic, is_binding)


def test_a_called_workflow_runs_when_its_caller_does() -> None:
    """Workflows of the same repository are followed; those of another are opaque."""
    called = "on: workflow_call\njobs:\n  a:\n    steps:\n      - run: npm run lint\n"
    caller = (
        "on: push\njobs:\n  a:\n    uses: ./.github/workflows/lint.yml\n"
        "  b:\n    uses: org/ci/.github/workflows/x.yml@v1\n"
    )
    files = {".github/workflows/lint.yml": called, ".github/workflows/ci.yml": caller}
    runs = {run.program: run for run in _runs(files)}
    assert runs["eslint"].is_automatic
    assert runs["uses:org/ci/.github/workflows/x.yml"].is_opaque
    assert not runs["eslint"].is_opaque


def test_the_matrix_and_folders_are_filled_in() -> None:
    """A step stands for each value that it names; its folder may come from the defaults of the job."""
    text = (
        "on: push\njobs:\n  a:\n    defaults:\n      run:\n        working-directory: api\n    strategy:\n"
        "      matrix:\n        task: [eslint, mocha]\n    steps:\n      - run: npx ${{ matrix.task }}\n"
    )
    runs = _runs({".github/workflows/ci.yml": text})
    assert [(run.program, run.folder) for run in runs] == [("eslint", "api"), ("mocha", "api")]


def test_broken_files_are_notices() -> None:
    """What can't be read is said, and hides nothing else."""
    files = {
        ".github/workflows/a.yml": "jobs: [",
        ".github/workflows/b.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: npx ava\n",
    }
    made = repository({"package.json": _PACKAGE, **files})
    assert [run.program for run in cast("Sequence[CiRun]", made.found("ci-run"))] == ["ava"]
    assert any(notice.place is not None and notice.place.file == ".github/workflows/a.yml" for notice in made.notices)
