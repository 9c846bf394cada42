"""Results of runs that never took place."""

from __future__ import annotations

from typing import Any

from fixtures.results.document import Place, RequirementResult, RunResults, ScenarioResult

ARM = "features/task_4_2.feature: It works"


def requirement(id: str = "OBO-4.2X-01", outcome: str = "verified", **changes: Any) -> RequirementResult:
    """What became of a requirement."""
    usual = {
        "level": "MUST",
        "statement": "A token MUST be issued.",
        "part": "the guide",
        "heading": "Task 4.2 Get a token",
        "reason": "" if outcome == "verified" else "expected a token; actual: none",
        "explained": True,
        "guide": (Place("Task 4.2, step 1", "URL"),),
        "sources": ("RFC 8693 §2.2.1",),
        "scenarios": (ARM,),
        "look": "Look at Task 4.2, step 1 (URL)",
    }
    return RequirementResult(id=id, outcome=outcome, **(usual | changes))


def scenario(id: str = ARM, outcome: str = "verified", **changes: Any) -> ScenarioResult:
    """What became of a scenario."""
    usual: dict[str, Any] = {"feature": id.partition(": ")[0], "line": 12, "reason": "", "seconds": 1.0, "retries": 0}
    return ScenarioResult(id=id, outcome=outcome, **(usual | changes))


def results(*requirements: RequirementResult, **changes: Any) -> RunResults:
    """A run with these requirements."""
    usual = {
        "suite_version": "1.2.3",
        "suite_commit": None,
        "settings_digest": "0" * 64,
        "target": "https://tenant.example.com",
        "realm": "alpha",
        "mode": "verify",
        "profile": "guide",
        "fail_on": "must",
        "started": "2026-11-25T08:00:00.000+00:00",
        "finished": "2026-11-25T08:00:10.000+00:00",
        "interrupted": None,
        "exit_status": 0,
        "retries": {},
        "verdicts": {"the guide": "conforms"},
        "scenarios": (scenario(),),
    }
    return RunResults(requirements=requirements or (requirement(),), **(usual | changes))
