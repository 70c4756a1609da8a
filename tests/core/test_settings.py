"""Numbers among the settings of a document."""

import pytest

from core.errors import InputError
from core.settings import share


def test_a_share_is_read_and_has_a_default() -> None:
    assert share({"lip.protect": "0.25"}, "lip.protect", "1") == 0.25
    assert share({}, "lip.protect", "1") == 1.0


@pytest.mark.parametrize("text", ["much", "", "nan", "-0.1", "1.5"])
def test_what_is_no_share_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match=r"lip\.protect.* is not a number from 0 to 1"):
        share({"lip.protect": text}, "lip.protect", "1")
