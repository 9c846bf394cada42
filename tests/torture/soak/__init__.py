"""A tenant that is left running: a day of its clock, in which all that expires must be forgotten."""
