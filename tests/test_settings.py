"""Settings: what is read, what is refused, and that a refusal helps without showing a secret."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from fixtures.settings import Settings, SettingsError
from fixtures.settings.table import HAND_MADE, VARIABLES

ROOT = Path(__file__).resolve().parent.parent
KEY = rsa.generate_private_key(65537, 2048)
PRIVATE_JWK = RSAAlgorithm.to_jwk(KEY)
PUBLIC_JWK = RSAAlgorithm.to_jwk(KEY.public_key())
EC_JWK = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()))
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
WEAK_JWK = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024))  # noqa: S505 - must be refused
DAMAGED_JWK = json.dumps(json.loads(PRIVATE_JWK) | {"p": "AQAB"})

TENANT = {"OBO_TENANT_URL": "https://tenant.example"}
ACCOUNT = {"OBO_SERVICE_ACCOUNT_ID": "account", "OBO_SERVICE_ACCOUNT_JWK": PRIVATE_JWK}
PROVISION = {**TENANT, **ACCOUNT}
BY_HAND = {
    "OBO_APPLICATION_CLIENT_ID": "digital-assistant-web-app",
    "OBO_APPLICATION_CLIENT_SECRET": "secret-of-the-application",
    "OBO_APPLICATION_SCOPES": "openid read-data",
    "OBO_AGENT_CLIENT_ID": "digital-assistant-ai-agent",
    "OBO_AGENT_CLIENT_SECRET": "secret-of-the-agent",
    "OBO_AGENT_SCOPES": "read-data",
    "OBO_END_USER_USERNAME": "barbara.jensen",
    "OBO_END_USER_PASSWORD": "secret-of-the-user",
}
SECRETS = [value for name, value in BY_HAND.items() if "SECRET" in name or "PASSWORD" in name]


def without(variables: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name not in names}


def problems(variables: dict[str, str], dotenv: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.read(variables, dotenv)
    return str(refused.value).splitlines()


class TestModes:
    def test_nothing_set_is_the_bundled_reference_server(self) -> None:
        settings = Settings.read({})
        assert settings.mode == "embedded"
        assert settings.realm == "alpha"
        assert settings.exclusive_tenant
        assert settings.propagation_seconds == 0

    def test_a_service_account_provisions(self) -> None:
        settings = Settings.read(PROVISION)
        assert settings.mode == "provision"
        assert settings.service_account is not None
        assert settings.service_account.jwk == json.loads(PRIVATE_JWK)
        assert settings.propagation_seconds == 60
        assert not settings.exclusive_tenant

    def test_what_was_made_by_hand_is_verified(self) -> None:
        settings = Settings.read({**TENANT, **BY_HAND})
        assert settings.mode == "verify"
        assert settings.application is not None
        assert settings.application.scopes == ("openid", "read-data")
        assert settings.service_account is None

    def test_with_both_the_hand_made_actors_are_verified(self) -> None:
        settings = Settings.read({**PROVISION, **BY_HAND})
        assert settings.mode == "verify"
        assert settings.service_account is not None

    def test_any_authorization_server_by_its_issuer(self) -> None:
        settings = Settings.read({"OBO_ISSUER": "https://login.example/tenant/", **BY_HAND})
        assert settings.mode == "verify"
        assert settings.issuer == "https://login.example/tenant"

    def test_further_actors(self) -> None:
        second = {name.replace("OBO_", "OBO_SECOND_"): f"other-{value}" for name, value in BY_HAND.items()}
        settings = Settings.read({**TENANT, **BY_HAND, **second})
        assert settings.second_agent is not None
        assert settings.second_agent.client_id == "other-digital-assistant-ai-agent"
        assert settings.second_end_user is not None


class TestSources:
    def test_the_environment_wins_over_dotenv(self, tmp_path: Path) -> None:
        dotenv = tmp_path / ".env"
        dotenv.write_text("OBO_REALM=bravo\nOBO_MAX_IN_FLIGHT=3\n")
        settings = Settings.read({"OBO_REALM": "alpha"}, dotenv)
        assert (settings.realm, settings.max_in_flight) == ("alpha", 3)

    def test_dotenv_values_are_taken_as_written(self, tmp_path: Path) -> None:
        dotenv = tmp_path / ".env"
        lines = [f"{name}={value}" for name, value in without({**TENANT, **BY_HAND}, "OBO_END_USER_PASSWORD").items()]
        dotenv.write_text("\n".join([*lines, "OBO_END_USER_PASSWORD=a#b${HOME}$c", "# a remark", "OTHER=thing"]))
        settings = Settings.read({}, dotenv)
        assert settings.end_user is not None
        assert settings.end_user.password == "a#b${HOME}$c"

    def test_a_key_on_one_line_in_single_quotes(self, tmp_path: Path) -> None:
        dotenv = tmp_path / ".env"
        dotenv.write_text(
            f"OBO_TENANT_URL=https://tenant.example\nOBO_SERVICE_ACCOUNT_ID=a\nOBO_SERVICE_ACCOUNT_JWK='{PRIVATE_JWK}'\n"
        )
        assert Settings.read({}, dotenv).mode == "provision"

    def test_a_key_in_a_file(self, tmp_path: Path) -> None:
        key = tmp_path / "key.json"
        key.write_text(PRIVATE_JWK)
        variables = {**TENANT, "OBO_SERVICE_ACCOUNT_ID": "a", "OBO_SERVICE_ACCOUNT_JWK_FILE": str(key)}
        assert Settings.read(variables).mode == "provision"

    def test_empty_values_count_as_unset(self) -> None:
        assert Settings.read(dict.fromkeys(VARIABLES, " ")) == Settings.read({})

    def test_a_missing_dotenv_is_no_problem(self, tmp_path: Path) -> None:
        assert Settings.read({}, tmp_path / ".env").mode == "embedded"

    def test_a_line_that_is_no_assignment(self, tmp_path: Path) -> None:
        dotenv = tmp_path / ".env"
        dotenv.write_text("OBO_REALM=alpha\nthis is a secret\n")
        assert problems({}, dotenv) == [".env line 2: is not NAME=value; write one assignment on a line"]

    def test_a_dotenv_that_is_not_text(self, tmp_path: Path) -> None:
        dotenv = tmp_path / ".env"
        dotenv.write_bytes(b"OBO_REALM=\xff\xfe")
        assert problems({}, dotenv) == [".env: can't be read (not UTF-8 text); make it a text file that you may read"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://Tenant.Example/", "https://tenant.example"),
        ("https://tenant.example:443", "https://tenant.example"),
        ("https://tenant.example:8443", "https://tenant.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_tenant_urls_are_brought_into_one_form(written: str, read: str) -> None:
    assert Settings.read({**ACCOUNT, "OBO_TENANT_URL": written}).tenant_url == read


def test_plain_http_to_another_machine_has_to_be_allowed() -> None:
    variables = {**ACCOUNT, "OBO_TENANT_URL": "http://tenant.example", "OBO_ALLOW_HTTP": "1"}
    assert Settings.read(variables).tenant_url == "http://tenant.example"


OFFLINE = {
    "URL without scheme": (
        PROVISION | {"OBO_TENANT_URL": "tenant.example"},
        "OBO_TENANT_URL",
        "https://tenant.example",
    ),
    "host and port only": (PROVISION | {"OBO_TENANT_URL": "tenant.example:8443"}, "OBO_TENANT_URL", "no scheme"),
    "URL with path": (
        PROVISION | {"OBO_TENANT_URL": "https://t.example/am"},
        "OBO_TENANT_URL",
        "alone: https://t.example",
    ),
    "URL with query": (PROVISION | {"OBO_TENANT_URL": "https://t.example?a=b"}, "OBO_TENANT_URL", "query"),
    "URL with user info": (PROVISION | {"OBO_TENANT_URL": "https://me:pw@t.example"}, "OBO_TENANT_URL", "user info"),
    "URL not HTTPS": (PROVISION | {"OBO_TENANT_URL": "http://t.example"}, "OBO_TENANT_URL", "OBO_ALLOW_HTTP=1"),
    "URL of another kind": (PROVISION | {"OBO_TENANT_URL": "ftp://t.example"}, "OBO_TENANT_URL", "scheme"),
    "URL with bad port": (PROVISION | {"OBO_TENANT_URL": "https://t.example:port"}, "OBO_TENANT_URL", "port"),
    "placeholder left in": (PROVISION | {"OBO_TENANT_URL": "https://<tenant>"}, "OBO_TENANT_URL", "host name"),
    "issuer and tenant": ({**TENANT, **BY_HAND, "OBO_ISSUER": "https://i.example"}, "OBO_ISSUER", "keep one of them"),
    "issuer and service account": (
        {**ACCOUNT, "OBO_ISSUER": "https://i.example"},
        "OBO_SERVICE_ACCOUNT_ID",
        "OBO_TENANT",
    ),
    "issuer and second realm": (
        {**BY_HAND, "OBO_ISSUER": "https://i.example", "OBO_SECOND_REALM": "bravo"},
        "OBO_SECOND_REALM",
        "OBO_TENANT_URL",
    ),
    "issuer alone": ({"OBO_ISSUER": "https://i.example"}, "OBO_ISSUER", "eight hand-made variables"),
    "tenant alone": (TENANT, "OBO_TENANT_URL", "OBO_SERVICE_ACCOUNT_ID"),
    "no tenant": (ACCOUNT, "OBO_SERVICE_ACCOUNT_ID, OBO_SERVICE_ACCOUNT_JWK", "without OBO_TENANT_URL"),
    "JWK not JSON": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": "{kty"}, "OBO_SERVICE_ACCOUNT_JWK", "not JSON"),
    "JWK is PEM": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": PEM}, "OBO_SERVICE_ACCOUNT_JWK", "PEM"),
    "JWK no object": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": "[]"}, "OBO_SERVICE_ACCOUNT_JWK", "JSON object"),
    "JWK a key set": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": '{"keys":[]}'}, "OBO_SERVICE_ACCOUNT_JWK", "key set"),
    "JWK not RSA": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": EC_JWK}, "OBO_SERVICE_ACCOUNT_JWK", "not an RSA key"),
    "JWK public": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": PUBLIC_JWK}, "OBO_SERVICE_ACCOUNT_JWK", "public key"),
    "JWK damaged": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": DAMAGED_JWK}, "OBO_SERVICE_ACCOUNT_JWK", "damaged"),
    "JWK short": (PROVISION | {"OBO_SERVICE_ACCOUNT_JWK": WEAK_JWK}, "OBO_SERVICE_ACCOUNT_JWK", "1024 bits"),
    "JWK file missing": (
        {**TENANT, "OBO_SERVICE_ACCOUNT_ID": "a", "OBO_SERVICE_ACCOUNT_JWK_FILE": "/no/such/file"},
        "OBO_SERVICE_ACCOUNT_JWK_FILE",
        "No such file",
    ),
    "id without key": (without(PROVISION, "OBO_SERVICE_ACCOUNT_JWK"), "OBO_SERVICE_ACCOUNT_JWK", "missing beside"),
    "key without id": (without(PROVISION, "OBO_SERVICE_ACCOUNT_ID"), "OBO_SERVICE_ACCOUNT_ID", "missing beside"),
    "user without password": (without({**TENANT, **BY_HAND}, HAND_MADE[7]), "OBO_END_USER_PASSWORD", "task 4.1 step 1"),
    "agent without secret": (
        without({**TENANT, **BY_HAND}, HAND_MADE[4]),
        "OBO_AGENT_CLIENT_SECRET",
        "task 3.1 step 1",
    ),
    "application without scopes": (without({**TENANT, **BY_HAND}, HAND_MADE[2]), "OBO_APPLICATION_SCOPES", "task 2.2"),
    "some of the eight": (without({**TENANT, **BY_HAND}, *HAND_MADE[:3]), ", ".join(HAND_MADE[:3]), "are missing"),
    "second agent in part": (
        {**TENANT, **BY_HAND, "OBO_SECOND_AGENT_CLIENT_ID": "b"},
        "OBO_SECOND_AGENT_CLIENT_SECRET, OBO_SECOND_AGENT_SCOPES",
        "missing beside OBO_SECOND_AGENT_CLIENT_ID",
    ),
    "second user alone": (
        {**PROVISION, "OBO_SECOND_END_USER_USERNAME": "b", "OBO_SECOND_END_USER_PASSWORD": "secret"},
        "OBO_SECOND_END_USER_USERNAME",
        "hand-made",
    ),
    "typo": ({"OBO_TENNANT_URL": "https://t.example"}, "OBO_TENNANT_URL", "did you mean OBO_TENANT_URL?"),
    "typo in a secret": (
        {"OBO_AGENT_CLIENT_SECRETT": "secret"},
        "OBO_AGENT_CLIENT_SECRETT",
        "OBO_AGENT_CLIENT_SECRET?",
    ),
    "unknown": ({"OBO_WEATHER": "fine"}, "OBO_WEATHER", "README.md"),
    "not a number": ({"OBO_TIMEOUT_SECONDS": "soon"}, "OBO_TIMEOUT_SECONDS", "not a number"),
    "out of range": ({"OBO_TIMEOUT_SECONDS": "0"}, "OBO_TIMEOUT_SECONDS", "more than 0 and at most 600"),
    "not finite": ({"OBO_DEADLINE_SECONDS": "inf"}, "OBO_DEADLINE_SECONDS", "out of range"),
    "not whole": ({"OBO_MAX_IN_FLIGHT": "1.5"}, "OBO_MAX_IN_FLIGHT", "not a whole number"),
    "not a switch": ({"OBO_ALLOW_HTTP": "maybe"}, "OBO_ALLOW_HTTP", "neither 1 nor 0"),
    "no object": (PROVISION | {"OBO_USER_ATTRIBUTES": "[1]"}, "OBO_USER_ATTRIBUTES", "JSON object"),
    "realm with a path": ({"OBO_REALM": "/alpha"}, "OBO_REALM", "without slashes"),
    "realm twice": ({**PROVISION, "OBO_SECOND_REALM": "alpha"}, "OBO_SECOND_REALM", "same realm"),
    "scopes with commas": (
        {**TENANT, **BY_HAND, "OBO_AGENT_SCOPES": "a, b"},
        "OBO_AGENT_SCOPES",
        "separated by spaces",
    ),
    "bundle missing": ({"OBO_CA_BUNDLE": "/no/such/file"}, "OBO_CA_BUNDLE", "check the path"),
    "bundle no PEM": ({"OBO_CA_BUNDLE": __file__}, "OBO_CA_BUNDLE", "no PEM certificate"),
    "key without certificate": ({"OBO_CLIENT_KEY": __file__}, "OBO_CLIENT_KEY", "without OBO_CLIENT_CERTIFICATE"),
    "unusable certificate": ({"OBO_CLIENT_CERTIFICATE": __file__}, "OBO_CLIENT_CERTIFICATE", "can't be loaded"),
}


@pytest.mark.parametrize(("variables", "variable", "hint"), OFFLINE.values(), ids=OFFLINE)
def test_one_fault_is_one_line_that_names_variable_and_remedy(
    variables: dict[str, str], variable: str, hint: str
) -> None:
    (line,) = problems(variables)
    assert line.startswith(f"{variable}: ")
    assert hint in line
    assert "; " in line
    for secret in (*SECRETS, *variables.get("OBO_SERVICE_ACCOUNT_JWK", "nothing").split('"'), "me:pw"):
        assert len(secret) < 20 or secret not in line


def test_the_key_is_given_once(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text(PRIVATE_JWK)
    (line,) = problems({**PROVISION, "OBO_SERVICE_ACCOUNT_JWK_FILE": str(key)})
    assert line == "OBO_SERVICE_ACCOUNT_JWK_FILE: is set beside OBO_SERVICE_ACCOUNT_JWK; keep one of them"


def test_all_faults_are_told_at_once() -> None:
    lines = problems(
        {"OBO_TENANT_URL": "tenant.example", "OBO_REALM": "a b", "OBO_MAX_IN_FLIGHT": "x", "OBO_REALMS": "y"}
    )
    assert len(lines) == 5
    assert [line.partition(":")[0] for line in lines].count("OBO_TENANT_URL") == 2


def test_no_secret_is_in_a_repr() -> None:
    settings = Settings.read({**PROVISION, **BY_HAND})
    shown = repr(settings)
    assert settings.secrets()
    assert not [secret for secret in settings.secrets() if secret in shown]


def test_every_secret_is_known_for_masking() -> None:
    secrets = Settings.read({**PROVISION, **BY_HAND}).secrets()
    assert set(SECRETS) <= set(secrets)
    assert json.loads(PRIVATE_JWK)["d"] in secrets


def test_workers_share_what_bounds_the_requests() -> None:
    settings = Settings(max_in_flight=8, requests_per_second=10.0)
    assert (settings.shared_among(4).max_in_flight, settings.shared_among(4).requests_per_second) == (2, 2.5)
    assert settings.shared_among(20).max_in_flight == 1
    assert Settings().shared_among(4).requests_per_second is None


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.read({}).realm = "bravo"  # type: ignore[misc]


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
def test_every_variable_is_documented(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert [name for name in VARIABLES if name not in text] == []
