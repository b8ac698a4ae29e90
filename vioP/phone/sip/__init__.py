"""Calls through any SIP trunk or telephone exchange, by a process of their own."""
