"""Malice and accidents: what a reference server and a run of the suite have to bear.

`python3 run torture` runs all of it at length, `python3 run torture --short` a sample of each. A folder a theme.
"""
