"""How long tests wait for what is promised within seconds."""

BUSY = 5.0
"""How many times longer than was promised a thing may take in a test.

Tests share two cores with each other, and machines with strangers. They find what hangs, what polls
too seldom and what is never done; how fast it is, `make bench` measures, where nothing else runs.
"""
