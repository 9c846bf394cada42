"""Moods: ways in which a tenant may differ from the reference server without being wrong, or be hard to reach.

A mood is a small function that is given a clean tenant and replaces a method on one of its parts. A *legal* one uses
room that the guide and the RFCs leave; the others are what networks and clouds do. A client that gives a verdict on
tenants must come to the same one in every mood.
"""

from reference_server.moods.registry import Mood, find, listing, load, mood, plant

__all__ = ["Mood", "find", "listing", "load", "mood", "plant"]
