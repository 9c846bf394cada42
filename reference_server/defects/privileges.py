"""F1, privilege: how an agent's privileges are looked up, judged and saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reference_server.am.agents import AgentRecord, AgentRegistry
from reference_server.am.documents import Document
from reference_server.defects.configuration import when_saved
from reference_server.defects.registry import defect
from reference_server.idm.objects import ManagedObjects, Object, Written
from reference_server.idm.relationship_fields import Target
from reference_server.idm.schema import ManagedType, Relationship
from reference_server.oauth.authorization_server import AuthorizationServer
from reference_server.oauth.clients import Client
from reference_server.oauth.errors import invalid_audience, invalid_exchange
from reference_server.oauth.tokens import Token
from reference_server.planting import in_each_realm

if TYPE_CHECKING:
    from reference_server.tenant import Tenant

PRIVILEGE = "aiagentprivilege"


def skip_privileges(server: AuthorizationServer, where: Callable[[Client, Token], bool]) -> None:
    """Where this holds of agent and subject, look no privilege up: any scope of any known application is granted."""
    grant = server.privileges.grant

    def granting(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        if not where(agent, subject):
            return grant(agent, subject, audience, requested)
        application = server.clients.active(audience)
        if application is None or application.is_agent:
            raise invalid_audience()
        return server.scopes.grant(application.scopes, requested)

    server.privileges.grant = granting


@defect(
    "privilege-not-required",
    "OBO-3.1-02",
    "OBO-3.2-06",
    "OBO-ACT-02",
    "OBO-LIF-08",
    "OBO-AUT-02",
    wrong="an agent with the exchange grant may exchange for any known application, no privilege is looked up",
    family="configuration",
    core=True,
)
@in_each_realm
def privilege_not_required(server: AuthorizationServer) -> None:
    skip_privileges(server, lambda *_: True)


@defect(
    "privilege-any-app-suffices",
    "OBO-3.2-06",
    "OBO-3.2-14",
    "OBO-AUD-04",
    wrong="checks that the agent has some privilege, not that it is for the application asked for",
    family="configuration",
    core=True,
)
@in_each_realm
def privilege_any_app_suffices(server: AuthorizationServer) -> None:
    privileges, clients = server.privileges, server.clients
    privileges.names_application = lambda privilege, audience: (
        privileges.application_of(privilege) is not None and clients.active(audience) is not None
    )


@defect(
    "privileges-pooled",
    "OBO-3.2-14",
    wrong="merges all privileges of the agent: application of one, subjects of another, permissions of a third",
    family="configuration",
    core=True,
)
@in_each_realm
def privileges_pooled(server: AuthorizationServer) -> None:
    privileges = server.privileges

    def pooling(agent: Client, subject: Token, audience: str, requested: Sequence[str]) -> tuple[str, ...]:
        pool = privileges.of(agent)
        if not any(privileges.names_application(privilege, audience) for privilege in pool):
            raise invalid_audience()
        if not any(privileges.covers(privilege, agent, subject) for privilege in pool):
            raise invalid_exchange()
        permitted = [scope for privilege in pool for scope in privileges.permitted_scopes(privilege)]
        return server.scopes.grant(permitted, requested)

    privileges.grant = pooling


@defect(
    "half-saved-privilege-is-live",
    "OBO-3.2-07",
    wrong="a privilege saved with a resource but without subjects and permissions already authorises everything",
    family="configuration",
    core=True,
    warning=True,
)
@in_each_realm
def half_saved_privilege_is_live(server: AuthorizationServer) -> None:
    privileges, covers = server.privileges, server.privileges.covers

    def covering(privilege: str, agent: Client, subject: Token) -> bool:
        is_half_saved = privileges.selects_nobody(privilege) and privileges.selected_scopes(privilege) is None
        return is_half_saved or covers(privilege, agent, subject)

    privileges.covers = covering


@defect(
    "subjects-not-enforced",
    "OBO-3.2-08",
    "OBO-3.2-09",
    "OBO-3.2-10",
    "OBO-LIF-09",
    wrong="any user's token may be exchanged once the agent has a privilege",
    family="configuration",
    core=True,
)
@in_each_realm
def subjects_not_enforced(server: AuthorizationServer) -> None:
    server.privileges.selects_user = lambda *_: True


@defect(
    "any-group-membership-suffices",
    "OBO-3.2-09",
    wrong="accepts a user who is in some group, not in a selected one",
    family="configuration",
    core=True,
)
@in_each_realm
def any_group_membership_suffices(server: AuthorizationServer) -> None:
    def selecting(privilege: str, user_id: str) -> bool:
        return bool(server.privileges.related(privilege, "subjectGroups") and server.users.groups_of(user_id))

    server.privileges.selects_group_of = selecting


@defect(
    "empty-subjects-means-everyone",
    "OBO-3.2-07",
    "OBO-3.2-10",
    wrong="treats empty Subjects and Subject Groups as no restriction, by analogy with empty Permissions",
    family="configuration",
    core=True,
    warning=True,
)
@in_each_realm
def empty_subjects_means_everyone(server: AuthorizationServer) -> None:
    privileges, selects_user = server.privileges, server.privileges.selects_user

    def selecting(privilege: str, user_id: str) -> bool:
        return privileges.selects_nobody(privilege) or selects_user(privilege, user_id)

    privileges.selects_user = selecting


@defect(
    "permissions-not-enforced",
    "OBO-3.2-11",
    "OBO-SCP-01",
    "OBO-SCP-07",
    "OBO-HIL-04",
    wrong="grants any scope of the application, whatever Permissions says",
    family="configuration",
    core=True,
)
@in_each_realm
def permissions_not_enforced(server: AuthorizationServer) -> None:
    server.privileges.selected_scopes = lambda *_: None


@defect(
    "empty-permissions-means-anything",
    "OBO-3.2-12",
    wrong="with empty Permissions grants scopes that the application does not have",
    family="configuration",
    core=True,
)
@in_each_realm
def empty_permissions_means_anything(server: AuthorizationServer) -> None:
    grant_scopes, selected_scopes = server.privileges.grant_scopes, server.privileges.selected_scopes

    def granting(privileges: Sequence[str], requested: Sequence[str]) -> tuple[str, ...]:
        if any(selected_scopes(privilege) is None for privilege in privileges):
            return tuple(requested)
        return grant_scopes(privileges, requested)

    server.privileges.grant_scopes = granting


@defect(
    "agent-recreate-inherits-privileges",
    "OBO-3.1-03",
    wrong="privileges are kept by client ID: an agent created under the ID of a deleted one has them again",
    family="configuration",
    core=True,
)
def agent_recreate_inherits_privileges(tenant: Tenant) -> None:
    for realm in tenant.realms.values():
        _revive_privileges(tenant.managed, realm.agents)


def _revive_privileges(managed: ManagedObjects, registry: AgentRegistry) -> None:
    privilege_type, identity_type = managed.type(f"{registry.realm}_{PRIVILEGE}"), f"{registry.realm}_aiagent"
    kept: dict[str, list[Object]] = {}
    delete = registry.delete

    def document(privilege: str) -> Object:
        fields = ("resource", "subjects", "subjectGroups")
        related = {name: managed.fields.value(privilege_type, privilege, name) for name in fields}
        return managed.read(privilege_type.name, privilege) | related

    def keep(record: AgentRecord) -> None:
        kept[record.id] = [document(p) for p in managed.related(identity_type, record.identity_uid or "", "privileges")]
        delete(record)

    def revive(record: AgentRecord, before: AgentRecord | None, _: Document) -> None:
        agent = {"_ref": f"managed/{identity_type}/{record.identity_uid}"}
        for remembered in kept.pop(record.id, []) if before is None and record.identity_uid else []:
            managed.put(privilege_type.name, remembered["_id"], remembered | {"agent": agent})

    registry.delete = keep
    when_saved(registry, revive)


@defect(
    "agent-default-allow",
    "OBO-3.1-02",
    wrong="an agent that has no privilege at all is not restricted",
    family="configuration",
)
@in_each_realm
def agent_default_allow(server: AuthorizationServer) -> None:
    skip_privileges(server, lambda agent, _: not server.privileges.of(agent))


@defect(
    "subject-groups-ignored",
    "OBO-3.2-09",
    wrong="only Subjects is read, Subject Groups is not",
    family="configuration",
)
@in_each_realm
def subject_groups_ignored(server: AuthorizationServer) -> None:
    server.privileges.selects_group_of = lambda *_: False


@defect(
    "subjects-and-groups-intersected",
    "OBO-3.2-09",
    wrong="where Subjects and Subject Groups are both set, asks for both instead of either",
    family="configuration",
)
@in_each_realm
def subjects_and_groups_intersected(server: AuthorizationServer) -> None:
    privileges, covers = server.privileges, server.privileges.covers

    def covering(privilege: str, agent: Client, subject: Token) -> bool:
        user = subject.end_user
        if user and privileges.related(privilege, "subjects") and privileges.related(privilege, "subjectGroups"):
            return privileges.selects_user(privilege, user) and privileges.selects_group_of(privilege, user)
        return covers(privilege, agent, subject)

    privileges.covers = covering


@defect(
    "empty-permissions-means-none",
    "OBO-3.2-12",
    wrong="empty Permissions grant nothing",
    family="configuration",
)
@in_each_realm
def empty_permissions_means_none(server: AuthorizationServer) -> None:
    selected_scopes = server.privileges.selected_scopes
    server.privileges.selected_scopes = lambda privilege: selected_scopes(privilege) or set()


@defect(
    "privilege-save-loses-groups",
    "OBO-3.2-13",
    wrong="a save of a privilege clears the relationship lists that it does not mention",
    family="configuration",
    warning=True,
)
def privilege_save_loses_groups(tenant: Tenant) -> None:
    assign = tenant.managed.fields.assign

    def assigning(managed_type: ManagedType, object_id: str, targets: Mapping[Relationship, list[Target]]) -> bool:
        lists = [item for item in managed_type.relationships.values() if item.many and managed_type.kind == PRIVILEGE]
        return assign(managed_type, object_id, {item: [] for item in lists} | dict(targets))

    tenant.managed.fields.assign = assigning


@defect(
    "custom-permission-dropped",
    "OBO-3.2-13",
    wrong="discards Permissions that are not among the application's scopes",
    family="configuration",
    warning=True,
)
def custom_permission_dropped(tenant: Tenant) -> None:
    managed = tenant.managed
    put, patch = managed.put, managed.patch

    def drop(type_name: str, written: Written) -> Written:
        managed_type, permissions = managed.type(type_name), written.object.get("permissions")
        if managed_type.kind != PRIVILEGE or not permissions:
            return written
        listed = tenant.oauth[managed_type.realm].privileges.application_scopes(written.object["_id"])
        kept = [item | {"values": [value for value in item["values"] if value in listed]} for item in permissions]
        if kept == permissions:
            return written
        return replace(
            put(type_name, written.object["_id"], written.object | {"permissions": kept}), created=written.created
        )

    managed.put = lambda type_name, object_id, document: drop(type_name, put(type_name, object_id, document))
    managed.patch = lambda type_name, object_id, operations: drop(type_name, patch(type_name, object_id, operations))


@defect(
    "autonomous-skips-privilege",
    "OBO-AUT-02",
    wrong="the exchange of an agent's own token bypasses the check of privileges",
    family="configuration",
)
@in_each_realm
def autonomous_skips_privilege(server: AuthorizationServer) -> None:
    skip_privileges(server, server.privileges.is_own_token)
