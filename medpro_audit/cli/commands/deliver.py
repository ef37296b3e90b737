"""``medpro-audit deliver``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_PASSED, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from medpro_audit.adapters.cache import Cache
    from medpro_audit.adapters.delivery import Parcel
    from medpro_audit.history.news import News
    from medpro_audit.pipeline import Project
    from medpro_audit.result import AuditResult

    Channel = Callable[[Parcel], str]

_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~:/?#@!$&*+,;=%-]*)?")


@click.command("deliver")
@options.directory
@options.config_file
@options.rules
@options.cache
@options.history
@options.project_name
@options.today
@click.option("--result", "file", type=click.Path(path_type=Path), help="Take this result of scan -f json: no scan.")
@click.option("--issue", "is_issue", is_flag=True, help="Keep one issue on GitHub up to date.")
@click.option("--mail-to", "recipients", multiple=True, envvar="MEDPRO_AUDIT_MAIL_TO", help="Mail to this address.")
@click.option("--mail-from", "sender", envvar="MEDPRO_AUDIT_MAIL_FROM", default="", help="Mail from this address.")
@click.option("--page-url", default="", metavar="URL", help="Where readers find the whole report.")
@click.option("--picture-url", default="", metavar="URL", help="Where everybody may load the picture of the trends.")
@click.option("--preview", type=click.Path(path_type=Path), help="Write all messages into this folder, and send none.")
def command(  # noqa: PLR0913 - one parameter an option
    directory: Path,
    config_file: Path | None,
    folders: tuple[Path, ...],
    cache_dir: Path | None,
    location: str | None,
    project_name: str | None,
    today: datetime | None,
    file: Path | None,
    recipients: tuple[str, ...],
    sender: str,
    page_url: str,
    picture_url: str,
    preview: Path | None,
    *,
    no_cache: bool,
    is_issue: bool,
) -> int:
    """Tell what the week has brought: by an issue, Slack, Teams and mail, each as far as it is configured.

    Slack takes MEDPRO_AUDIT_SLACK_WEBHOOK, Teams MEDPRO_AUDIT_TEAMS_WEBHOOK, mail MEDPRO_AUDIT_SMTP_URL and
    --mail-to, an issue --issue with GITHUB_TOKEN and GITHUB_REPOSITORY.
    """
    from medpro_audit.adapters.delivery import Parcel  # noqa: PLC0415 - heavy, as below
    from medpro_audit.reporters.bulletin import bulletin  # noqa: PLC0415
    from medpro_audit.reporters.messages import Links  # noqa: PLC0415

    links = Links(_checked("--page-url", page_url), _checked("--picture-url", picture_url))
    with options.open_cache(cache_dir, no_cache=no_cache) as cache:
        result, news = _measured(
            options.open_project(directory, config_file),
            cache,
            _Wanted(folders, file, location, project_name, options.day(today)),
        )
    parcel = Parcel(bulletin(result, news), news.trends, links, options.render_options())
    if preview is not None:
        return _preview(parcel, preview)
    return _deliver(parcel, _channels(os.environ, recipients, sender, is_issue=is_issue))


class _Wanted(NamedTuple):
    """What is to be told."""

    folders: tuple[Path, ...]
    result: Path | None
    history: str | None
    name: str | None
    day: date


def _measured(project: Project, cache: Cache | None, wanted: _Wanted) -> tuple[AuditResult, News]:
    """The present result, and what is new in it."""
    from msgspec import structs  # noqa: PLC0415 - heavy, as below

    from medpro_audit import pipeline  # noqa: PLC0415
    from medpro_audit.adapters.result_file import read_result  # noqa: PLC0415
    from medpro_audit.cli.present import present_news, present_record  # noqa: PLC0415

    rules = pipeline.load_rules(project, wanted.folders)
    if wanted.result is not None:
        result = read_result(wanted.result)
    else:
        result = pipeline.audit(project, rules, None, pipeline.Means(cache), pipeline.Reference(today=wanted.day))
    if wanted.name is not None:
        result = structs.replace(result, project=wanted.name)
    history = options.history_if_any(wanted.history, project.root)
    return result, present_news(project, present_record(project, rules, result, wanted.name), history, wanted.day)


def _checked(option: str, address: str) -> str:
    if address and not _ADDRESS.fullmatch(address):
        raise UsageError(f"{option}: write an address that begins with https://, without spaces, quotes or a password")
    return address


def _channels(
    environment: Mapping[str, str], recipients: Sequence[str], sender: str, *, is_issue: bool
) -> list[Channel]:
    """What is configured."""
    from medpro_audit.adapters import delivery  # noqa: PLC0415 - heavy

    channels: list[Channel] = [lambda parcel: delivery.to_issue(parcel, environment)] if is_issue else []
    if slack := environment.get(delivery.SLACK, ""):
        channels.append(lambda parcel: delivery.to_slack(parcel, slack))
    if teams := environment.get(delivery.TEAMS, ""):
        channels.append(lambda parcel: delivery.to_teams(parcel, teams))
    if smtp := environment.get(delivery.SMTP, ""):
        channels.append(lambda parcel: delivery.to_mail(parcel, smtp, sender, recipients))
    elif recipients:
        raise UsageError(f"--mail-to: {delivery.SMTP} is not set, so there is no server to mail through")
    return channels


def _deliver(parcel: Parcel, channels: Sequence[Channel]) -> int:
    """Take it everywhere; what fails keeps it from nowhere else.

    Raises:
        UsageError: Something has failed; all of it.
    """
    faults = []
    if not channels:
        options.write(
            "Nothing is configured, so nothing was delivered; medpro-audit deliver --help says what can be.\n"
        )
    for channel in channels:
        try:
            options.write(f"{channel(parcel)}\n")
        except UsageError as fault:
            faults.append(str(fault))
    if faults:
        raise UsageError("\n".join(faults))
    return EXIT_PASSED


def _preview(parcel: Parcel, folder: Path) -> int:
    from medpro_audit.adapters.delivery import previews  # noqa: PLC0415 - heavy

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in previews(parcel).items():
            (folder / name).write_bytes(content)
            options.write(f"{folder / name} written\n")
    except OSError as fault:
        raise UsageError(f"{folder} can't be written: {fault.strerror}; name another folder by --preview") from fault
    return EXIT_PASSED
