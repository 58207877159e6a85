import pytest

from olhar.data.cache.store import BadPicture
from olhar.jobs.left_out import unreadable


@pytest.mark.parametrize(("n", "lines"), [(0, 0), (1, 0), (2, 1), (20, 19), (21, 20)])
def test_all_but_the_first_are_named_twenty_in_all_and_the_rest_is_counted(n, lines):
    bad = [BadPicture(f"{i}.jpg", "picture.empty", {"name": f"{i}.jpg"}) for i in range(n)]
    told = [str(line) for line in unreadable(bad)]
    assert len(told) == lines
    assert not any(line.startswith("0.jpg") for line in told)
    if n > 20:
        assert told[:1] == [str(bad[1].reason)]
        assert told[-1] == "and 1 more, which stands with all others in left-out.csv"
