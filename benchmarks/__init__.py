"""How fast, beside whom? Peers side by side in one run; `python3 run bench --write` writes docs/benchmarks.md.

Medians and ratios of values taken in turns on one machine, never a bare number, never a verdict: whatever comes out,
the exit status is 0. Only a set-up that is broken ends a run otherwise.
"""
