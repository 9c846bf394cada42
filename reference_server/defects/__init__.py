"""Deliberate defects: each bends one point of a clean tenant, so that a check can prove that it notices.

A defect is a small function that is given the tenant and replaces a method on one of its parts. The clean code knows
nothing of them.
"""

from reference_server.defects.left_out import LEFT_OUT
from reference_server.defects.registry import Defect, defect, find, load

__all__ = ["LEFT_OUT", "Defect", "defect", "find", "load"]
