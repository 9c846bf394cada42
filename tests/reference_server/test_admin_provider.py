"""The OAuth2 provider service of a realm (`services/oauth-oidc`)."""

from __future__ import annotations

from tests.reference_server.administrator import Administrator

SERVICE = "services/oauth-oidc"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


def test_a_new_realm_allows_passwords_but_no_token_exchange_and_signs_with_es256(admin: Administrator) -> None:
    provider = admin.config("GET", SERVICE)

    advanced = provider.json()["advancedOAuth2Config"]
    assert "password" in advanced["grantTypes"]
    assert TOKEN_EXCHANGE not in advanced["grantTypes"]
    assert advanced["tokenSigningAlgorithm"] == "ES256"
    assert provider.json()["_id"] == ""
    assert provider.json()["_type"] == {"_id": "oauth-oidc", "name": "OAuth2 Provider", "collection": False}
    assert provider.headers["etag"] == f'"{provider.json()["_rev"]}"'


def test_what_was_read_can_be_changed_and_written_back(admin: Administrator) -> None:
    document = admin.config("GET", SERVICE).json()
    document["advancedOAuth2Config"]["grantTypes"].append(TOKEN_EXCHANGE)

    written = admin.config("PUT", SERVICE, document)

    assert written.status_code == 200
    assert written.json()["_rev"] != document["_rev"]
    assert TOKEN_EXCHANGE in admin.config("GET", SERVICE).json()["advancedOAuth2Config"]["grantTypes"]


def test_attributes_left_out_take_their_defaults_and_pinned_ones_stay(admin: Administrator) -> None:
    pinned = {"advancedOAuth2Config": {"tlsClientCertificateHeaderFormat": "URLENCODED_PEM"}}

    written = admin.config("PUT", SERVICE, pinned).json()

    assert written["advancedOAuth2Config"]["tlsClientCertificateHeaderFormat"] == "BASE64_ENCODED_CERT"
    assert written["coreOAuth2Config"]["accessTokenLifetime"] == 3600


def test_the_service_can_be_deleted_and_made_again_with_the_same_revision(admin: Administrator) -> None:
    deleted = admin.config("DELETE", SERVICE)
    assert deleted.status_code == 200
    assert admin.config("GET", SERVICE).json() == {"code": 404, "reason": "Not Found", "message": "Not Found"}

    made = admin.config("PUT", SERVICE, deleted.json())
    assert made.status_code == 201
    assert made.json()["_rev"] == deleted.json()["_rev"]
    assert admin.config("POST", f"{SERVICE}?_action=create", {}).status_code == 409


def test_a_write_that_rests_on_an_old_revision_is_refused(admin: Administrator) -> None:
    document = admin.config("GET", SERVICE).json()

    assert admin.config("PUT", SERVICE, document, if_match='"0"').status_code == 412
    assert admin.config("PUT", SERVICE, document, if_none_match="*").status_code == 412
    assert admin.config("PUT", SERVICE, document, if_match=f'"{document["_rev"]}"').status_code == 200


def test_bad_documents_are_refused_with_the_recorded_envelopes(admin: Administrator) -> None:
    unknown = admin.config("PUT", SERVICE, {"advancedConfig": {}})
    assert unknown.status_code == 400
    assert unknown.json()["message"] == "Invalid attribute specified."
    assert "advancedOAuth2Config" in unknown.json()["detail"]["validAttributes"]

    wrong_type = admin.config("PUT", SERVICE, {"advancedOAuth2Config": {"grantTypes": "password"}})
    assert wrong_type.status_code == 400
    assert wrong_type.json()["message"] == "Data validation failed for the attribute, Grant Types"
    assert admin.config("PUT", SERVICE, {"advancedOAuth2Config": []}).status_code == 400


def test_the_provider_has_no_descendents_and_other_services_do_not_exist(admin: Administrator) -> None:
    assert admin.config("POST", f"{SERVICE}?_action=nextdescendents", {}).json() == {"result": []}
    assert admin.config("POST", f"{SERVICE}?_action=template", {}).json()["coreOAuth2Config"]["codeLifetime"] == 120
    assert admin.config("POST", f"{SERVICE}?_action=dance", {}).status_code == 400
    assert admin.config("GET", "services/nothing").status_code == 404
    assert admin.config("GET", "services/id-repositories").status_code == 403


def test_the_root_realm_is_closed_and_other_realms_do_not_exist(admin: Administrator) -> None:
    closed = admin.send("GET", "/am/json/realms/root/realm-config/services/oauth-oidc")
    assert closed.status_code == 403
    assert closed.json()["message"] == "This operation is not available in PingOne Advanced Identity Cloud."
    unknown = admin.send("GET", "/am/json/realms/root/realms/charlie/realm-config/services/oauth-oidc")
    assert unknown.status_code == 404


def test_realms_have_providers_of_their_own(admin: Administrator) -> None:
    bravo = Administrator(admin.server, admin.http, "bravo")
    admin.config("DELETE", SERVICE)

    assert (
        bravo.config("GET", SERVICE).json()["aiAgentsConfig"]["aiAgentsIdentityObjectName"] == "managed/bravo_aiagent"
    )
