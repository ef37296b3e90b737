"""Which formats there are, and how one is chosen."""

import subprocess
import sys

import msgspec
import pytest

from medpro_audit.core.errors import ConfigurationError, UsageError
from medpro_audit.reporters.formats import formats, render, rendered
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult


def test_formats_are_found(options: RenderOptions) -> None:
    """Modules that render a result and templates that don't begin with an underscore."""
    assert formats(options.templates) == (
        *("badge", "checkstyle", "comment", "console", "csv", "github", "gitlab", "html", "json", "junit", "markdown"),
        *("sarif", "status", "summary"),
    )
    assert formats(()) == ("badge", "checkstyle", "console", "csv", "github", "gitlab", "json", "junit", "sarif")


def test_an_unknown_format_names_the_nearest(sample: AuditResult, options: RenderOptions) -> None:
    """The message says what is wrong and what was meant."""
    with pytest.raises(UsageError, match='no report format "markdwn"; did you mean "markdown"'):
        render("markdwn", sample, options)


def test_a_template_of_the_user_is_a_format(sample: AuditResult) -> None:
    """One file adds a format; its values are escaped without being asked."""
    options = RenderOptions(templates={"csv.html.j2": "{{ result.project }},{{ '<b>' }}", "_part.html.j2": ""})
    assert "csv" in formats(options.templates)
    assert render("csv", sample, options) == "clinic-api,&lt;b&gt;"


def test_every_format_can_be_had_in_pieces(hostile: AuditResult, options: RenderOptions) -> None:
    """Together they are the whole text; a faulty template is told before the first."""
    for name in formats(options.templates):
        assert "".join(rendered(name, hostile, options)) == render(name, hostile, options)
    with pytest.raises(ConfigurationError, match="the report template is faulty"):
        rendered("json", hostile, RenderOptions(templates={"json.md.j2": "{{ result.nothing }}"}))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\n{{ result.nothing }}", r"mine\.md\.j2:2: the report template is faulty: .*nothing"),
        ("a\n\n{% if %}", r"mine\.md\.j2:3: the report template is faulty"),
        ("{% include 'none.j2' %}", r"mine\.md\.j2:1: the report template is faulty: none\.j2"),
        ("{{ count.__globals__ }}", r"mine\.md\.j2:1: the report template is faulty: .*unsafe"),
    ],
)
def test_a_faulty_template_is_named(sample: AuditResult, source: str, message: str) -> None:
    """What is undefined, misspelt, missing or out of the sandbox is a configuration error with file and line."""
    with pytest.raises(ConfigurationError, match=message):
        render("mine", sample, RenderOptions(templates={"mine.md.j2": source}))


@pytest.mark.parametrize(
    "name", ["console", "html", "markdown", "sarif", "github", "gitlab", "junit", "checkstyle", "csv"]
)
def test_the_order_of_the_input_does_not_matter(sample: AuditResult, options: RenderOptions, name: str) -> None:
    """Findings, endpoints, connections and notices in another order give equal bytes."""
    shuffled = {
        field: getattr(sample, field)[3:] + getattr(sample, field)[2::-1]
        for field in ("findings", "endpoints", "connections", "settings_files", "notices")
    }
    assert render(name, msgspec.structs.replace(sample, **shuffled), options) == render(name, sample, options)


def test_nothing_heavy_is_imported_to_list_the_formats() -> None:
    """Choices of the command line must not cost an import of Jinja, rich or networkx."""
    script = (
        "import sys; from medpro_audit.reporters.formats import formats; formats(());"
        "print(*{'jinja2', 'rich', 'networkx', 'markdown_it', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
