import numpy as np

from olhar.runs.folder import RunFolder
from olhar.runs.samples import Sample, read_samples, read_variations, write_samples, write_variations


def a_sample(k: int) -> Sample:
    return Sample(f"ação {k}.jpg", np.full((5, 4, 3), k, np.uint8), k, 1, 0.5)


def told(samples):
    return [(one.picture, one.pixels.tolist(), one.label, one.predicted, one.confidence) for one in samples]


def test_samples_and_mistakes_come_back_as_they_were_kept(tmp_path):
    run = RunFolder(tmp_path)
    write_samples(run, [a_sample(0), a_sample(1)], [a_sample(2)])
    samples, mistakes = read_samples(run)
    assert told(samples) == told([a_sample(0), a_sample(1)])
    assert told(mistakes) == told([a_sample(2)])


def test_variations_come_back_row_by_row(tmp_path):
    run = RunFolder(tmp_path)
    write_variations(run, [[a_sample(3), a_sample(3)]])
    assert [[one.pixels.tolist() for one in row] for row in read_variations(run)] == [[a_sample(3).pixels.tolist()] * 2]


def test_a_run_without_pictures_has_none(tmp_path):
    assert read_samples(RunFolder(tmp_path)) == ([], [])
    assert read_variations(RunFolder(tmp_path)) == []
