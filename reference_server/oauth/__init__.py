"""The OAuth 2.0 endpoints of a realm: tokens, exchange, introspection, revocation, discovery."""
