"""Mutation testing: do the project's own tests notice when a check or a rule of the reference server is bent?

`python3 run mutation` has mutmut bend each function of a part in every way that it knows, one at a time, and run the
tests that reach it. survivors.toml lists, with the reason, what the tests need not notice.
"""
