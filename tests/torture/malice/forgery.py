"""Tokens that nobody issued, made from one that somebody did."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWK
from jwt.algorithms import ECAlgorithm

Json = dict[str, Any]
BOMB_BYTES = 64 << 20
KID_TRICKS: dict[str, Any] = {
    "a path": "../../../../../../dev/null",
    "an absolute path": "/dev/null",
    "SQL": "' OR '1'='1' --",
    "SQL that yields a key": "x' UNION SELECT 'AA' --",
    "a command": "key|/usr/bin/id",
    "an address": "http://127.0.0.1:1/key",
    "very long": "k" * 6000,
    "longer than a header may be": "k" * 100_000,
    "NUL": "key\x00",
    "nothing": "",
    "null": None,
    "a number": 1,
    "true": True,
    "a list": ["key"],
    "an object": {"key": "key"},
    "no text": "\ud800",
}


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    """The bytes of a part."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def text(value: Any) -> str:
    """JSON as a part of a token."""
    return encoded(json.dumps(value).encode("utf-8", "surrogatepass"))


class Forger:
    """Knows an honest token and the public key that verifies it, as everybody may."""

    def __init__(self, token: str, jwk: Json) -> None:
        self.token = token
        self.head, self.payload, self.signature = token.split(".")
        self.header: Json = json.loads(decoded(self.head))
        self.claims: Json = json.loads(decoded(self.payload))
        self.jwk = jwk
        self.public_key = PyJWK(jwk).key
        self.own_key = ec.generate_private_key(ec.SECP256R1())
        self.own_jwk = ECAlgorithm.to_jwk(self.own_key.public_key(), as_dict=True)

    def forgeries(self) -> dict[str, str]:
        """Every token by what is wrong with it."""
        kinds: tuple[Callable[[], dict[str, str]], ...] = (
            self.unsigned,
            self.confused,
            self.tricked,
            self.misled,
            self.encrypted,
            self.respelled,
            self.altered,
            self.huge,
        )
        return {name: token for kind in kinds for name, token in kind().items()}

    def unsigned(self) -> dict[str, str]:
        """`alg: none`, and signatures that are none."""
        heads = {name: text(self.header | {"alg": name}) for name in ("none", "None", "NONE", "nOnE", "", "null")}
        tokens = {f"alg {name!r}": f"{head}.{self.payload}." for name, head in heads.items()}
        tokens |= {f"alg {name!r}, signed": f"{head}.{self.payload}.{self.signature}" for name, head in heads.items()}
        return tokens | {
            "no alg": f"{text({'typ': 'JWT'})}.{self.payload}.{self.signature}",
            "alg null": f"{text(self.header | {'alg': None})}.{self.payload}.",
            "alg a list": f"{text(self.header | {'alg': [self.header['alg']]})}.{self.payload}.{self.signature}",
            "no signature": f"{self.head}.{self.payload}.",
            "a signature of nothing but zeros": f"{self.head}.{self.payload}.{encoded(bytes(64))}",
            "two parts": f"{self.head}.{self.payload}",
            "four parts": f"{self.token}.{self.signature}",
        }

    def confused(self) -> dict[str, str]:
        """HMAC with what everybody knows as the secret; a signature in another form or of another algorithm."""
        secrets = {
            "PEM": self.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "DER": self.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            "JWK": json.dumps(self.jwk).encode(),
            "a member of it": next(str(self.jwk[name]) for name in ("x", "n") if name in self.jwk).encode(),
            "its name": str(self.header.get("kid")).encode(),
            "nothing": b"",
        }
        tokens = {}
        for name, secret in secrets.items():
            for header in (self.header | {"alg": "HS256"}, {"alg": "HS256", "typ": "JWT"}):
                signed = f"{text(header)}.{self.payload}"
                tag = hmac.digest(secret, signed.encode(), hashlib.sha256)
                tokens[f"HS256 with {name}, {len(header)} members"] = f"{signed}.{encoded(tag)}"
        half = len(raw := decoded(self.signature)) // 2
        der = encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
        tokens["the signature as DER"] = f"{self.head}.{self.payload}.{encoded(der)}"
        for algorithm in ("RS256", "PS256", "ES384", "ES512", "EdDSA", "HS512", "ES256K"):
            tokens[f"{algorithm} instead"] = f"{text(self.header | {'alg': algorithm})}.{self.payload}.{self.signature}"
        return tokens

    def tricked(self) -> dict[str, str]:
        """`kid` that leads elsewhere, with the empty secret, with another key and with the honest signature."""
        tokens = {}
        for name, kid in KID_TRICKS.items():
            tokens[f"kid: {name}"] = self.signed(self.header | {"kid": kid})
            signed = f"{text(self.header | {'kid': kid, 'alg': 'HS256'})}.{self.payload}"
            tokens[f"kid: {name}, HS256"] = f"{signed}.{encoded(hmac.digest(b'', signed.encode(), hashlib.sha256))}"
        return tokens

    def misled(self) -> dict[str, str]:
        """Keys that the token brings along, or says where to fetch."""
        address = "http://127.0.0.1:{port}/jwks"
        brought: Json = {
            "jwk": self.own_jwk | {"kid": self.header.get("kid")},
            "jku": address,
            "x5u": address,
            "x5c": [encoded(b"certificate")],
            "x5t": "AAAA",
            "crit": ["exp"],
            "b64": False,
            "cty": "JWT",
            "url": address,
        }
        tokens = {f"with {name}": self.signed(self.header | {name: value}) for name, value in brought.items()}
        tokens["signed by another"] = self.signed(self.header)
        tokens["with all of it"] = self.signed(self.header | brought)
        return tokens

    def encrypted(self) -> dict[str, str]:
        """JWE, which nobody here reads, least of all a compressed one."""
        squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
        bomb = squeezed.compress(bytes(BOMB_BYTES)) + squeezed.flush()
        header = {"alg": "dir", "enc": "A256GCM", "zip": "DEF"}
        return {
            "a bomb": ".".join([text(header), "", encoded(bytes(12)), encoded(bomb), encoded(bytes(16))]),
            "many rounds": ".".join(
                [text({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": 1 << 30}), *["AAAA"] * 4]
            ),
            "five parts": ".".join([self.head, self.payload, self.signature, "AAAA", "AAAA"]),
            "five empty parts": "....",
        }

    def respelled(self) -> dict[str, str]:
        """The honest token in other spellings: one string is the token, no other."""
        padding = "=" * (-len(self.signature) % 4) or "===="
        last = self.signature[-1]
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        spelled = {
            "padded": f"{self.head}.{self.payload}.{self.signature}{padding}",
            "with unused bits": self.token[:-1] + alphabet[alphabet.index(last) ^ 1],
            "in capitals": self.token.upper(),
            "with a line end within": self.token[:20] + "\n" + self.token[20:],
            "with a blank within": self.token[:20] + " " + self.token[20:],
            "with dots that look like dots": self.token.replace(".", "\u2024"),
            "with letters that look like letters": self.token.replace("e", "\u0435"),
            "with a letter of no width": self.token[:20] + "\u200b" + self.token[20:],
            "in full width": "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in self.token),
            "as JSON": json.dumps({"protected": self.head, "payload": self.payload, "signature": self.signature}),
            "in quotes": f'"{self.token}"',
            "with its scheme": f"Bearer {self.token}",
            "twice": f"{self.token}{self.token}",
            "cut short": self.token[:-10],
        }
        standard = self.token.replace("-", "+").replace("_", "/")
        return spelled | ({"in the other alphabet": standard} if standard != self.token else {})

    def altered(self) -> dict[str, str]:
        """Other claims under the honest signature."""
        changes: dict[str, Any] = {
            "another subject": self.claims | {"sub": "somebody else"},
            "more scopes": self.claims | {"scope": ["admin-action"]},
            "no end": self.claims | {"exp": 1 << 60},
            "no claims": {},
            "a list": [self.claims],
            "no object": None,
        }
        tokens = {name: f"{self.head}.{text(claims)}.{self.signature}" for name, claims in changes.items()}
        deep = encoded(b'{"a":' * 30_000 + b"1" + b"}" * 30_000)
        doubled = encoded(b'{"alg":"none",' + json.dumps(self.header).encode()[1:])
        return tokens | {
            "deep claims": f"{self.head}.{deep}.{self.signature}",
            "a deep header": f"{deep}.{self.payload}.{self.signature}",
            "a header with alg twice": f"{doubled}.{self.payload}.{self.signature}",
            "no UTF-8": f"{encoded(bytes([255, 254]))}.{self.payload}.{self.signature}",
            "a number beyond all": f"{encoded(b'9' * 5000)}.{self.payload}.{self.signature}",
        }

    def huge(self) -> dict[str, str]:
        """More than anybody needs."""
        return {
            "a hundred thousand dots": "." * 100_000,
            "a long signature": f"{self.head}.{self.payload}.{'A' * 200_000}",
            "long claims": f"{self.head}.{'A' * 200_000}.{self.signature}",
            "a megabyte": "A" * (1 << 20),
        }

    def signed(self, header: Json) -> str:
        """With a key that is not the realm's."""
        signing_input = f"{text(header)}.{self.payload}"
        algorithm = ECAlgorithm(ECAlgorithm.SHA256)
        return f"{signing_input}.{encoded(algorithm.sign(signing_input.encode(), self.own_key))}"
