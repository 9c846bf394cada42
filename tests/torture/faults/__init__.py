"""The suite under faults: a proxy between suite and tenant spoils requests of one kind, in one way at a time."""
