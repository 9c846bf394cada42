"""Wiring only: the plugins that make up the suite."""

from __future__ import annotations

import gc
from importlib import import_module

import pytest

PLUGINS = (
    "fixtures.gherkin.step_index",
    "fixtures.gherkin.documents",
    "fixtures.gherkin.collector",
    "fixtures.report.masking",
    "fixtures.report.results",
    "fixtures.report.environment",
    "fixtures.report.bookkeeping",
    "fixtures.report.bridge",
    "fixtures.restraint",
    "fixtures.workers",
    "fixtures.selection",
    "fixtures.session",
    "fixtures.step_fixtures",
    "fixtures.exclusive",
    "fixtures.anew",
    "fixtures.sharing",
    "fixtures.results.recording",
    "fixtures.results.terminal",
    "fixtures.report.progress",
    "steps.oversight",
    "steps.requests",
    "steps.exchanging",
    "steps.token_kinds",
    "steps.own_agent",
    "steps.own_application",
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
    "steps.signed_token_steps",
    "steps.forgery_steps",
    "steps.scope_steps",
    "steps.audience_steps",
    "steps.resource_server_steps",
    "steps.lifecycle_steps",
    "steps.change_steps",
    "steps.approval",
    "steps.backchannel_steps",
    "steps.client_authentication_steps",
    "steps.hygiene_steps",
    "steps.stranger_steps",
    "steps.discovery_steps",
    "steps.error_steps",
    "steps.subject_steps",
    "steps.realm_steps",
    "steps.own_subject_steps",
    "steps.chain_steps",
    "steps.autonomous_steps",
)


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Registers the plugins by hand: for each in `pytest_plugins` pytest reads what all installed packages offer."""
    gc.disable()  # until the first scenario: what is loaded before stays
    for name in PLUGINS:
        pluginmanager.register(import_module(name), name)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What is there before the first scenario stays to the end: collections of garbage needn't go through it."""
    gc.freeze()
    gc.enable()
