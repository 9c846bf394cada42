"""The moods of the reference server: the suite must come to the same verdict in each of them.

`python3 run moods` runs the whole suite once for each mood, and for some of them together.
"""
