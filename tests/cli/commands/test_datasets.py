import json


def test_the_sets_are_listed_with_licence_and_size(say):
    code, out, _ = say("datasets")
    assert code == 0
    for word in ("cifar10 ", "170 MB", "bring your own", "CC BY 4.0", "olhar train cifar10"):
        assert word in out
    rows = json.loads(say("datasets", "--json")[1])["datasets"]
    assert [row["name"] for row in rows][:2] == ["digits", "cifar10"]
    assert rows[-1]["bring"].endswith("fer2013.csv")
