from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.curve import Curve, Tangent
from core.curve_file import load_curve
from core.errors import InputError

JSON = '{"keys": [[1, 0.5], [0, 0], [2.5, 1]], "interpolation": "%s"}'


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("name", ["auto", "linear", "step"])
def test_json_keys_come_in_any_order(tmp_path, name):
    curve = load_curve(written(tmp_path, "c.json", JSON % name))
    assert curve == Curve.of([(0, 0), (1, 0.5), (2.5, 1)], Tangent[name.upper()])


def test_interpolation_is_automatic_where_not_given(tmp_path):
    curve = load_curve(written(tmp_path, "c.json", '{"keys": [[0, 1], [1, 0]]}'))
    assert curve.tangents.tolist() == [Tangent.AUTO, Tangent.AUTO]


@pytest.mark.parametrize("heading", ["", "seconds,value\n", "\ufeffSeconds, Value\r\n"])
def test_csv_with_and_without_heading(tmp_path, heading):
    curve = load_curve(written(tmp_path, "c.CSV", f"{heading}2.5,1\n\n0,0\n1, .5\n"))
    assert curve == Curve.of([(0, 0), (1, 0.5), (2.5, 1)])


@given(st.dictionaries(st.floats(0, 1e4), st.floats(-10, 10), min_size=1, max_size=20))
def test_csv_gives_every_number_back(tmp_path_factory, keys):
    text = "".join(f"{seconds!r},{value!r}\n" for seconds, value in keys.items())
    curve = load_curve(written(tmp_path_factory.mktemp("csv"), "c.csv", text))
    assert np.array_equal(curve.times, sorted(keys))
    assert curve.values.tolist() == [keys[seconds] for seconds in sorted(keys)]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("c.json", "keys", "not valid JSON"),
        ("c.json", "[" * 100_000, "not valid JSON"),
        ("c.json", "[1, 2]", "there is no"),
        ("c.json", '{"keys": 5}', "there is no"),
        ("c.json", '{"keys": []}', "without keys"),
        ("c.json", '{"keys": [[0, 1], [0, 2]]}', "two keys at 0 s"),
        ("c.json", '{"keys": [[0, 1], [1, NaN]]}', "key 2 is not a pair"),
        ("c.json", '{"keys": [[0, 1], [Infinity, 1]]}', "key 2 is not a pair"),
        ("c.json", '{"keys": [[0, true]]}', "key 1 is not a pair"),
        ("c.json", '{"keys": [[0, 1, 2]]}', "key 1 is not a pair"),
        ("c.json", '{"keys": ["01"]}', "key 1 is not a pair"),
        ("c.json", f'{{"keys": [[0, 1{"0" * 400}]]}}', "key 1 is not a pair"),
        ("c.json", JSON % "cubic", "unknown interpolation 'cubic'; there are auto"),
        ("c.json", '{"keys": [[0, 1]], "interpolation": ["auto"]}', "unknown interpolation"),
        ("c.csv", "", "without keys"),
        ("c.csv", "seconds,value\n", "without keys"),
        ("c.csv", "0,1\n1,nan\n", "key 2 is not a pair"),
        ("c.csv", "0;1\n", "key 1 is not a pair"),
        ("c.csv", "0,1\n0.0,2\n", "two keys at 0 s"),
        ("c.txt", "0,1\n", "neither .json nor .csv"),
    ],
)
def test_what_is_no_curve_is_named(tmp_path, name, text, reason):
    path = written(tmp_path, name, text)
    with pytest.raises(InputError, match=reason) as error:
        load_curve(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_files_that_are_missing_binary_or_folders(tmp_path):
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00\x80")
    (tmp_path / "folder.json").mkdir()
    for name, reason in (
        ("missing.json", "no such file"),
        ("binary.csv", "not text"),
        ("folder.json", "read"),
    ):
        with pytest.raises(InputError, match=reason):
            load_curve(tmp_path / name)
