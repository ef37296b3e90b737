"""What continuous integration runs: read from its files, followed through the scripts that they start.

A survey asks ``known.found("ci-run")`` (`subjects.CiRun`): one for each program that a workflow starts, such as
``eslint`` or ``jest``, whether the step names it, or an npm script, a workspace, a Makefile or a shell script on the
way does. Where some `CiRun.is_opaque`, what is not found may still be run: that is "unknown", not "no".

Read are GitHub, Gitea, GitLab, Azure, CircleCI, Cirrus, Travis, Bitbucket, Buildkite, Codefresh, Drone, Semaphore,
Woodpecker, AppVeyor, Jenkins and the builds of AWS and Google, as far as their files stand at the root of what is
scanned. A file of another system that is known, such as Concourse or TeamCity, is one opaque step.
"""
