"""What a process is made of is looked through once."""

import gc

from vioP.pauses import never_look_again


def test_what_is_loaded_is_left_alone_and_what_comes_later_is_not():
    try:
        never_look_again()
        later = [object]

        assert gc.get_freeze_count() > 10_000
        assert any(each is later for each in gc.get_objects())
        assert len(gc.get_objects()) < 10_000
    finally:
        gc.unfreeze()
