import numpy as np

from olhar.jobs.last_blocks import better, head_and_blocks, tempered


def chances(right, sure=0.8):
    """Probabilities of two classes, of pictures of class 0."""
    truth = np.where(right, sure, 1 - sure)
    return np.stack([truth, 1 - truth], axis=1).astype(np.float32)


def compared(head, blocks, groups=None):
    labels = np.zeros(len(head), np.int64)
    return head_and_blocks(head, blocks, labels, np.arange(len(head)) if groups is None else groups)


def test_more_right_beyond_chance_is_better_and_what_chance_does_is_not():
    head = np.arange(200) % 4 > 0
    few, many = head.copy(), head.copy()
    few[:12], many[:60] = True, True
    assert not better(compared(chances(head), chances(few)))
    told = compared(chances(head), chances(many))
    assert better(told)
    assert (told.head_right, told.right, told.only_head, told.only_blocks) == (150, 165, 0, 15)


def test_a_lower_log_loss_counts_only_where_more_is_right_too():
    head = np.arange(200) % 4 > 0
    one_more = head.copy()
    one_more[0] = True
    surer = chances(one_more)
    surer[1:] = chances(head)[1:] + np.where(head[1:, None], [0.1, -0.1], [0.1, -0.1])
    assert better(compared(chances(head), surer.clip(0.01, 0.99)))
    surer[0] = chances(head)[0]
    assert not better(compared(chances(head), surer.clip(0.01, 0.99)))


def test_what_is_worse_is_never_better():
    head = np.ones(100, bool)
    blocks = head.copy()
    blocks[:30] = False
    assert not better(compared(chances(head), chances(blocks)))


def test_copies_are_no_witnesses_of_their_own():
    head = np.zeros(40, bool)
    blocks = head.copy()
    blocks[:10] = True
    assert better(compared(chances(head), chances(blocks)))
    assert not better(compared(chances(head), chances(blocks), np.arange(40) // 10))


def test_answers_that_are_too_sure_are_made_less_sure():
    rng = np.random.default_rng(0)
    labels, fold = rng.integers(0, 3, 300), np.arange(300) % 3
    truth = np.where(rng.random(300) < 0.6, labels, rng.integers(0, 3, 300))
    probabilities, temperature = tempered(8.0 * np.eye(3)[truth], labels, fold, 3)
    assert temperature > 2
    assert probabilities.max() < 0.95
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
