import json


def test_a_model_is_written_where_asked(say, run, tmp_path):
    code, out, _ = say("export", run.path, "--into", tmp_path / "m.onnx", "--json")
    assert (code, json.loads(out)["written"]) == (0, str(tmp_path / "m.onnx"))
    assert say("export", run.path, "--to", "pt")[0] == 2
