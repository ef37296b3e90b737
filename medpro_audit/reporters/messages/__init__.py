"""A bulletin as a message: of an issue, a mail, Slack, Teams. One file a medium, with its limits and its escaping."""

from msgspec import Struct


class Links(Struct, frozen=True):
    """Where readers find more; each an https address, or empty."""

    page: str = ""
    """The whole report."""
    picture: str = ""
    """The trends as a picture that whoever reads the message may load."""
