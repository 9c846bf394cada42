"""Privileges: agent x application x (subjects or members of groups) x permissions (guide, task 3.2 step 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reference_server.oauth.clients import Client, Clients
from reference_server.oauth.errors import invalid_audience, invalid_exchange
from reference_server.oauth.scopes import Scopes
from reference_server.oauth.tokens import Token
from reference_server.oauth.users import Users

if TYPE_CHECKING:
    from reference_server.tenant import Tenant


class Privileges:
    """Decides what an agent may do, from the managed objects as they are right now.

    Each privilege is judged by itself: application, subject and scopes of a request must be covered by the same one.
    """

    def __init__(self, tenant: Tenant, realm: str, clients: Clients, users: Users, scopes: Scopes) -> None:
        self._managed = tenant.managed
        self._realm = realm
        self.clients = clients
        self.users = users
        self.scopes = scopes

    def grant(self, agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        """The scopes that the agent gets at an application for a subject, or the refusal."""
        privileges = [privilege for privilege in self.of(agent) if self.names_application(privilege, audience)]
        if not privileges:
            raise invalid_audience()
        privileges = [privilege for privilege in privileges if self.covers(privilege, agent, subject)]
        if not privileges:
            raise invalid_exchange()
        return self.grant_scopes(privileges, requested)

    def grant_scopes(self, privileges: Sequence[str], requested: Sequence[str]) -> tuple[str, ...]:
        """The scopes requested, if one of the privileges permits them all; else what the last one refuses."""
        permitted = [self.permitted_scopes(privilege) for privilege in privileges]
        enough = next((scopes for scopes in permitted if not self.scopes.refused(scopes, requested)), permitted[-1])
        return self.scopes.grant(enough, requested)

    def of(self, agent: Client) -> list[str]:
        """Ids of the agent's privileges, by its identity: one re-created under an old client ID starts without any."""
        uid = agent.record.identity_uid
        return [] if uid is None else self._managed.related(f"{self._realm}_aiagent", uid, "privileges")

    def names_application(self, privilege: str, audience: str) -> bool:
        """Whether the privilege is for this application, whose client must exist and be active (step 5b)."""
        return self.application_of(privilege) == audience and self.clients.active(audience) is not None

    def application_of(self, privilege: str) -> str | None:
        """Client ID of the privilege's resource."""
        for application_id in self.related(privilege, "resource"):
            application = self._managed.get(f"{self._realm}_application", application_id) or {}
            client_id: str | None = (application.get("ssoEntities") or {}).get("oidcId")
            return client_id
        return None

    def covers(self, privilege: str, agent: Client, subject: Token) -> bool:
        """Whether the agent may act for the subject: a user selected (step 5d), or itself where nobody is."""
        if subject.end_user is None:
            return self.is_own_token(agent, subject) and self.selects_nobody(privilege)
        return self.selects_user(privilege, subject.end_user) or self.selects_group_of(privilege, subject.end_user)

    def selects_user(self, privilege: str, user_id: str) -> bool:
        """Whether the user is among the privilege's Subjects."""
        return self._managed.is_related(self._type, privilege, "subjects", f"{self._realm}_user", user_id)

    def selects_group_of(self, privilege: str, user_id: str) -> bool:
        """Whether the user is a member of one of the privilege's Subject Groups."""
        groups = self.related(privilege, "subjectGroups")
        return bool(groups) and not self.users.groups_of(user_id).isdisjoint(groups)

    def selects_nobody(self, privilege: str) -> bool:
        """Whether neither Subjects nor Subject Groups are set, as the privileges of autonomous agents are."""
        return not self.related(privilege, "subjects") and not self.related(privilege, "subjectGroups")

    def is_own_token(self, agent: Client, subject: Token) -> bool:
        """Whether a token without a user is the agent's own."""
        return subject.subject == agent.id and subject.client_id == agent.id

    def permitted_scopes(self, privilege: str) -> list[str]:
        """The application's present scopes, as far as the Permissions select them; empty Permissions select all."""
        assigned, selected = self.application_scopes(privilege), self.selected_scopes(privilege)
        return assigned if selected is None else [scope for scope in assigned if scope in selected]

    def selected_scopes(self, privilege: str) -> set[str] | None:
        """The scopes that the Permissions name, None where they are empty (step 5e)."""
        permissions = (self._managed.get(self._type, privilege) or {}).get("permissions") or []
        if not any(permission.get("values") for permission in permissions):
            return None
        return {v for permission in permissions if permission.get("type") == "scopes" for v in permission["values"]}

    def application_scopes(self, privilege: str) -> list[str]:
        """The scopes assigned to the OAuth client of the privilege's application (guide, task 2.2 step 4b)."""
        client = self.clients.active(self.application_of(privilege) or "")
        return [] if client is None else client.scopes

    def related(self, privilege: str, field: str) -> list[str]:
        """The ids of the objects that one of the privilege's fields refers to."""
        return self._managed.related(self._type, privilege, field)

    @property
    def _type(self) -> str:
        return f"{self._realm}_aiagentprivilege"
