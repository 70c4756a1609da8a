"""Text to phones: espeak-ng's languages, and the user's own words."""

import pytest

from models.pronouncing import NoLanguage, pronounce, read_dictionary


@pytest.mark.parametrize(
    ("language", "word", "phones"),
    [
        ("en-us", "pub", ("P", "AH", "B")),
        ("en-us", "Mary", ("M", "EH", "R", "IY")),
        ("de", "Mohn", ("M", "AO", "N")),
        ("fr", "beau", ("B", "AO")),
        ("es", "papa", ("P", "AA", "P", "AA")),
    ],
)
def test_words_of_many_languages(language: str, word: str, phones: tuple[str, ...]) -> None:
    assert pronounce(word, language, {})[0].phones == phones


def test_a_sentence_keeps_its_words_and_their_order() -> None:
    words = pronounce("Well-known: don't say “3.5”!", "en-us", {})
    assert [word.text for word in words] == ["Well", "known", "don't", "say", "3.5"]
    assert all(word.phones for word in words)


def test_the_users_dictionary_goes_first() -> None:
    own = read_dictionary(";;; names\nGimbal  G IH1 M B AH0 L\nGIMBAL(2) JH IH1 M\n\n")
    assert own == {"gimbal": ("G", "IH", "M", "B", "AH", "L")}
    assert pronounce("GIMBAL", "en-us", own)[0].phones == ("G", "IH", "M", "B", "AH", "L")


@pytest.mark.parametrize(("text", "said"), [("mary", "line 1: no phones"), ("a AH\nb QQ", "line 2: unknown")])
def test_a_wrong_line_of_a_dictionary_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_dictionary(text)


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(NoLanguage, match="klingonese"):
        pronounce("nuqneH", "klingonese", {})
