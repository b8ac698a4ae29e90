"""From a week of needs to a week of sessions. Pure: no I/O, no clock, no randomness.

``problem`` states what a week needs, ``solve`` places it, ``verify`` judges the result without
trusting the solver, and ``explain`` says in words why something could not be placed.
"""
