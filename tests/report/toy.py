"""A toy suite in a folder of its own: a small catalogue, steps, features; run by pytest as a user would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PLUGINS = (
    "fixtures.gherkin.collector",
    "fixtures.report.masking",
    "fixtures.report.bookkeeping",
    "fixtures.report.results",
    "fixtures.report.bridge",
    "fixtures.report.environment",
    "fixtures.results.recording",
    "fixtures.results.terminal",
    "fixtures.report.progress",
    "fixtures.selection",
    "steps.oversight",
    "toy_steps",
)
SETTINGS = """
[project]
version = "1.2.3"
[tool.pytest]
strict = true
testpaths = ["features"]
junit_family = "xunit1"
addopts = ["-ra", "--tb=short", "--import-mode=importlib", "-p", "no:cacheprovider",
  "-p", "no:anyio", "-p", "no:platformdirs", "-p", "no:hypothesispytest", "-p", "no:schemathesis", "-p", "no:locust"]
filterwarnings = ["error"]
"""
GUIDE = """
title = "A guide"
[[task]]
id = "1"
title = "Prepare"
[[task]]
id = "4.2"
title = "Get a token"
[[element]]
id = "1.2a"
task = "1"
title = "Grant Types"
[[element]]
id = "4.2.1 req(1)"
task = "4.2"
title = "URL"
"""
REQUIREMENTS = """
[steps.grant]
element = "1.2a"
place = "Grant Types"
says = "*Token Exchange* seems not to be selected"
[steps.url]
element = "4.2.1 req(1)"
place = "Exchange"
says = "the URL seems to be another"
[diagnosis.exchange]
request = "exchange"
case = [{ error = "invalid_client", text = "Method", steps = ["url"] }, { status = 400, steps = ["url", "grant"] }]
[[requirement]]
id = "OBO-1-01"
level = "MUST"
statement = "The grant is on."
guide = ["1.2a"]
sources = ["RFC 8693 section 2.1"]
[[requirement]]
id = "OBO-4.2X-01"
level = "MUST"
statement = "A token is issued."
guide = ["4.2.1 req(1)"]
diagnosis = [{ text = "actual: none", steps = ["grant"] }, "exchange"]
[[requirement]]
id = "OBO-4.2X-02"
level = "SHOULD"
statement = "It is short."
"""
STEPS = """
from pytest_bdd import given, parsers, then, when
from fixtures.tenant.errors import NotApplicable, NotVerifiable, Unreachable
from steps.checks.verdict import Nonconformity, Remark, check

@check("OBO-4.2X-01")
def issued(what):
    if what == "none":
        raise Nonconformity("a token", what, error="unsupported_grant_type")

@check("OBO-4.2X-02")
def short(what):
    return [Remark("SHOULD", "it is long")] if what == "long" else []

@check("OBO-1-01")
def granted(on):
    if not on:
        raise Nonconformity("the grant to be on", on)

@given("an agent", target_fixture="agent")
def an_agent():
    return "agent"

@given("the grant is off")
def off():
    granted(False)

@given("the grant is on")
def on():
    granted(True)

@when(parsers.parse('it asks for "{what}"'), target_fixture="what")
def asks(agent, what):
    if what == "unreachable":
        raise Unreachable("no answer: check OBO_TENANT_URL")
    if what == "unset":
        raise NotVerifiable("set OBO_SECOND_AGENT_CLIENT_ID")
    if what == "not offered":
        raise NotApplicable("no such feature")
    return what

@then("a token is issued")
def is_issued(what):
    issued(what)

@then("it is short")
def is_short(what):
    short(what)

@then("the answer reads")
def reads(docstring, datatable=None):
    assert docstring
"""


class Toy:
    """The folder, and what a run in it left."""

    def __init__(self, folder: Path, plugins: tuple[str, ...] = PLUGINS) -> None:
        self.folder = folder
        (folder / "features").mkdir()
        self.write("conftest.py", f"pytest_plugins = {list(plugins)!r}")
        self.write("pyproject.toml", SETTINGS)
        self.write("features/guide.toml", GUIDE)
        self.write("features/requirements.toml", REQUIREMENTS)
        self.write("toy_steps.py", STEPS)

    def write(self, name: str, text: str) -> None:
        """Write a file below the folder."""
        (self.folder / name).write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pytest there, without any variable of this suite."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("OBO_", "PYTEST_"))}
        environ["PYTHONPATH"] = os.pathsep.join([str(self.folder), str(ROOT)])
        command = [sys.executable, "-m", "pytest", *arguments]
        return subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)  # noqa: S603

    def results(self) -> dict[str, Any]:
        """Allure's results by scenario name; those of an outline by name and first parameter."""
        found = {}
        for path in (self.folder / "allure-results").glob("*-result.json"):
            result = json.loads(path.read_text(encoding="utf-8"))
            row = "".join(f" [{p['value']}]" for p in result.get("parameters", ()))
            found[result["name"] + row] = result
        return found

    def attachment(self, node: dict[str, Any], name: str) -> str:
        """Text of a step's attachment."""
        source: str = next(a["source"] for a in node["attachments"] if a["name"] == name)
        return (self.folder / "allure-results" / source).read_text(encoding="utf-8")
