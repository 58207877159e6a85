"""What a person says of how data is to be read: the same in flags, keywords and records."""

from olhar.data.read_options import OPTIONS, ReadOptions, without_options


def test_options_come_back_from_their_record():
    options = ReadOptions(layout="*/class", group_column="patient")
    assert ReadOptions.from_dict(options.to_dict() | {"unknown": 1}) == options
    assert options.flags == ("--layout", "*/class", "--group-column", "patient")
    assert (bool(options), bool(ReadOptions())) == (True, False)


def test_other_keywords_are_left():
    assert without_options({"epochs": 3, **dict.fromkeys(OPTIONS, "x")}) == {"epochs": 3}
