"""What a body says of pictures is the same bytes wherever it is asked, one that cannot be read among them."""

import numpy as np

import olhar
from olhar.base.errors import PictureError
from olhar.base.levels import FULL
from olhar.base.progress import Quiet
from olhar.base.runner import HERE
from olhar.bodies.features import picture_contract
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.opened import published_body
from olhar.data.cache.decoding import PackingRule, decoded
from tests.conftest import write_pictures
from tests.travelling import Pickled


def test_features_computed_elsewhere_are_those_computed_here(tmp_path):
    write_pictures(tmp_path / "set", 26)
    (tmp_path / "set" / "blue" / "005.png").write_bytes(b"no picture")
    dataset, body = olhar.read(tmp_path / "set", progress=Quiet()), published_body("lite0")
    asked = AskedBody(body, picture_contract(body, 3), ("plain", "mirror"))
    rows = [*range(0, len(dataset), 2), *range(1, len(dataset), 2)]
    told = []
    here = list(compute(dataset, rows, asked, lambda *_: None))
    there = list(compute(dataset, rows, asked, lambda n, *_: told.append(n), Pickled()))
    assert sum(told) == len(rows)
    assert sum(isinstance(one, PictureError) for one in here) == 1
    for one, other in zip(here, there, strict=True):
        assert isinstance(other, PictureError) == isinstance(one, PictureError)
        assert isinstance(one, PictureError) or one.tobytes() == np.asarray(other).tobytes()


def test_pictures_decoded_elsewhere_are_those_decoded_here(tmp_path):
    write_pictures(tmp_path / "set", 26)
    (tmp_path / "set" / "blue" / "005.png").write_bytes(b"no picture")
    dataset, rule = olhar.read(tmp_path / "set", progress=Quiet()), PackingRule((12, 12, 3), "stretch", FULL, whole=False)
    here, there = list(decoded(dataset, rule, HERE)), list(decoded(dataset, rule, Pickled()))
    for one, other in zip(here, there, strict=True):
        if isinstance(one, PictureError):
            assert isinstance(other, PictureError)
            assert str(one) == str(other)
        else:
            assert one[0].tobytes() == other[0].tobytes()
            assert one[1] == other[1]
