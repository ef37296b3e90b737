"""Takes a bulletin to where it is read. Each function tells in one line what it has done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from medpro_audit.adapters.webhook import Webhook
from medpro_audit.core.errors import UsageError
from medpro_audit.history.news import Trend
from medpro_audit.reporters import trend_svg
from medpro_audit.reporters.bulletin import Bulletin
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.options import RenderOptions

SLACK, TEAMS, SMTP = "MEDPRO_AUDIT_SLACK_WEBHOOK", "MEDPRO_AUDIT_TEAMS_WEBHOOK", "MEDPRO_AUDIT_SMTP_URL"
"""Variables that hold secrets: no option takes them, since others see the arguments of a program."""
_LONGEST_TITLE = 200


class Parcel(Struct, frozen=True):
    """What is to be delivered."""

    bulletin: Bulletin
    trends: tuple[Trend, ...]
    links: Links
    options: RenderOptions

    @property
    def sheet(self) -> str:
        """The trends as SVG."""
        return trend_svg.sheet(self.trends, self._title)

    def picture(self) -> bytes | None:
        """The trends as PNG; None where no browser is installed or it fails: the message is worth sending without."""
        from medpro_audit.adapters.chromium import picture  # noqa: PLC0415 - rarely needed

        try:
            return picture(self.sheet, trend_svg.size_of(self.trends, self._title))
        except UsageError:
            return None

    @property
    def _title(self) -> str:
        return f"{self.bulletin.project} · {self.bulletin.week}"


def previews(parcel: Parcel) -> dict[str, bytes]:
    """All messages by the name of a file, and the picture."""
    from medpro_audit.reporters.messages.issue import issue  # noqa: PLC0415 - heavy, as below
    from medpro_audit.reporters.messages.mail import mail  # noqa: PLC0415
    from medpro_audit.reporters.messages.slack import slack  # noqa: PLC0415
    from medpro_audit.reporters.messages.teams import teams  # noqa: PLC0415

    picture = parcel.picture()
    written = mail(parcel.bulletin, parcel.links, parcel.options, picture="trend.png" if picture else "")
    return {
        "issue.md": issue(parcel.bulletin, parcel.links, parcel.options).encode(),
        "mail.html": written.html.encode(),
        "mail.txt": f"Subject: {written.subject}\n\n{written.text}".encode(),
        "slack.json": slack(parcel.bulletin, parcel.links),
        "teams.json": teams(parcel.bulletin, parcel.links),
        "trend.svg": parcel.sheet.encode(),
        **({"trend.png": picture} if picture else {}),
    }


def to_issue(parcel: Parcel, environment: Mapping[str, str]) -> str:
    """Keep the one issue of the project up to date; where that is not allowed, say how to allow it.

    Raises:
        UsageError: GitHub can't be reached.
    """
    from medpro_audit.adapters.github_api import ForbiddenError  # noqa: PLC0415 - heavy, as below
    from medpro_audit.adapters.github_issue import Issue, Issues  # noqa: PLC0415
    from medpro_audit.reporters.messages.issue import issue  # noqa: PLC0415

    token, repository = environment.get("GITHUB_TOKEN", ""), environment.get("GITHUB_REPOSITORY", "")
    if not token or not repository:
        return (
            "No issue: GITHUB_TOKEN and GITHUB_REPOSITORY are not set; "
            "a workflow gives a step the first by env: { GITHUB_TOKEN: '${{ github.token }}' }."
        )
    project = parcel.bulletin.project
    github = Issues(repository, token, environment.get("GITHUB_API_URL", "https://api.github.com"))
    body = issue(parcel.bulletin, parcel.links, parcel.options)
    try:
        return f"Issue: {github.upsert_issue(Issue(project, f'Weekly audit of {project}'[:_LONGEST_TITLE], body))}"
    except ForbiddenError as fault:
        return f"No issue: {fault}. The job needs the permission issues: write, and the repository its issues."


def to_slack(parcel: Parcel, address: str) -> str:
    """Post to an incoming webhook of Slack, which takes no picture but by its address.

    Raises:
        UsageError: It is refused, or can't be reached.
    """
    from medpro_audit.reporters.messages.slack import slack  # noqa: PLC0415 - heavy

    Webhook(SLACK, address).post(slack(parcel.bulletin, parcel.links))
    return "Slack: posted."


def to_teams(parcel: Parcel, address: str) -> str:
    """Post to a webhook of Microsoft Teams, which takes no picture but by its address.

    Raises:
        UsageError: It is refused, or can't be reached.
    """
    from medpro_audit.reporters.messages.teams import teams  # noqa: PLC0415 - heavy

    Webhook(TEAMS, address).post(teams(parcel.bulletin, parcel.links))
    return "Teams: posted."


def to_mail(parcel: Parcel, address: str, sender: str, recipients: Sequence[str]) -> str:
    """Mail it, with the picture in it.

    Raises:
        UsageError: There is nobody to mail to, or the server refuses or can't be reached.
    """
    from medpro_audit.adapters.mailing import Envelope, send, server  # noqa: PLC0415 - heavy, as below
    from medpro_audit.reporters.messages.mail import PICTURE, mail  # noqa: PLC0415

    if not recipients:
        raise UsageError(f"{SMTP} is set, but nobody is named to mail to: --mail-to, or MEDPRO_AUDIT_MAIL_TO")
    outgoing = server(SMTP, address)
    picture = parcel.picture()
    written = mail(parcel.bulletin, parcel.links, parcel.options, picture=f"cid:{PICTURE}" if picture else "")
    send(outgoing, written, Envelope(sender or outgoing.user, tuple(recipients)), picture)
    told = "" if picture else ", without the picture: that needs Chromium or Google Chrome"
    return f"Mail: sent to {len(recipients)} {'address' if len(recipients) == 1 else 'addresses'}{told}."
