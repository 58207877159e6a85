import numpy as np
import pytest

from olhar.bundle.heat.occlusion import occlusion_map


@pytest.mark.parametrize("shape", [(5, 3, 1), (1, 1, 3), (2, 9, 3), (48, 48, 1), (33, 70, 3)])
def test_the_part_that_is_asked_about_is_found_in_pictures_of_any_size(shape):
    picture = np.zeros(shape, np.uint8)
    picture[0, 0] = 255
    found = occlusion_map(lambda shown: shown[:, 0, 0].astype(np.float32), picture, 0)
    assert found.shape == (min(8, shape[0]), min(8, shape[1]))
    assert np.isfinite(found).all()
    assert found[0, 0] == found.max()
