"""The endpoint matrix without a browser."""

import msgspec
import pytest

from medpro_audit.model.subjects import Endpoint, EndpointValidation
from medpro_audit.model.subjects.endpoint import Validation
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.facets.caching import Caching
from medpro_audit.model.subjects.facets.documentation import Documentation
from medpro_audit.model.subjects.facets.rate_limit import RateLimit
from medpro_audit.model.subjects.facets.testing import EndpointTesting
from medpro_audit.model.subjects.facets.tracking import Tracking
from medpro_audit.reporters.matrix import Evidence, matrix, tally_in_words
from medpro_audit.result import AuditResult
from reporters.weeklies import many_endpoints


def row_of(endpoint: Endpoint) -> dict[str, str]:
    """The words of one endpoint by column."""
    table = matrix([endpoint])
    [row] = table.groups[0].rows
    return dict(zip((column.title for column in table.columns), (mark.word for mark in row.marks), strict=True))


def test_every_facet_has_its_verdict(sample: AuditResult) -> None:
    """Yes, no and unknown as the model says; what an endpoint has no need of does not apply."""
    bare = sample.endpoints[0]
    good = msgspec.structs.replace(
        bare,
        access=Access(authentication="yes", authorization="yes", roles=("doctor",)),
        rate_limit=RateLimit("yes", "limiter", "app.js:3", requests=100, window=60),
        documentation=Documentation(status="documented"),
        testing=EndpointTesting(status="tested", cases=2),
        tracking=Tracking(logged="yes"),
        caching=Caching(status="cached", by="Cache-Control"),
    )
    bad = msgspec.structs.replace(
        bare,
        access=Access(authentication="no", authorization="no"),
        rate_limit=RateLimit("no"),
        documentation=Documentation(status="undocumented"),
        testing=EndpointTesting(status="untested"),
        tracking=Tracking(logged="no"),
        caching=Caching(status="uncached", queries=1),
    )
    columns = ["Authentication", "Authorization", "Rate limit", "Documented", "Tested", "Logged", "Cached"]
    assert [row_of(good)[column] for column in columns] == ["yes"] * 7
    assert [row_of(bad)[column] for column in columns] == ["no"] * 7
    assert [row_of(bare)[column] for column in columns] == ["unknown"] * 6 + ["n/a"]


def test_a_door_needs_no_key(sample: AuditResult) -> None:
    """A login is how callers become known: it is not held against it that it asks for none who is."""
    door = Access(authentication="no", authorization="no", admits_strangers=True)
    words = row_of(msgspec.structs.replace(sample.endpoints[0], access=door))
    assert (words["Authentication"], words["Authorization"]) == ("n/a", "n/a")


def test_a_schema_with_a_gap_holds_in_part(sample: AuditResult) -> None:
    """And counts as holding."""
    part = Validation("validated", "zod", "schema", "a.js:1", uncovered=("file",))
    unread = Validation("not-read")
    validation = EndpointValidation(part, unread, unread, unread)
    table = matrix([msgspec.structs.replace(sample.endpoints[0], validation=validation)])
    assert table.groups[0].rows[0].marks[0].word == "in part"
    assert tally_in_words(table.columns[0]) == "1 of 1"
    assert tally_in_words(table.columns[1]) == "n/a"


def test_what_several_rest_on_is_written_once(sample: AuditResult) -> None:
    """A row holds what is its own, and numbers for the rest; with them it has all of its trail, in order."""
    table = matrix(sample.endpoints)
    rows = [row for group in table.groups for row in group.rows]
    own = [each for row in rows for each in row.trail if isinstance(each, Evidence)]
    assert len(own) == len(set(own))
    assert not set(own) & set(table.shared)
    for row in rows:
        titles = [(each if isinstance(each, Evidence) else table.shared[each]).title for each in row.trail]
        assert titles[0] == "How it is reached"
        assert titles.index("Handler") < titles.index("Logged")


@pytest.mark.parametrize("number", [1, 2000])
def test_its_order_is_that_of_the_source(sample: AuditResult, number: int) -> None:
    """However the endpoints come."""
    result = many_endpoints(sample, number)
    assert matrix(result.endpoints) == matrix(result.endpoints[::-1])
