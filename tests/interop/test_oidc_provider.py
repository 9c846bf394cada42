"""The suite in verify mode at an authorization server that is not ours: what isn't green there really is different."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fixtures.results.document import DEFAULT_FILE, RunResults
from tests.end_to_end.conformance_run import run
from tests.interop.conftest import Tell
from tests.interop.foreign_server import SetUp, oidc_provider
from tests.interop.tools import tool

DIFFERENCES = {
    "OBO-2.2-02": "failed: a client that may not use a grant gets invalid_request, not unauthorized_client (RFC 6749 "
    "section 5.2)",
    "OBO-2.2-04": "warning: client_secret_post and client_secret_basic are one method there",
    "OBO-ERR-01": "warning: GET is answered by the router, 404 with the text Not Found and no OAuth error",
    "OBO-ERR-02": "warning: invalid_request instead of unauthorized_client, as above",
    "OBO-HYG-02": "warning: the router's 404 lacks Cache-Control, too",
}
"""All that is not green at oidc-provider, and why."""
TOLD = ("verified", "warning", "failed", "broken", "not verified", "not applicable")


@pytest.mark.parametrize(
    ("set_up", "at_least"),
    [(SetUp("opaque", "appended"), 80), (SetUp("jwt", "inserted"), 90)],
    ids=["reference tokens, OpenID discovery", "JWTs, RFC 8414 discovery"],
)
def test_the_suite_at_oidc_provider(set_up: SetUp, at_least: int, tmp_path: Path, tell: Tell) -> None:
    with oidc_provider(set_up, tool("node")) as issuer:
        finished = run(set_up.variables(issuer), tmp_path / "allure-results")
    results = RunResults.read(tmp_path / DEFAULT_FILE)
    counts = Counter(found.outcome for found in results.requirements)
    tell(f"oidc-provider, {set_up.format}: {', '.join(f'{word} {counts[word]}' for word in TOLD)}")

    amiss = {found.id: f"{found.outcome}: {found.reason}" for found in results.requirements if _is_amiss(found.outcome)}
    assert {name: what.partition(":")[0] for name, what in amiss.items()} == {
        name: what.partition(":")[0] for name, what in DIFFERENCES.items()
    }, amiss
    assert counts["verified"] >= at_least, finished.output
    assert all(found.explained for found in results.requirements), finished.output
    assert set_up.secrets["A"] not in finished.output


def _is_amiss(outcome: str) -> bool:
    return outcome in ("failed", "broken", "warning", "waived")
