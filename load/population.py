"""Who takes part in a load and who may act for whom: from this alone it follows how each request must be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from fixtures.scope_names import OPENID
from fixtures.tenant.actors import Client, EndUser, Secret, revived


@dataclass(frozen=True)
class Privilege:
    """What an administrator lets an AI agent do at an application (guide, task 3.2 step 5), by names and client IDs."""

    agent: str
    application: str
    users: tuple[str, ...]
    permissions: tuple[str, ...]
    """The scopes, spelt out where the privilege means all of them."""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of `dataclasses.asdict`, also after JSON."""
        return cls(plain["agent"], plain["application"], tuple(plain["users"]), tuple(plain["permissions"]))


@dataclass(frozen=True)
class Delegation:
    """An exchange that must be granted: an agent acts for a user at an application, within these scopes."""

    user: EndUser
    application: Client
    agent: Client
    permitted: tuple[str, ...]


@dataclass(frozen=True)
class Population:
    """Users, applications, agents and privileges, of which no two are for the same agent and application."""

    users: tuple[EndUser, ...]
    applications: tuple[Client, ...]
    agents: tuple[Client, ...]
    privileges: tuple[Privilege, ...]

    @cached_property
    def delegations(self) -> tuple[Delegation, ...]:
        """Everything that is permitted."""
        agents, applications = _by_id(self.agents), _by_id(self.applications)
        return tuple(
            Delegation(user, applications[each.application], agents[each.agent], each.permissions)
            for each in self.privileges
            for user in self.users
            if user.username in each.users
        )

    def covers(self, agent: Client, application: Client, user: EndUser) -> bool:
        """Whether an agent may act for a user at an application."""
        return (agent.client_id, application.client_id, user.username) in self._covered

    @cached_property
    def _covered(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((p.agent, p.application, name) for p in self.privileges for name in p.users)

    def uncovered_users(self, permitted: Delegation) -> list[EndUser]:
        """For whom the same agent must not act at the same application."""
        return [user for user in self.users if not self.covers(permitted.agent, permitted.application, user)]

    def forbidden_applications(self, permitted: Delegation) -> list[Client]:
        """Where the same agent must not act for the same user."""
        return [each for each in self.applications if not self.covers(permitted.agent, each, permitted.user)]

    def withheld_scopes(self, permitted: Delegation) -> list[str]:
        """Scopes of the application beyond the privilege."""
        return sorted(set(permitted.application.scopes) - {OPENID, *permitted.permitted})

    def others(self, user: EndUser) -> frozenset[str]:
        """What names any other user: UUIDs, where they are known, and user names."""
        return frozenset(name for each in self.users if each != user for name in (each.id, each.username) if name)

    @property
    def secrets(self) -> list[Secret]:
        """Every password and client secret."""
        clients = (*self.applications, *self.agents)
        return [*(user.password for user in self.users), *(client.client_secret for client in clients)]

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The inverse of `dataclasses.asdict`, also after JSON."""
        return cls(
            users=tuple(revived(EndUser, each) for each in plain["users"]),
            applications=tuple(revived(Client, each) for each in plain["applications"]),
            agents=tuple(revived(Client, each) for each in plain["agents"]),
            privileges=tuple(Privilege.from_plain(each) for each in plain["privileges"]),
        )


def _by_id(clients: tuple[Client, ...]) -> dict[str, Client]:
    return {client.client_id: client for client in clients}
