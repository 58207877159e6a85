import pytest
import torch
from torch import nn

from olhar.models.network_shape import NetworkShape
from olhar.models.zoo import build
from olhar.training.muon import Muon, _by_squares, _step_by_step, inner_kernels, orthogonal


@pytest.mark.parametrize(("rows", "columns"), [(8, 27), (64, 16), (12, 12)])
def test_a_push_keeps_its_directions_and_moves_each_alike(rows, columns):
    torch.manual_seed(0)
    matrices = torch.randn(3, rows, columns)
    left, _, right = torch.linalg.svd(matrices, full_matrices=False)
    along = left.mT @ orthogonal(matrices).float() @ right.mT
    lengths = along.diagonal(dim1=1, dim2=2)
    assert lengths.min() > 0.3
    assert lengths.max() < 1.35
    assert (along - torch.diag_embed(lengths)).abs().max() < 0.1


@pytest.mark.parametrize("rank", [1, 5, 16])
def test_wide_matrices_come_out_alike_by_squares_and_step_by_step(rank):
    torch.manual_seed(rank)
    x = torch.randn(2, 16, rank) @ torch.randn(2, rank, 144)
    x = x / x.norm(dim=(1, 2), keepdim=True)
    assert torch.allclose(_by_squares(x), _step_by_step(x), atol=1e-4)


def test_matrices_move_as_torch_s_own_muon_moves_them():
    torch.manual_seed(0)
    mine, theirs = [nn.Parameter(torch.randn(12, 20))], None
    theirs = [nn.Parameter(mine[0].detach().clone())]
    one = Muon([{"params": mine, "weight_decay": 0.1, "momentum": 0.9, "orthogonal": True}], lr=0.05)
    other = torch.optim.Muon(theirs, lr=0.05, weight_decay=0.1, momentum=0.9)
    for step in range(4):
        for p in (mine[0], theirs[0]):
            p.grad = torch.randn(12, 20, generator=torch.Generator().manual_seed(step))
        one.step()
        other.step()
    assert torch.allclose(mine[0], theirs[0], atol=4e-3)


def test_the_rest_moves_as_torch_s_own_adamw_moves_it():
    torch.manual_seed(0)
    mine, theirs = nn.Parameter(torch.randn(7)), None
    theirs = nn.Parameter(mine.detach().clone())
    one = Muon([{"params": [mine], "weight_decay": 0.1}], lr=0.02)
    other = torch.optim.AdamW([theirs], lr=0.02, weight_decay=0.1, betas=(0.9, 0.95), fused=True)
    for step in range(4):
        for p in (mine, theirs):
            p.grad = torch.randn(7, generator=torch.Generator().manual_seed(step))
        one.step()
        other.step()
    assert torch.equal(mine, theirs)


def test_the_head_biases_and_depthwise_kernels_are_left_out():
    network = build("resnet", 3, 5, (16, 16), NetworkShape(width=8))
    inner, rest = inner_kernels(network.parameters())
    assert {id(p) for p in inner} == {id(p) for p in network.parameters() if p.ndim == 4}
    assert id(network.head.weight) in {id(p) for p in rest}
    depthwise = nn.Sequential(nn.Conv2d(4, 4, 3, groups=4), nn.Conv2d(4, 6, 1), nn.Linear(6, 2))
    assert [p.shape for p in inner_kernels(depthwise.parameters())[0]] == [(6, 4, 1, 1)]
