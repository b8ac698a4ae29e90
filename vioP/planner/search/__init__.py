"""The engine under every plan: ruin and recreate on bit masks.

A week becomes numbers once (``week``), stands on a board that knows its own price
(``state``), and is improved by lifting a few things and putting each back at its best
place (``ruin``, ``insert``, ``anneal``). Every state is one that could be published.
"""
