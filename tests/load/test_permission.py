"""A load goes to this machine, or to the one host whose owner agreed; anywhere else nothing is sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from load import permission
from load.__main__ import main


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "https://localhost", "http://[::1]:1", ""])
def test_this_machine_needs_no_leave(url: str) -> None:
    permission.demand([url], None)


@pytest.mark.parametrize("url", ["https://tenant.example/am", "https://TENANT.example:8443"])
def test_the_host_that_is_named_may_be_loaded(url: str) -> None:
    permission.demand([url], "Tenant.Example")


@pytest.mark.parametrize("allowed", [None, "1", "example", "*.example", "tenant.example.org", "https://tenant.example"])
def test_any_other_host_is_refused_with_the_remedy(allowed: str | None) -> None:
    with pytest.raises(permission.NotAllowed, match=r"set OBO_ALLOW_LOAD=tenant\.example"):
        permission.demand(["http://127.0.0.1", "https://tenant.example"], allowed)


def test_the_command_refuses_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("OBO_")]:
        monkeypatch.delenv(name)
    for name, value in {"ISSUER": "https://tenant.invalid", **_ACTORS}.items():
        monkeypatch.setenv(f"OBO_{name}", value)
    assert main([], root=tmp_path) == 4
    assert "OBO_ALLOW_LOAD=tenant.invalid" in capsys.readouterr().err


_ACTORS = {
    **{f"{party}_{what}": "x-1234" for party in ("APPLICATION", "AGENT") for what in ("CLIENT_ID", "CLIENT_SECRET")},
    **{f"{party}_SCOPES": "read-data" for party in ("APPLICATION", "AGENT")},
    **{f"END_USER_{what}": "x-1234" for what in ("USERNAME", "PASSWORD")},
}
