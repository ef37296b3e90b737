"""What continuous integration runs: read from its files, followed through the scripts that they start.

A survey asks ``known.found("ci-run")`` (`subjects.CiRun`): one for each program that a workflow starts, such as
``eslint`` or ``jest``, whether the step names it, or an npm script, a workspace, a Makefile or a shell script on the
way does. Where some `CiRun.is_opaque`, what is not found may still be run: that is "unknown", not "no".

Read are GitHub, GitLab, Azure, CircleCI, Travis, Bitbucket, Buildkite, Drone, Woodpecker, AppVeyor and Jenkins, as
far as their files stand at the root of what is scanned.
"""
