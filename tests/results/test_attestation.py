"""Signed results: only the key's own signature over unchanged results holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from fixtures.results.attestation import SignatureError, signed, verified
from fixtures.results.document import ResultsError
from tests.results.runs import results

TEXT = results().to_text()


def pair(folder: Path, kind: str = "EC") -> tuple[Path, Path]:
    """Files with a private key and its public half."""
    maker: dict[str, tuple[Any, Any]] = {
        "EC": (ECAlgorithm, lambda: ec.generate_private_key(ec.SECP256R1())),
        "RSA": (RSAAlgorithm, lambda: rsa.generate_private_key(65537, 2048)),
        "OKP": (OKPAlgorithm, ed25519.Ed25519PrivateKey.generate),
    }
    algorithm, make = maker[kind]
    key = make()
    files = folder / "private.json", folder / "public.json"
    for path, half in zip(files, (key, key.public_key()), strict=True):
        path.write_text(json.dumps(algorithm.to_jwk(half, as_dict=True)))
    return files


@pytest.mark.parametrize("kind", ["EC", "RSA", "OKP"])
def test_signed_results_are_read_with_the_public_key(tmp_path: Path, kind: str) -> None:
    private, public = pair(tmp_path, kind)
    token = signed(TEXT, private)
    assert verified(token, public) == verified(token, private) == results()
    assert jwt.get_unverified_header(token)["typ"] == "obo-results+jws"


def test_a_change_or_another_key_is_noticed(tmp_path: Path) -> None:
    private, public = pair(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = pair(tmp_path / "other")
    token = signed(TEXT, private)
    header, payload, signature = token.split(".")
    for forged, key in ((f"{header}.{payload[:-4]}AAAA.{signature}", public), (token, other)):
        with pytest.raises(SignatureError, match="the signature is not of this key"):
            verified(forged, key)
    for broken in ("", "x", f"{header}.{payload}", jwt.encode({}, "k" * 32, algorithm="HS256")):
        with pytest.raises(ResultsError, match="no signed results"):
            verified(broken, public)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "is no RSA"), ("{}", "is no RSA"), ('{"kty": "oct", "k": "eA"}', "is no RSA"), ('{"kty": "EC"}', "private")],
)
def test_what_is_no_key_is_refused(tmp_path: Path, text: str, said: str) -> None:
    key = tmp_path / "key.json"
    key.write_text(text)
    with pytest.raises(ResultsError, match=f"^key.json: .*{said}"):
        signed(TEXT, key)


def test_a_public_key_signs_nothing_and_a_damaged_one_neither(tmp_path: Path) -> None:
    private, public = pair(tmp_path)
    with pytest.raises(ResultsError, match="a private one is needed"):
        signed(TEXT, public)
    private.write_text(json.dumps(json.loads(private.read_text()) | {"x": "AA"}))
    with pytest.raises(ResultsError, match="is no usable key"):
        signed(TEXT, private)
    with pytest.raises(ResultsError, match="No such file"):
        signed(TEXT, tmp_path / "nothing.json")


def test_only_results_are_signed(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="is no JSON"):
        signed("x", pair(tmp_path)[0])
