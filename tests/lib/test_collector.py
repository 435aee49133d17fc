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


def test_what_was_built_meanwhile_is_not_walked_over_at_once():
    with collector_paused():
        kept = [[] for _ in range(100_000)]
        assert gc.get_count()[0] >= len(kept)
    assert gc.get_count()[0] < 1_000
    assert gc.get_freeze_count() == 0  # but it is found, should it ever be a cycle
