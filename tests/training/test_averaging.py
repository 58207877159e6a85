import pytest
import torch
from torch import nn

from olhar.training.averaging import Average
from olhar.training.recipe import Recipe


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4 * 36, 2))


def average(one: nn.Module, **changes) -> Average:
    return Average(one, Recipe().with_(changes))


def set_all(one: nn.Module, value: float) -> None:
    with torch.no_grad():
        for tensor in [*one.parameters(), *one.buffers()]:
            tensor.fill_(value)


def test_the_tail_is_the_plain_mean_of_the_last_steps():
    one = network()
    mean = average(one, averaging="tail", average_span=0.5)
    for step in range(1, 11):
        set_all(one, step)
        mean.update(one, step, 10)
    assert mean.count == 5
    assert mean.network[0].weight[0, 0, 0, 0] == pytest.approx(8)


def test_before_the_tail_the_network_itself_answers():
    one = network()
    mean = average(one, averaging="tail", average_span=0.2)
    mean.update(one, 8, 10)
    assert mean.answering(one, []) is one
    mean.update(one, 9, 10)
    assert mean.answering(one, [torch.randn(2, 3, 8, 8)]) is mean.network


def test_the_moving_average_forgets_its_beginning_and_follows():
    one = network()
    mean = average(one, averaging="ema", average_span=0.1)
    expected = 0.0
    for step in range(1, 101):
        set_all(one, step)
        mean.update(one, step, 100)
        decay = min(0.9, step / (9 + step)) if step > 1 else 0.0
        expected = decay * expected + (1 - decay) * step
    assert mean.network[3].weight[0, 0] == pytest.approx(expected, rel=1e-4)
    assert mean.network[1].running_mean[0] == pytest.approx(expected, rel=1e-4)


def test_the_mean_network_s_statistics_are_those_of_the_pictures_it_sees():
    one = network()
    mean = average(one, averaging="tail", average_span=1.0)
    mean.update(one, 1, 1)
    pictures = [torch.randn(6, 3, 8, 8) + 2 for _ in range(2)]
    answering = mean.answering(one, iter(pictures))
    seen = torch.cat([answering[0](some) for some in pictures])
    assert torch.allclose(answering[1].running_mean, seen.mean((0, 2, 3)), atol=1e-5)
    assert not answering.training
    assert not answering[1].training


def test_frozen_statistics_stay():
    one = network()
    one[1].requires_grad_(False)
    mean = average(one, averaging="tail", average_span=1.0)
    mean.update(one, 1, 1)
    answering = mean.answering(one, [torch.randn(6, 3, 8, 8) + 2])
    assert torch.equal(answering[1].running_mean, one[1].running_mean)
