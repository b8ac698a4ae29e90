"""Pauses of the interpreter, kept short while people wait for a page or a call."""

import gc


def never_look_again() -> None:
    """Take all there is now out of what Python's collector looks through.

    The modules, routes and statements a process is made of stay for as long as it lives.
    Looking through them takes a tenth of a second, in which no page answers and no
    nudge leaves; what comes and goes later is little.
    """
    gc.collect()
    gc.freeze()
