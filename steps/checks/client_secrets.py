"""Checks that a client secret can't be viewed again (guide, task 2.1 step 4b)."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from steps.checks.evidence import Answer, brief
from steps.checks.verdict import Nonconformity, Remark, Remarks, check

REVERSIBLY_ENCRYPTED = re.compile(r'-encrypted"\s*:\s*"[^"]')
BASE64_TEXT = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


@check("OBO-2.1-03")
def secrets_hidden(answers: Mapping[str, Answer], secrets: Collection[str]) -> Remarks:
    """No answer contains a client secret, in clear or in base64."""
    if not answers or not all(secrets) or not secrets:
        raise Nonconformity("answers to look through, and secrets to look for", "none")
    for what, answer in answers.items():
        if answer.status != 200:
            raise Nonconformity(f"{what} readable", brief(answer))
        shown = {answer.text, *_texts(answer.members)}
        shown |= {text for run in BASE64_TEXT.findall(answer.text) for text in _decoded(run)}
        if any(secret in text for secret in secrets for text in shown):
            raise Nonconformity("no client secret in any answer", f"{what} shows one")
    if any(REVERSIBLY_ENCRYPTED.search(answer.text) for answer in answers.values()):
        return [Remark("SHOULD", "an answer holds a secret in reversible encryption")]
    return None


def _texts(value: Any) -> Iterator[str]:
    """All strings of a JSON value: a secret with a quote or a slash may be escaped in the text of an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _decoded(run: str) -> list[str]:
    padded = run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)
    texts = []
    for alphabet in (base64.b64decode, base64.urlsafe_b64decode):
        try:
            texts.append(alphabet(padded).decode("utf-8", "ignore"))
        except ValueError:
            continue
    return texts
