"""The guide's tasks 1 to 3, done in a fresh tenant, with a defect where a test asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference_server.defects.planted import guide_with
from tests.reference_server.oauth.world import Guide


@pytest.fixture
def guide(request: pytest.FixtureRequest) -> Iterator[Guide]:
    """A tenant of the test's own; the parameter is the name of a defect, or None."""
    name = getattr(request, "param", None)
    with guide_with(*([name] if name else [])) as guide:
        yield guide
