"""Requests that nobody would write by hand, and sequences of them that nobody would think of."""
