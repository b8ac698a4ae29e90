"""The circuit breaker: after repeated trouble everything rests, then one request tries.

Time is any clock in seconds that never goes back.
"""

_OPENS_AFTER = 3
_FIRST_REST = 5.0
_LONGEST_REST = 30.0  # a nudge lives four minutes, and must see the server come back


class CircuitBreaker:
    """Counts troubles in a row, and says when it is worth another try."""

    def __init__(self) -> None:
        self._troubles = 0
        self._rest = _FIRST_REST
        self._until = 0.0
        self._tries = False

    @property
    def is_open(self) -> bool:
        """Whether the server is in trouble, as far as is known."""
        return self._troubles >= _OPENS_AFTER

    def admits(self, now: float) -> bool:
        """Whether a letter may try. Of an open breaker's rests each ends with one try."""
        if not self.is_open:
            return True
        if now < self._until:
            return False
        self._until = now + self._rest
        self._tries = True
        return True

    def wait(self, now: float) -> float:
        """Seconds until another letter may try."""
        return max(self._until - now, 0.0) if self.is_open else 0.0

    def trouble(self, now: float) -> None:
        """A letter met trouble that was not its own."""
        if self.is_open:
            if not self._tries:
                return  # it had begun before the others failed, and says nothing new
            self._rest = min(self._rest * 2, _LONGEST_REST)
        else:
            self._rest = _FIRST_REST
        self._troubles += 1
        self._tries = False
        self._until = now + self._rest

    def well(self) -> None:
        """The server answered as servers do."""
        self._troubles = 0
        self._tries = False
