"""What a scenario may do to objects of its own."""

from __future__ import annotations

from pathlib import Path

from fixtures.tenant import console
from fixtures.tenant.admin import Administration
from fixtures.tenant.workshop import Workshop


def test_default_scopes_are_set_on_both_clients(admin: Administration, tmp_path: Path) -> None:
    with Workshop.begin(admin, tmp_path) as workshop:
        application = workshop.create_application(scopes=["read-data", "write-data"])
        agent = workshop.create_agent()
        workshop.set_default_scopes(application, agent, ["read-data"])
        saved = [admin.client(application.client_id) or {}, admin.agent(agent.client_id) or {}]
        assert [console.value_of(document, console.CORE, "defaultScopes") for document in saved] == [["read-data"]] * 2
        assert console.value_of(saved[0], console.CORE, "scopes") == ["read-data", "write-data"]
        assert workshop.findings == []
