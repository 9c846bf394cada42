"""Many users at once: does the tenant still answer rightly, and soon enough?

Simulated users drive the guide's flow, and what has to be refused, through the suite's own client, and its own checks
judge every answer: a wrong one is a failure. Locust runs the users, on one machine or several, and keeps the times.
"""
