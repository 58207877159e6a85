import numpy as np

from olhar.evaluation.class_order import answer_counts, best_order, doubtful_classes


def test_the_best_order_is_the_one_that_answers_most_rightly():
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2], np.int64)
    shares = np.eye(4, dtype=np.float32)[[3, 3, 0, 0, 0, 1, 1, 3]]
    order = best_order(labels, shares, 3)
    assert order.tolist() == [3, 0, 1]
    assert doubtful_classes(answer_counts(labels, shares.argmax(1), 3, 4), order) == [0, 1, 2]


def test_an_order_that_many_pictures_show_is_not_doubtful():
    labels = np.repeat(np.arange(3), 20)
    shares = np.eye(3, dtype=np.float32)[np.repeat([2, 0, 1], 20)]
    order = best_order(labels, shares, 3)
    assert order.tolist() == [2, 0, 1]
    assert doubtful_classes(answer_counts(labels, shares.argmax(1), 3, 3), order) == []
