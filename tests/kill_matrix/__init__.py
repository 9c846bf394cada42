"""The kill matrix: every deliberate defect against the requirements that must notice it.

`python3 run kill-matrix` runs the suite once for each defect of the reference server and writes what came of it to
docs/kill-matrix.md and .json; `--check` compares with what stands there instead.
"""
