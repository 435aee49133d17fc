import gc

import pytest

from config.lib.collector import collector_paused


def test_the_collector_is_back_after_a_fault():
    with pytest.raises(LookupError), collector_paused():
        raise LookupError(gc.isenabled())
    assert gc.isenabled()


def test_one_pause_within_another_does_not_end_it():
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
