import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.evaluation.multiple_tests import holm, holm_levels

PS = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_holm_is_that_of_other_programs():
    """As R's ``p.adjust`` gives it."""
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    assert holm([0.04, 0.001, 0.7]) == pytest.approx([0.08, 0.003, 0.7])


@given(PS)
def test_each_is_corrected_by_the_largest_before_it(ps):
    ordered = sorted(ps)
    for p, corrected in zip(ps, holm(ps), strict=True):
        place = ordered.index(p)
        candidates = [min(1.0, (len(ps) - i) * ordered[i]) for i in range(len(ps)) if i <= place or ordered[i] == p]
        assert corrected == pytest.approx(max(candidates), abs=1e-12)


@given(PS)
def test_a_level_tells_what_the_procedure_tells(ps):
    told = [corrected < 0.05 for corrected in holm(ps)]
    near = any(abs(corrected - 0.05) < 1e-9 for corrected in holm(ps))
    assert near or told == [p < level for p, level in zip(ps, holm_levels(ps, 0.05), strict=True)]
