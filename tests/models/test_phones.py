"""Other alphabets land on mouth shapes."""

import pytest

from models.phones import PHONES, from_arpabet, from_ipa


@pytest.mark.parametrize(
    ("name", "phone"), [("AH0", "AH"), ("ax", "AH"), ("pau", "SIL"), ("IY1", "IY"), ("dx", "T"), ("zh", "ZH")]
)
def test_arpabet_of_any_spelling(name: str, phone: str) -> None:
    assert from_arpabet(name) == phone


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="XYZ"):
        from_arpabet("XYZ")


@pytest.mark.parametrize(
    ("symbols", "phones"),
    [
        ("ˈaɪ", ("AY",)),
        ("tʃ", ("CH",)),
        ("ɔ̃", ("AO",)),
        ("yː", ("UW",)),
        ("əl", ("AH", "L")),
        ("tɕh", ("CH", "HH")),
        ("ɯᵝ", ("IH",)),
        ("", ()),
        ("ʲ", ()),
    ],
)
def test_ipa_of_any_language(symbols: str, phones: tuple[str, ...]) -> None:
    assert from_ipa(symbols) == phones
    assert set(phones) <= set(PHONES)
