"""Augmentation of whole batches of uint8 pictures, drawn from a generator that is given: nothing else decides what comes out.

Where a picture's content goes (flip, crop, rotation, zoom, shear, shift) is settled first and sampled once; then its colours, in
one pass; then what is cut out or mixed in. Numbers are drawn on the processor, so that every device makes the same of a seed.
"""

from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor

from olhar.training.augment_colour import HUE_AND_SATURATION, Colours, recoloured
from olhar.training.augment_geometry import Fill, flipped, matrices, shifted, warped
from olhar.training.augment_mixing import cut_out, cutmix, mixup, one_hot, shares


@dataclass(frozen=True)
class Augmentation:
    """What is done to training pictures. Zero leaves a thing as it is, bit for bit.

    Attributes:
        flip: mirror half of them left to right.
        flip_vertical: turn half of them upside down.
        shift: move each by up to this share of its side, each way.
        rotate: turn each by up to so many degrees about its centre.
        zoom: scale each by a factor between 1 - zoom and 1 + zoom.
        shear: slant each by up to so many degrees.
        crop: keep a window whose side is between 1 - crop and 1 of the picture's, anywhere, and bring it to full size.
        brightness: multiply each by a factor between 1 - brightness and 1 + brightness.
        contrast: the same factor for the distance from the picture's mean.
        saturation: the same factor for the distance from gray.
        hue: turn the colours by up to so many degrees about the gray axis.
        cutout: fill a square of this share of the shorter side with the picture's mean colour (DeVries and Taylor 2017).
        mixup: mix each with another, by shares from Beta(mixup, mixup) (Zhang et al. 2018).
        cutmix: put a box of another into each, its area from Beta(cutmix, cutmix) (Yun et al. 2019). With mixup too, each batch
            gets one of the two.
        fill: what lies outside: the picture's reflection, its nearest pixel, or black.
        classes: how many there are; mixed pictures have a share of each as their target.
    """

    flip: bool = False
    flip_vertical: bool = False
    shift: float = 0.0
    rotate: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    crop: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    hue: float = 0.0
    cutout: float = 0.0
    mixup: float = 0.0
    cutmix: float = 0.0
    fill: Fill = "reflect"
    classes: int = 0

    @classmethod
    def of(cls, recipe: Any, classes: int) -> "Augmentation":
        """The augmentation of a resolved Recipe for so many classes."""
        ranges = {f.name: getattr(recipe, f.name) for f in fields(cls) if f.name not in ("flip", "flip_vertical", "classes")}
        return cls(flip=recipe.flip == "on", flip_vertical=recipe.flip_vertical == "on", classes=classes, **ranges)

    def __call__(self, pictures: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Other pictures, and what to learn of them.

        Args:
            pictures: uint8 (N, C, H, W).
            labels: int64 (N,).
            generator: on the processor; the only source of chance.

        Returns:
            Pictures of the same shape, dtype, device and order in memory; and the labels, or float32 (N, classes), each row of
            which adds up to 1, where pictures were mixed.
        """
        augmented = self._moved(pictures, generator)
        augmented = self._recoloured(augmented, generator)
        if self.cutout:
            augmented = cut_out(augmented, self.cutout, generator)
        targets = labels
        if self.mixup or self.cutmix:
            augmented, targets = self._mixed(augmented, labels, generator)
        return _laid_out_like(pictures, augmented), targets

    def _moved(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Flipped, then moved: by whole pixels where nothing else is asked for, else sampled once."""
        for mirrored, axis in ((self.flip, 3), (self.flip_vertical, 2)):
            if mirrored:
                pictures = flipped(pictures, torch.rand(len(pictures), generator=generator) < 0.5, axis)
        if self.rotate or self.zoom or self.shear or self.crop:
            return warped(pictures, *self._places(pictures, generator), self.fill)
        reach = [round(self.shift * side) for side in pictures.shape[2:]]
        if any(reach):
            down, right = (torch.randint(-r, r + 1, (len(pictures),), generator=generator) for r in reach)
            pictures = shifted(pictures, down, right, self.fill)
        return pictures

    def _places(self, pictures: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """From where each pixel is taken: matrices (N, 2, 2) and offsets (N, 2) in pixels from the centre."""
        n, (height, width) = len(pictures), pictures.shape[2:]
        angles, slants = (_within(n, reach, generator).deg2rad() for reach in (self.rotate, self.shear))
        window = 1 - self.crop * torch.rand(n, generator=generator)
        sides = torch.tensor([width, height])
        moved = (torch.rand((n, 2), generator=generator) - 0.5) * (1 - window)[:, None] * sides
        moved -= torch.stack([_within(n, self.shift, generator) for _ in range(2)], 1) * sides
        return matrices(angles, slants, window / (1 + _within(n, self.zoom, generator))), moved

    def _recoloured(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        colour = HUE_AND_SATURATION if pictures.shape[1] == 3 else ()
        reach = {name: getattr(self, name) for name in ("brightness", "contrast", *colour)}
        if not any(reach.values()):
            return pictures
        drawn = {name: _within(len(pictures), limit, generator) for name, limit in reach.items()}
        factors = {name: 1 + value for name, value in drawn.items() if name != "hue"}
        turned = {"hue": drawn["hue"].deg2rad()} if "hue" in drawn and self.hue else {}
        mixes = bool(self.hue or self.saturation) and bool(colour)
        return recoloured(pictures, Colours(**(factors | turned), mixes=mixes))

    def _mixed(self, pictures: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Each picture with another of the batch, and the shares that each class has in it."""
        boxes = self.cutmix and not (self.mixup and torch.rand(1, generator=generator).item() < 0.5)
        own = shares(len(pictures), self.cutmix if boxes else self.mixup, generator)
        order = torch.randperm(len(pictures), generator=generator)
        pictures, own = cutmix(pictures, order, own, generator) if boxes else mixup(pictures, order, own)
        targets = one_hot(labels, self.classes)
        share = own.to(labels.device)[:, None]
        return pictures, share * targets + (1 - share) * targets[order.to(labels.device)]


def _within(n: int, reach: float, generator: torch.Generator) -> Tensor:
    """Numbers (N,) between -reach and reach."""
    return (2 * torch.rand(n, generator=generator) - 1) * reach


def _laid_out_like(original: Tensor, augmented: Tensor) -> Tensor:
    """The pictures in the order of memory that they came in."""
    last = original.is_contiguous(memory_format=torch.channels_last) and not original.is_contiguous()
    return augmented.contiguous(memory_format=torch.channels_last if last else torch.contiguous_format)
