"""What IDM demands of an object before it stores it: 403 "Failed policy validation" with every failed requirement."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from reference_server.errors import ApiError, bad_request
from reference_server.idm.schema import ManagedType, Property

Requirement = dict[str, Any]
Failure = dict[str, Any]
Candidate = Mapping[str, Any]  # the object as it would be stored, `_id` and relationships as sent included

_JSON_TYPES: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}
_CHARACTER_CLASSES = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")


class Policies:
    """Checks objects against the schema of their type.

    `owner_of(type, property, value)` tells the ID of the object that has a unique value.
    """

    def __init__(self, owner_of: Callable[[str, str, Any], str | None]) -> None:
        self._owner_of = owner_of
        self._rules: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
            "minimum-length": lambda value, params: len(value) >= params["minLength"],
            "maximum-length": lambda value, params: len(value) <= params["maxLength"],
            "cannot-contain-characters": lambda value, params: not any(c in value for c in params["forbiddenChars"]),
            "at-least-X-character-classes": self.has_classes,
            "valid-email-address-format": lambda value, _: re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None,
        }

    def check_id(self, managed_type: ManagedType, object_id: str) -> None:
        """A user's ID is a UUID (400 otherwise); no ID is empty or has a slash."""
        if not object_id or "/" in object_id:
            raise bad_request("Bad Request: an object ID can't be empty or contain a slash")
        if managed_type.kind == "user" and not self.is_uuid(object_id):
            raise bad_request(f"Invalid Attribute Syntax: {object_id} is not a UUID")

    def check(self, managed_type: ManagedType, candidate: Candidate) -> None:
        """Refuse a candidate that fails a policy, listing every failure."""
        failures: list[Failure] = []
        for name, definition in managed_type.properties.items():
            requirements = self.requirements(managed_type, name, definition, candidate)
            if requirements:
                failures.append({"policyRequirements": requirements, "property": name})
        if failures:
            detail = {"result": False, "failedPolicyRequirements": failures}
            raise ApiError(403, "Failed policy validation", detail)

    def requirements(
        self, managed_type: ManagedType, name: str, definition: Property, candidate: Candidate
    ) -> list[Requirement]:
        """The requirements that one property of the candidate fails."""
        value = candidate.get(name)
        if value is None or value == "":
            return [{"policyRequirement": "REQUIRED"}] if name in managed_type.required else []
        if not self.has_type(value, definition):
            return [self.wrong_type(value, definition)]
        if not self.items_complete(value, definition):
            return [{"policyRequirement": "VALID_ARRAY_ITEMS"}]
        return [
            requirement
            for policy in definition.get("policies", ())
            if (requirement := self.violation(managed_type, name, policy, candidate))
        ]

    def violation(
        self, managed_type: ManagedType, name: str, policy: Mapping[str, Any], candidate: Candidate
    ) -> Requirement | None:
        """What a property fails of one policy; None when it holds."""
        params, holds = policy.get("params", {}), True
        match policy["policyId"]:
            case "unique":
                holds = self._owner_of(managed_type.name, name, candidate[name]) in (None, candidate["_id"])
            case "id-must-equal-property":
                holds = candidate["_id"] == candidate.get(params["propertyName"])
            case rule if rule in self._rules:
                holds = self._rules[rule](candidate[name], params)
        if holds:
            return None
        requirement = policy["policyId"].replace("-", "_").upper()
        return {"policyRequirement": requirement, "params": params} if params else {"policyRequirement": requirement}

    def has_type(self, value: Any, definition: Property) -> bool:
        """Whether the value has the JSON type of the property; a relationship is an object, or an array of them."""
        return self.json_type(value) == self.expected_type(definition)

    def items_complete(self, value: Any, definition: Property) -> bool:
        """Whether each item of an array of objects has the members that the schema requires, of their types."""
        items = definition.get("items", {}) if isinstance(value, list) else {}
        if items.get("type") != "object":
            return True
        required, members = set(items.get("required", ())), items.get("properties", {})
        return all(
            isinstance(item, dict)
            and item.keys() >= required
            and all(self.fits(item[name], member) for name, member in members.items() if name in item)
            for item in value
        )

    def fits(self, value: Any, definition: Property) -> bool:
        """Whether a member has its JSON type, and each item of a list as well."""
        if not self.has_type(value, definition):
            return False
        return not isinstance(value, list) or all(self.fits(item, definition["items"]) for item in value)

    def wrong_type(self, value: Any, definition: Property) -> Requirement:
        """The recorded answer to a value of the wrong type."""
        params = {"invalidType": self.json_type(value), "validTypes": [self.expected_type(definition)]}
        return {"params": params, "policyRequirement": "VALID_TYPE"}

    def expected_type(self, definition: Property) -> str:
        """The JSON type that a property takes."""
        declared: str = definition["type"]
        return "object" if declared == "relationship" else declared

    def json_type(self, value: Any) -> str:
        """The JSON type of a value."""
        return _JSON_TYPES.get(type(value), "null")

    def has_classes(self, value: str, params: Mapping[str, Any]) -> bool:
        """Whether a password mixes enough of lower case, upper case, digits and other characters."""
        classes: int = params["classes"]
        return sum(bool(re.search(pattern, value)) for pattern in _CHARACTER_CLASSES) >= classes

    def is_uuid(self, text: str) -> bool:
        """Whether the text is a UUID in its usual spelling."""
        try:
            return str(uuid.UUID(text)) == text.lower()
        except ValueError:
            return False
