"""Does the suite leave a tenant as it found it: after a thousand cycles, after kills, beside another run?"""
