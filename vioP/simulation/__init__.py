"""Simulation: a week of the whole service, lived in seconds of the machine's time.

The flows, the job engine, the alarm clock, the SQL and the web application are the real
ones. What lies outside is played by twins that keep a record of what truly happened, and
the service is judged by that record, never by its own. One seed gives one life.
"""
