"""Clients that are not ours, each doing the guide's requests in its own way against the endpoints of a realm."""

from __future__ import annotations

import json
import subprocess
from typing import Any, Final, Protocol
from urllib.parse import urlencode

import google.auth.exceptions
import google.auth.transport.requests
import google.oauth2.sts
import google.oauth2.utils
import requests_oauthlib
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, OAuth2Error

from fixtures.tenant.actors import Client, EndUser
from fixtures.tenant.oauth import Endpoints
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE, PASSWORD, TOKEN_EXCHANGE
from tests.interop.tools import tool

Members = dict[str, Any]
POST_BODY: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Refused(Exception):
    """The client says that it was refused: the OAuth error code as it understood it."""


class ForeignClient(Protocol):
    """What the guide's task 4 asks of a client. Each method gives the answer's members, or raises `Refused`."""

    def password(self, user: EndUser, application: Client, scope: str) -> Members: ...
    def exchange(self, token: str, agent: Client, audience: str, scope: str) -> Members: ...
    def introspect(self, token: str, by: Client) -> Members: ...


class GoogleAuth:
    """google-auth: its STS client exchanges; what it has no client for, password grant and introspection, it sends."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints
        self.transport = google.auth.transport.requests.Request()

    def password(self, user: EndUser, application: Client, scope: str) -> Members:
        fields = {"grant_type": PASSWORD, "username": user.username, "password": user.password, "scope": scope}
        return self._post(self.endpoints.token, application, fields)

    def exchange(self, token: str, agent: Client, audience: str, scope: str) -> Members:
        kind = google.oauth2.utils.ClientAuthType.request_body
        credentials = google.oauth2.utils.ClientAuthentication(kind, agent.client_id, agent.client_secret)
        client = google.oauth2.sts.Client(self.endpoints.token, credentials)
        try:
            answer: Members = client.exchange_token(
                self.transport,
                TOKEN_EXCHANGE,
                token,
                ACCESS_TOKEN_TYPE,
                audience=audience,
                scopes=scope.split(),
                requested_token_type=ACCESS_TOKEN_TYPE,
            )
        except google.auth.exceptions.OAuthError as refusal:
            raise Refused(str(refusal.args[0]).split()[2].rstrip(":")) from None  # "Error code invalid_scope: ..."
        return answer

    def introspect(self, token: str, by: Client) -> Members:
        return self._post(self.endpoints.introspection, by, {"token": token})

    def _post(self, url: str, by: Client, fields: dict[str, str]) -> Members:
        fields = {**fields, "client_id": by.client_id, "client_secret": str(by.client_secret)}
        answer = self.transport(url, method="POST", body=urlencode(fields).encode(), headers=POST_BODY)
        members: Members = json.loads(answer.data)
        return members


class Authlib:
    """Authlib's session: it has all three, token exchange as a grant type of the caller's."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints

    def password(self, user: EndUser, application: Client, scope: str) -> Members:
        session = self._session(application, scope)
        fetched = session.fetch_token(
            self.endpoints.token, grant_type=PASSWORD, username=user.username, password=str(user.password)
        )
        return dict(fetched)

    def exchange(self, token: str, agent: Client, audience: str, scope: str) -> Members:
        try:
            fetched = self._session(agent, scope).fetch_token(
                self.endpoints.token,
                grant_type=TOKEN_EXCHANGE,
                subject_token=token,
                subject_token_type=ACCESS_TOKEN_TYPE,
                audience=audience,
                scope=scope,
            )
        except OAuthError as refusal:
            raise Refused(refusal.error) from None
        return dict(fetched)

    def introspect(self, token: str, by: Client) -> Members:
        answer = self._session(by, None).introspect_token(self.endpoints.introspection, token, "access_token")
        members: Members = answer.json()
        return members

    def _session(self, client: Client, scope: str | None) -> OAuth2Session:
        secret, method = str(client.client_secret), "client_secret_post"
        return OAuth2Session(client.client_id, secret, token_endpoint_auth_method=method, scope=scope)


class RequestsOAuthlib:
    """requests-oauthlib: it has the password grant; the exchange is its extension point, introspection a plain POST."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints

    def password(self, user: EndUser, application: Client, scope: str) -> Members:
        client = LegacyApplicationClient(application.client_id, scope=scope)
        login = {"username": user.username, "password": str(user.password)}
        return self._fetched(client, application, **login)

    def exchange(self, token: str, agent: Client, audience: str, scope: str) -> Members:
        client = BackendApplicationClient(agent.client_id, scope=scope)
        client.grant_type = TOKEN_EXCHANGE
        subject = {"subject_token": token, "subject_token_type": ACCESS_TOKEN_TYPE}
        return self._fetched(client, agent, audience=audience, **subject)

    def introspect(self, token: str, by: Client) -> Members:
        form = {"token": token, "client_id": by.client_id, "client_secret": str(by.client_secret)}
        answer = requests_oauthlib.OAuth2Session().post(self.endpoints.introspection, data=form, withhold_token=True)
        members: Members = answer.json()
        return members

    def _fetched(self, client: Any, by: Client, **fields: str) -> Members:
        session = requests_oauthlib.OAuth2Session(client=client, scope=client.scope)
        try:
            fetched = session.fetch_token(
                self.endpoints.token, client_secret=str(by.client_secret), include_client_id=True, **fields
            )
        except OAuth2Error as refusal:
            raise Refused(refusal.error) from None
        return dict(fetched)


class Curl:
    """curl, as the guide uses it; the fields come by standard input, since arguments of a process are no secret."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.endpoints = endpoints
        self.command = [tool("curl"), "--silent", "--noproxy", "*", "--config", "-"]

    def password(self, user: EndUser, application: Client, scope: str) -> Members:
        login = {"username": user.username, "password": str(user.password), "scope": scope}
        return self._post(self.endpoints.token, application, grant_type=PASSWORD, **login)

    def exchange(self, token: str, agent: Client, audience: str, scope: str) -> Members:
        subject = {"subject_token": token, "subject_token_type": ACCESS_TOKEN_TYPE}
        return self._post(
            self.endpoints.token, agent, grant_type=TOKEN_EXCHANGE, audience=audience, scope=scope, **subject
        )

    def introspect(self, token: str, by: Client) -> Members:
        return self._post(self.endpoints.introspection, by, token=token)

    def _post(self, url: str, by: Client, **fields: str) -> Members:
        fields |= {"client_id": by.client_id, "client_secret": str(by.client_secret)}
        lines = [f'url = "{url}"', *(f'data-urlencode = "{name}={value}"' for name, value in fields.items())]
        finished = subprocess.run(  # noqa: S603
            self.command,
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=True,
        )
        members: Members = json.loads(finished.stdout)
        if "error" in members:
            raise Refused(members["error"])
        return members
