"""The reader of pickles: whatever datasets hold comes out; whatever runs code is refused and does not run."""

import gzip
import pickle
import resource
import struct
from collections import OrderedDict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.training.pickles.arrays import UnsafePickle
from models.training.pickles.safe_pickle import load_pickle, loads_pickle

NUMBERS = hnp.integer_dtypes() | hnp.unsigned_integer_dtypes() | hnp.floating_dtypes() | hnp.boolean_dtypes()
ARRAYS = hnp.arrays(
    NUMBERS | hnp.complex_number_dtypes() | hnp.unicode_string_dtypes(), hnp.array_shapes(min_side=0)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)
PROTOCOLS = st.integers(0, pickle.HIGHEST_PROTOCOL)

# {'s1': {'audio': int16 array [1, -2, 300], 'rate': 22000L, 'name': 'caf\xe9'}} of Python 2.7 and numpy 1.16
PYTHON_2 = (
    b"\x80\x02}q\x00U\x02s1q\x01}q\x02(U\x05audioq\x03cnumpy.core.multiarray\n_reconstruct\nq\x04cnumpy\nndarray\nq\x05"
    b"K\x00\x85q\x06U\x01bq\x07\x87q\x08Rq\t(K\x01K\x03\x85q\ncnumpy\ndtype\nq\x0bU\x02i2q\x0cK\x00K\x01\x87q\rRq\x0e"
    b"(K\x03U\x01<q\x0fNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x10b\x89U\x06\x01\x00\xfe\xff,\x01q\x11tq\x12b"
    b"U\x04rateq\x13\x8a\x02\xf0UU\x04nameq\x14U\x04caf\xe9q\x15us."
)


class Calls:
    """Pickles as a call of a function."""

    def __init__(self, *call: Any) -> None:
        self.call = call

    def __reduce__(self) -> tuple:
        return self.call[0], self.call[1:]


class Restored(Calls):
    """Pickles as a call whose result is then given a state."""

    def __reduce__(self) -> tuple:
        function, arguments, state = self.call
        return function, arguments, state


@given(VALUES, PROTOCOLS)
def test_plain_values_come_back(value: object, protocol: int) -> None:
    assert loads_pickle(pickle.dumps(value, protocol)) == value


@given(ARRAYS, PROTOCOLS, st.booleans())
def test_arrays_come_back_in_every_protocol_and_order(array: np.ndarray, protocol: int, turned: bool) -> None:
    array = array.T if turned else array
    read = loads_pickle(pickle.dumps({"a": [array, array]}, protocol))
    assert read["a"][0].dtype == array.dtype
    np.testing.assert_array_equal(read["a"][0], array)
    assert read["a"][0] is read["a"][1]


@given(st.floats(width=32), PROTOCOLS)
def test_numpy_scalars_come_back(number: float, protocol: int) -> None:
    read = loads_pickle(pickle.dumps({np.int64(3): np.float32(number)}, protocol))
    np.testing.assert_array_equal(read[3], np.float32(number))


def test_python_2_is_understood_with_either_path_of_numpy(tmp_path: Path) -> None:
    for content in (PYTHON_2, PYTHON_2.replace(b"numpy.core.multi", b"numpy._core.multi")):
        path = tmp_path / "raw_audio_fixed.pkl"
        path.write_bytes(content)
        read = load_pickle(path)["s1"]
        assert read["audio"].tolist() == [1, -2, 300]
        assert (read["audio"].dtype, read["rate"], read["name"]) == (np.int16, 22000, "café")


def test_gzip_is_unpacked_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "templates.pkl.gz"
    path.write_bytes(gzip.compress(pickle.dumps({"F2": np.zeros((1000, 3))})))
    assert load_pickle(path)["F2"].shape == (1000, 3)
    with pytest.raises(ValueError, match=r"templates\.pkl\.gz: holds more than 5000 bytes"):
        load_pickle(path, limit=5000)


def touch(path: Path) -> list[Any]:
    import os
    import subprocess

    target = str(path)
    return [
        Calls(os.system, f"touch {target}"),
        Calls(eval, f"open({target!r}, 'w')"),
        Calls(open, target, "w"),
        Calls(subprocess.check_output, ["touch", target]),
        Calls(np.save, target, 0),
        Calls(getattr, "", "join"),
        Calls(np.ndarray, (1 << 40,)),
        Calls(bytes, 1 << 40),
        OrderedDict(a=1),
        {1, 2},
        frozenset((1,)),
        Path("x"),
        Fraction(1, 2),
        np.array([Fraction(1, 2)], object),
        np.zeros(2, [("a", "f4"), ("b", "O")]),
        np.zeros(2, "M8[s]"),
        np.ma.masked_array([1.0], [True]),
        np.random.default_rng(0),
        Restored(np.dtype, ("f8",), (3, "|", None, ("a",), {"a": (np.dtype("O"), 0)}, 8, 8, 0)),
        Restored(np.dtype, ("O",), (3, "|", None, None, None, -1, -1, 0)),
        np.float64,
        np.dtype("f4"),
        print,
    ]


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_hostile_pickles_are_refused_and_do_nothing(protocol: int, tmp_path: Path) -> None:
    target = tmp_path / "harmed"
    for number, hostile in enumerate(touch(target)):
        path = tmp_path / f"{number}.pkl"
        path.write_bytes(pickle.dumps({"F2": hostile}, protocol))
        with pytest.raises(UnsafePickle, match=rf"{number}\.pkl: .*(refused)"):
            load_pickle(path)
    assert not target.exists()


def test_what_is_refused_is_named() -> None:
    with pytest.raises(UnsafePickle, match=r"asks for os\.system"):
        loads_pickle(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(UnsafePickle, match=r"asks for __builtin__\.eval"):
        loads_pickle(b"c__builtin__\neval\n(S'1'\ntR.")


@pytest.mark.parametrize(
    "program",
    [
        b"(S'true'\nios\nsystem\n.",  # INST
        b"(cnumpy\ndtype\nS'f4'\no.",  # OBJ
        b"P1\n.",  # PERSID
        b"\x80\x02\x82\x01.",  # EXT1
        b"\x80\x02cnumpy\ndtype\n)\x81.",  # NEWOBJ
        b"\x80\x02cnumpy\ndtype\n}U\x05_callK\x01sb.",  # BUILD on a function
        b"\x80\x02cnumpy\ndtype\nN}U\x05_callK\x01s\x86b.",  # BUILD with slots
        b"\x80\x02]}U\x06appendK\x01sb.",  # BUILD on a list
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R.",  # no bytes
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nK\x00K\x00\x85U\x01b\x87R.",  # of no class
        b"c_codecs\nencode\n(S'aa'\nS'hex'\ntR.",
        b"\x80\x02}" + b"K\x01\x85" + b"K\x01s.",  # tuple for a key
        b"(" * 2 + b"]q\x00h\x00a.",  # list in itself
    ],
)
def test_instructions_beyond_plain_data_are_refused(program: bytes) -> None:
    with pytest.raises(UnsafePickle, match="refused"):
        loads_pickle(program)


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


@pytest.mark.parametrize(
    "bomb",
    [
        b"\x80\x05\x96" + struct.pack("<Q", 1 << 36) + b".",  # bytearray of 64 GB
        b"\x80\x04\x8e" + struct.pack("<Q", 1 << 36) + b".",  # bytes of 64 GB
        b"\x80\x04\x95" + struct.pack("<Q", 1 << 36) + b".",  # frame of 64 GB
        b"\x80\x02]" + b"\x85" * 200_000 + b"}h\x00K\x01s.",
        b"\x80\x02}" + b")" + b"\x85" * 500_000 + b"K\x01s.",  # a key of tuples 500,000 deep
        b"(" * 100_000,
        b"\x80\x02]q\x00"
        + b"".join(b"](h%ch%ceq%c" % (n, n, n + 1) for n in range(60))
        + b".",  # 2^60 leaves
    ],
)
def test_bombs_of_memory_and_depth_are_refused_at_once(bomb: bytes) -> None:
    before = memory()
    with pytest.raises(ValueError, match=r"refused|damaged"):
        loads_pickle(bomb)
    assert memory() - before < 100 << 20


def test_a_large_memo_number_takes_no_memory() -> None:
    before = memory()
    assert loads_pickle(b"\x80\x02Nr\xff\xff\xff\x7f.") is None
    assert memory() - before < 100 << 20


def test_arrays_made_again_and_again_of_one_text_meet_the_limit() -> None:
    text = pickle.dumps("a" * 10_000, 2)[:-1]  # memoised as 0
    copies = b"c_codecs\nencode\nh\x00X\x06\x00\x00\x00latin1\x86R" * 1000
    with pytest.raises(ValueError, match="more memory than is allowed"):
        loads_pickle(text.replace(b"q\x00", b"q\x000") + b"(" + copies + b"l.", limit=1 << 20)


@given(st.binary(max_size=200), st.integers(0, 600), st.integers(0, 600))
def test_damage_is_a_value_error(noise: bytes, first: int, cut: int) -> None:
    content = pickle.dumps({"a": np.arange(20.0), "b": "text", "c": [1, (2.5, None)]}, 4)
    damaged = content[:first] + noise + content[first + cut :]
    for program in (noise, damaged):
        try:
            loads_pickle(program)
        except ValueError:
            continue


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "templates.pkl"
    path.write_bytes(b"no pickle")
    with pytest.raises(ValueError, match=r"templates\.pkl: is no pickle"):
        load_pickle(path)
    with pytest.raises(FileNotFoundError):
        load_pickle(tmp_path / "absent.pkl")
