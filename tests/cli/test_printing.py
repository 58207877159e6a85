from olhar.cli.printing import file_size


def test_sizes_read_well():
    assert [file_size(count) for count in (0, 1500, 2_400_000, 825e6, 1.26e9)] == ["0 kB", "2 kB", "2 MB", "825 MB", "1.3 GB"]
