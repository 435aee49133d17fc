import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.errors import RuleError
from config.lib.paths import (
    LAST_CHILD,
    STEP,
    ancestors,
    below,
    child_path,
    depth,
    is_within,
    merge_roots,
    parent_path,
    successor,
)

# Few numbers, the extremes among them, so that paths often nearly match.
NUMBERS = st.sampled_from([1, 2, 9, 10, 99, 100_000, LAST_CHILD - 1, LAST_CHILD])
PATHS = st.lists(NUMBERS, min_size=1, max_size=4).map(
    lambda numbers: "".join(f"{number:0{STEP}d}" for number in numbers)
)


@given(PATHS, PATHS)
def test_lying_in_the_range_equals_having_the_prefix(path, root):
    in_range = root <= path < successor(root)
    assert in_range == path.startswith(root) == is_within(path, root)


@given(st.lists(PATHS), PATHS)
def test_merged_roots_cover_the_same_paths(roots, path):
    merged = merge_roots(roots)
    covered = any(path.startswith(root) for root in roots)
    assert any(path.startswith(root) for root in merged) == covered


@given(st.lists(PATHS))
def test_merged_roots_never_nest(roots):
    merged = merge_roots(roots)
    assert set(merged) <= set(roots)
    assert not any(a != b and a.startswith(b) for a in merged for b in merged)
    assert len(set(merged)) == len(merged)


@given(PATHS, NUMBERS)
def test_a_child_leads_back_to_its_parent(path, number):
    child = child_path(path, number)
    assert parent_path(child) == path
    assert depth(child) == depth(path) + 1
    assert ancestors(child) == [*ancestors(path), child]


def test_a_root_has_no_parent():
    assert child_path("", 1) == "000001"
    assert parent_path("000001") == ""
    assert ancestors("000001") == ["000001"]


def test_a_full_level_is_refused_in_chinese():
    with pytest.raises(RuleError, match="同一上级下最多") as caught:
        child_path("000001", LAST_CHILD + 1)
    assert caught.value.code == "path_full"


@pytest.mark.parametrize("path", ["999999", "000001999999"])
def test_the_reserved_number_has_no_successor(path):
    with pytest.raises(ValueError, match="reserved"):
        successor(path)


@pytest.mark.parametrize(
    "path",
    ["", "1", "00001", "0000001", "00000a", "\u0660" * 6],
)
@pytest.mark.parametrize("function", [successor, parent_path, ancestors, depth])
def test_what_is_no_path_is_refused(path, function):
    with pytest.raises(ValueError, match="not a path"):
        function(path)


def test_an_empty_root_does_not_mean_everybody():
    with pytest.raises(ValueError, match="not a path"):
        is_within("000001", "")
    with pytest.raises(ValueError, match="not a path"):
        merge_roots([""])


@given(st.lists(PATHS), PATHS, PATHS)
def test_what_lies_below_a_path_is_what_both_cover(roots, place, path):
    is_covered = any(is_within(path, root) for root in roots)
    narrowed = below(merge_roots(roots), place)
    is_kept = any(is_within(path, root) for root in narrowed)
    assert is_kept == (is_covered and is_within(path, place))
