"""Twilio: calls, texts, and what it tells us over HTTP."""
