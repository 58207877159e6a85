import numpy as np
import pytest
import torch
from torch.nn import functional

from olhar.training.loss import criterion
from olhar.training.recipe import Recipe

torch.manual_seed(1)
LOGITS, LABELS = torch.randn(20, 4), torch.randint(0, 4, (20,))
COUNTS = np.array([2, 6, 4, 8])


def loss(logits=LOGITS, targets=LABELS, counts=COUNTS, **changes):
    return criterion(Recipe().with_({"label_smoothing": 0.0, "balance": "none"} | changes), counts)(logits, targets)


@pytest.mark.parametrize("name", ["cross-entropy", "binary"])
@pytest.mark.parametrize("balance", ["none", "weights"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_a_label_is_a_share_of_one(name, balance, smoothing):
    shares = functional.one_hot(LABELS, 4).float()
    changes = {"loss": name, "balance": balance, "label_smoothing": smoothing}
    assert loss(**changes) == pytest.approx(loss(targets=shares, **changes).item(), rel=1e-5)


def test_cross_entropy_is_torch_s_own():
    assert loss(label_smoothing=0.1) == pytest.approx(functional.cross_entropy(LOGITS, LABELS, label_smoothing=0.1).item())


def test_a_picture_of_a_rare_class_counts_more_and_all_together_count_one_each():
    each = functional.cross_entropy(LOGITS, LABELS, reduction="none")
    weights = torch.tensor([20 / 8, 20 / 24, 20 / 16, 20 / 32])
    assert loss(balance="weights") == pytest.approx((each * weights[LABELS]).mean().item(), rel=1e-5)
    assert (weights * torch.tensor(COUNTS)).sum() == pytest.approx(20)


def test_binary_is_what_keras_computes_after_a_softmax():
    p, truth = LOGITS.softmax(1).double(), functional.one_hot(LABELS, 4).double()
    expected = functional.binary_cross_entropy(p, truth)
    assert loss(loss="binary") == pytest.approx(expected.item(), rel=1e-5)


def test_for_two_classes_binary_is_cross_entropy_and_one_sigmoid_unit():
    logits, labels = LOGITS[:, :2], LABELS % 2
    one_unit = functional.binary_cross_entropy_with_logits(logits[:, 1] - logits[:, 0], labels.float())
    found = loss(logits, labels, np.array([9, 11]), loss="binary")
    assert found == pytest.approx(one_unit.item(), rel=1e-5)
    assert found == pytest.approx(functional.cross_entropy(logits, labels).item(), rel=1e-5)


def test_a_sure_and_wrong_answer_gives_a_number_and_a_gradient():
    logits = torch.tensor([[200.0, -200.0], [200.0, 0.0]], requires_grad=True)
    found = loss(logits, torch.tensor([1, 0]), np.array([1, 1]), loss="binary")
    found.backward()
    assert torch.isfinite(found)
    assert torch.isfinite(logits.grad).all()
