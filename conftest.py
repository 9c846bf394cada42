"""Wiring only: the plugins that make up the suite. A module stands behind those that it imports."""

pytest_plugins = [
    "fixtures.collector",
    "steps.requests",
    "steps.own_agent",
    "steps.user_token_steps",
    "steps.request_steps",
    "steps.exchange_steps",
    "steps.grant_steps",
    "steps.refusal_steps",
    "steps.introspection_steps",
    "steps.provider_steps",
    "steps.administrator_steps",
    "steps.application_steps",
    "steps.agent_steps",
    "steps.privilege_steps",
    "steps.end_user_steps",
    "steps.audit_steps",
]
