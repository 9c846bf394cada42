"""The page is made smaller and keeps to itself."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path

from fixtures.page.packing import POLICY, pack

ANALYTICS = (
    '<script async src="https://www.googletagmanager.com/gtag/js?id=X"></script>\n<script>\n  gtag("js");\n</script>'
)

SCENARIO = b'{"id":"17","name":"It is refused","status":"failed","titlePath":["features","a.feature"]}'


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def page(*calls: str, program: str = "") -> str:
    """A page as the generator builds it."""
    data = f"<script defer>\n  Promise.allSettled([{','.join(calls)}])\n .then(ready)\n</script>" if calls else ""
    return f"<head>{ANALYTICS}<title>x</title></head><body>{program}{data}</body>"


def test_program_and_data_are_packed_and_analytics_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    program = f'<script   src="data:text/javascript;base64,{encoded(b"let a; " * 9000)}"></script>'
    calls = (
        f'd("data/test-results/17.json","{encoded(SCENARIO)}")',
        f'd("a.json","{encoded(b"{}" * 9000)}")',
        f'd("b.bin","{encoded(bytes([255]))}")',
    )
    path.write_text(page(*calls, program=program))

    pack(path, lambda ids: f"<p>{ids}</p>")

    text = path.read_text()
    assert "<body>\n<p>{('features/a.feature', 'It is refused'): '17'}</p>" in text
    assert "googletagmanager" not in text
    assert "gtag" not in text
    assert len(text) < 4000
    packed = re.search(r'<script id="packed" type="text/plain">([^<]*)</script>', text)
    assert packed
    files = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert files.pop("programs") == ["let a; " * 9000]
    assert files["text"].pop("data/test-results/17.json") == SCENARIO.decode()
    assert files == {"text": {"a.json": "{}" * 9000}, "base64": {"b.bin": "/w=="}}


def test_a_page_of_another_build_only_loses_its_analytics(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    path.write_text(page())
    pack(path)
    assert path.read_text() == f"<head>\n    {POLICY}<title>x</title></head><body></body>"
