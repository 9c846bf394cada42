"""A tenant in a box: a reference server that imitates PingOne Advanced Identity Cloud for the on-behalf-of flow."""
