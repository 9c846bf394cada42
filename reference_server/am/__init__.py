"""Access management: the OAuth2 provider service and the OAuth2 clients and AI agents of a realm."""
