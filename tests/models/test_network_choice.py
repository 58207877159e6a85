import pytest

from olhar.base.texts import speaking
from olhar.models.network_choice import FEW, TINY, choose_network
from olhar.models.zoo import MODELS


@pytest.mark.parametrize(
    ("pictures", "side", "minutes", "model"),
    [
        (1797, TINY, 0, "cnn"),
        (1797, 16, 2, "cnn"),
        (1797, TINY + 1, 0, "resnet"),
        (FEW - 1, 96, 5, "resnet"),
        (60_000, 32, 0, "quick"),
        (60_000, 32, 15, "quick"),
        (60_000, 32, 4, "quick"),
        (60_000, 32, 3, "cnn"),
        (60_000, 32, 0.01, "cnn"),
        (10**6, 96, 10, "cnn"),
        (10**6, 224, 10, "quick"),
    ],
)
def test_the_network_goes_by_the_data_and_the_time_and_says_so(pictures, side, minutes, model):
    choice = choose_network(pictures, side, minutes)
    assert choice.model == model
    assert choice.model in MODELS
    for language in ("en", "pt-BR"):
        with speaking(language):
            assert model in str(choice.why)
            assert "{" not in str(choice.why)
