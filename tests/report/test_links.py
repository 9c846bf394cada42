"""Clauses of RFCs lead to where they are read."""

from __future__ import annotations

import pytest

from fixtures.report.links import linked

RFC = "https://www.rfc-editor.org/rfc"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("RFC 8693 §2.1", f"[RFC 8693 §2.1]({RFC}/rfc8693#section-2.1)"),
        ("RFC 8693 §2.1, §2.2.2", f"[RFC 8693 §2.1]({RFC}/rfc8693#section-2.1), §2.2.2"),
        ("RFC 7519 §4.1.3 (case)", f"[RFC 7519 §4.1.3]({RFC}/rfc7519#section-4.1.3) (case)"),
        ("RFC 9700", f"[RFC 9700]({RFC}/rfc9700)"),
        ("Guide resp (3)", "Guide resp (3)"),
    ],
)
def test_an_rfc_is_a_link_and_all_else_stays(source: str, shown: str) -> None:
    assert linked(source) == shown
