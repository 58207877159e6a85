import pickle

import pytest

from olhar.base import errors
from olhar.base.texts import speaking
from tests.conftest import assert_says


def test_an_error_speaks_the_language_in_use():
    error = errors.DataError("data.no_classes", where="photos", hint="")
    assert_says(error, "photos", "sub-folder")
    with speaking("pt"):
        assert "subpasta" in str(error)


def test_an_error_survives_a_trip_to_another_process():
    error = pickle.loads(pickle.dumps(errors.PictureError("picture.empty", name="a.jpg")))
    assert isinstance(error, errors.PictureError)
    assert_says(error, "a.jpg")


@pytest.mark.parametrize("name", [name for name in dir(errors) if name.endswith("Error")])
def test_every_error_can_be_caught_as_one(name):
    assert issubclass(getattr(errors, name), errors.OlharError)
