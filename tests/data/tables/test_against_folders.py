"""Tables beside class folders: one of few of the pictures never takes the folders' place, and it adds what it can."""

from tests.data.tables.made import classes, counts, pictures, read, refused, table, told


def pets(root, n=10):
    return pictures(root, [f"train/{kind}/{kind}_{i:03}.jpg" for kind in ("cat", "dog") for i in range(n)])


def test_labels_of_the_validation_pictures_alone_join_the_class_folders(tmp_path):
    pictures(pets(tmp_path), [f"validation/v{i:03}.jpg" for i in range(4)])
    table(tmp_path, "validation_labels.csv", [("name", "label"), *((f"v{i:03}.jpg", ("Cats", "Dogs")[i % 2]) for i in range(4))])
    assert counts(read(tmp_path)) == {"train": {"cat": 10, "dog": 10}, "validation": {"cat": 2, "dog": 2}}


def test_classes_that_no_folder_bears_are_left_out_and_told(tmp_path):
    pictures(pets(tmp_path), [f"validation/v{i:03}.jpg" for i in range(4)])
    table(tmp_path, "validation_labels.csv", [("name", "label"), *((f"v{i:03}.jpg", i % 2) for i in range(4))])
    found = read(tmp_path)
    assert found.counts() == {"cat": 10, "dog": 10}
    assert "validation_labels.csv (4 pictures of classes that no folder bears (0, 1))" in told(found)


def test_an_index_of_two_pictures_leaves_the_folders(tmp_path):
    pictures(tmp_path, [f"{kind}/{kind}_{i:03}.jpg" for kind in ("cat", "dog", "fox") for i in range(10)])
    table(tmp_path, "index.csv", [("file", "label"), ("cat_001.jpg", "Cat"), ("dog_001.jpg", "Dog")])
    assert read(tmp_path).counts() == {"cat": 10, "dog": 10, "fox": 10}


def test_a_table_that_divides_a_few_pictures_in_another_way_is_refused_with_both(tmp_path):
    pictures(tmp_path, [f"{kind}/{kind}_{i:03}.jpg" for kind in ("cat", "dog", "fox") for i in range(10)])
    breeds = [(f"cat_{i:03}.jpg", ("siamese", "persian")[i % 2]) for i in range(10)]
    table(tmp_path, "breeds.csv", [("file", "breed"), *breeds])
    error = refused(tmp_path, "breeds.csv", "breed", "10 of the 30", "--label-column", "--layout")
    assert [dict(reading.options) for reading in error.readings] == [{"label_column": "breed"}, {"layout": "class"}]
    assert read(tmp_path, label_column="breed").counts() == {"persian": 5, "siamese": 5}
    assert read(tmp_path, layout="class").counts() == {"cat": 10, "dog": 10, "fox": 10}


def test_a_few_labelled_pictures_beside_many_without_a_label_are_those_of_the_table(tmp_path):
    pictures(tmp_path, [f"labelled/a{i:03}.jpg" for i in range(6)] + [f"unlabelled/u{i:03}.jpg" for i in range(20)])
    table(tmp_path, "labels.csv", [("file", "label"), *((f"a{i:03}.jpg", ("oak", "elm")[i % 2]) for i in range(6))])
    found = read(tmp_path)
    assert found.counts() == {"elm": 3, "oak": 3}
    assert "unlabelled (20 pictures" in told(found)


def test_folders_that_are_refused_do_not_give_way_to_a_table_of_few(tmp_path):
    kinds = [
        f"{way}/{kind}/leaf_{kind}_{i:03}.jpg" for way in ("color", "grayscale") for kind in ("rust", "scab") for i in range(8)
    ]
    pictures(tmp_path, kinds)
    rows = [(f"color/{kind}/leaf_{kind}_000.jpg", kind) for kind in ("rust", "scab")]
    table(tmp_path, "some.csv", [("path", "label"), *rows])
    refused(tmp_path, "color", "grayscale")


def test_numbers_of_a_table_are_the_folders_with_noughts_in_front(tmp_path):
    pictures(tmp_path, [f"Final_Training/Images/{kind:05}/{i:05}_{kind:05}.ppm" for kind in (0, 3, 14) for i in range(4)])
    pictures(tmp_path, [f"Final_Test/Images/{i:05}.ppm" for i in range(6)])
    for kind in (0, 3, 14):
        rows = [(f"{i:05}_{kind:05}.ppm", 20 + i, kind) for i in range(4)]
        table(tmp_path, f"Final_Training/Images/{kind:05}/GT-{kind:05}.csv", [("Filename", "Width", "ClassId"), *rows], ";")
    rows = [(f"{i:05}.ppm", 20 + i, (0, 3, 14)[i % 3]) for i in range(6)]
    table(tmp_path, "GT-final_test.csv", [("Filename", "Width", "ClassId"), *rows], ";")
    each = {"00000": 4, "00003": 4, "00014": 4}
    assert counts(read(tmp_path)) == {"train": each, "test": dict.fromkeys(each, 2)}


def test_a_table_for_each_class_says_the_classes_together(tmp_path):
    pictures(tmp_path, [f"images/p{i:03}.jpg" for i in range(12)])
    for j, kind in enumerate(("iris", "rose", "lily")):
        table(tmp_path, f"{kind}.csv", [("file", "label"), *((f"p{i:03}.jpg", kind) for i in range(4 * j, 4 * j + 4))])
    found = classes(read(tmp_path))
    assert [found[f"images/p{i:03}.jpg"] for i in (0, 4, 8)] == ["iris", "rose", "lily"]


def test_a_table_across_folders_is_taken_without_asking_what_the_folders_are(tmp_path):
    pictures(tmp_path, [f"set/{i // 6}/p{i:03}.jpg" for i in range(24)])
    table(tmp_path, "labels.csv", [("file", "species"), *((f"p{i:03}.jpg", ("oak", "elm", "ash")[i % 3]) for i in range(24))])
    assert read(tmp_path).counts() == {"ash": 8, "elm": 8, "oak": 8}


def test_some_of_the_pictures_that_a_table_names_by_long_names(tmp_path):
    names = [f"{i * 7919:032x}" for i in range(1, 21)]
    pictures(tmp_path, [f"images/{name}.jpg" for name in names[:14]])
    table(tmp_path, "list.csv", [("md5hash", "label"), *((name, ("mole", "burn")[i % 2]) for i, name in enumerate(names))])
    found = read(tmp_path)
    assert found.counts() == {"burn": 7, "mole": 7}
    assert "6 rows of list.csv are left out" in told(found)


def test_a_table_of_parts_alone_deals_class_folders_out(tmp_path):
    paths = [f"{kind}/{kind}_{i:03}.jpg" for kind in ("cat", "dog") for i in range(4)]
    table(
        pictures(tmp_path, paths), "split.csv", [("path", "split"), *((p, ("train", "test")[p.endswith("3.jpg")]) for p in paths)]
    )
    assert counts(read(tmp_path)) == {"train": {"cat": 3, "dog": 3}, "test": {"cat": 1, "dog": 1}}


def test_a_table_whose_classes_are_a_deeper_level_of_folders_says_that_this_is_the_class(tmp_path):
    findings = {
        "lower/landmarks/cecum": 4,
        "lower/pathology/polyps": 5,
        "upper/landmarks/pylorus": 4,
        "upper/pathology/barretts": 3,
    }
    places = [f"labeled-images/{place}/{place[-5:]}{i}b.jpg" for place, n in findings.items() for i in range(n)]
    pictures(tmp_path, places)
    rows = [(place.rpartition("/")[2][:-4], place.split("/")[1], place.split("/")[3]) for place in places]
    table(tmp_path, "labeled-images/image-labels.csv", [("Video file", "Organ", "Finding"), *rows])
    assert read(tmp_path, label_column="").counts() == {"barretts": 3, "cecum": 4, "polyps": 5, "pylorus": 4}


def test_folders_that_only_count_series_give_way_to_a_table_of_fewer_classes(tmp_path):
    """WebVision: pictures by the query that found them, and a list with the class of each."""
    names = [f"google/q{query:04}/{query}{i:05}ab.jpg" for query in range(8) for i in range(4)]
    table(pictures(tmp_path, names), "info/train_filelist.txt", [(name, i // 8) for i, name in enumerate(names)], " ")
    assert counts(read(tmp_path)) == {"": {"0": 8, "1": 8, "2": 8, "3": 8}}


def test_folders_of_words_do_not(tmp_path):
    names = [f"{name}/{i}.jpg" for name in ("pug", "collie", "manx", "angora") for i in range(4)]
    table(pictures(tmp_path, names), "list.txt", [(name, i // 8) for i, name in enumerate(names)], " ")
    assert set(read(tmp_path).classes) == {"pug", "collie", "manx", "angora"}
