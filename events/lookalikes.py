"""Names that deceive the eye: letters of one alphabet that pass for another's, and marks that a name has no use for."""

from __future__ import annotations

import re
import unicodedata

from events.names import folded, unseen

__all__ = ["deception", "looks", "spelled"]

# Alphabets with letters that pass for one another's; Chinese, Japanese, Korean and others stand beside Latin as they do
# in print (UTS 39, moderately restrictive).
_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
# What shows nothing and has an honest use: soft hyphens of copied text, joiners of Persian and Indian scripts, the
# variants of Chinese characters and emoji. `folded` passes over it, and nothing else that shows nothing may stand in a name.
_HONEST = frozenset((0x00AD, 0x034F, 0x17B4, 0x17B5, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)).union(
    range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
)
_BLANK = "\u2800"
# The micro sign belongs to no alphabet, though its normal form is a Greek letter.
_MICRO = "\u00b5"

# Letters drawn like a Latin one in most types, each string of strangers above the string of those that they pass for.
_STRANGERS = (
    (  # Cyrillic
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408\u051a\u051c\u04ae\u04c0",
        "ABEKMHOPCTYXSIJQWYI",
    ),
    (
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u04bb\u051b\u051d\u0475\u04af\u04cf\u043a",
        "aeopcyxsijdhqwvylk",
    ),
    (  # Greek
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u037f",
        "ABEZHIKMNOPTYXJ",
    ),
    ("\u03b1\u03b3\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7\u03f3", "ayikvopuxj"),
    ("\u0555\u054d\u0585\u057d\u0570\u0578\u0581\u0566", "OUouhngq"),  # Armenian
    (  # Cherokee
        "\u13aa\u13f4\u13df\u13a0\u13ac\u13c0\u13bb\u13ab\u13e6\u13de\u13b7\u13e2\u13a1\u13da\u13a2\u13d9\u13b3\u13c3",
        "ABCDEGHJKLMPRSTVWZ",
    ),
    (  # Lisu
        "\ua4ee\ua4d0\ua4da\ua4d3\ua4f0\ua4dd\ua4d6\ua4e7\ua4f2\ua4d9\ua4d7\ua4e1\ua4df",
        "ABCDEFGHIJKLM",
    ),
    ("\ua4e0\ua4f3\ua4d1\ua4e3\ua4e2\ua4d4\ua4f4\ua4e6\ua4ea\ua4eb\ua4ec\ua4dc", "NOPRSTUVWXYZ"),
    ("\u0131\u0237\u0251\u0261", "ijag"),  # Latin letters without a dot, and of phonetic script
    (  # small capitals
        "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d",
        "ABCDEFGHIJKLM",
    ),
    ("\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22", "NOPRSTUVWYZ"),
)
# Of these, print without serifs draws all of a group alike.
_STROKE = "\u0001"  # what `I` and `l` are drawn as, and `L` and `i` are not
_ONE_STROKE = {"I": _STROKE, "l": _STROKE, "|": _STROKE, "\u01c0": _STROKE}
_DIGITS = {"1": _STROKE, "0": "o"}
_TWINS = {
    ord(stranger): _ONE_STROKE.get(twin, twin)
    for strangers, twins in _STRANGERS
    for stranger, twin in zip(strangers, twins, strict=True)
} | {ord(sign): twin for sign, twin in _ONE_STROKE.items()}
_WITH_DIGITS = _TWINS | {ord(digit): twin for digit, twin in _DIGITS.items()}
_TRADE_MARKS = re.compile("[\u2122\u00ae\u2120]")
_WORD = re.compile(r"\w+")


def deception(name: str) -> str:
    """Return why a name would deceive whoever reads it, as the end of a sentence; empty for an honest one."""
    if not folded(name):
        return "shows nothing"
    hidden = [char for char in unseen(name) if ord(char) not in _HONEST]
    if hidden or _BLANK in name:
        listed = ", ".join(f"U+{ord(char):04X}" for char in hidden or [_BLANK])
        return f"has characters that show nothing or turn the writing round: {listed}"
    for word in _WORD.findall(_plain(name.replace(_MICRO, ""))):
        alphabets = _alphabets(word)
        if len(alphabets) > 1:
            return f"mixes {' and '.join(alphabets)} letters in the word '{word}'"
    return ""


def looks(name: str) -> frozenset[str]:
    """Return the shapes in which a name meets the eye: two names with a shape in common cannot be told apart.

    As it is written, in capitals and in small letters; in the spirit of the skeletons of Unicode's UTS 39.
    """
    plain = _plain(_TRADE_MARKS.sub("", name))
    # Small letters are a kind of their own: nobody takes `Lam` for `Iam` because of the stroke that `lam` begins with.
    return frozenset((_drawn(plain), _drawn(plain.upper()), f"small: {_drawn(plain.lower())}"))


def spelled(name: str) -> str:
    """Return a name as a message can show it: what shows nothing, or passes for a Latin letter, as its code."""
    return "".join(
        char
        if char.isascii() or (ord(char) not in _TWINS and char != _BLANK and not unseen(char))
        else ascii(char)[1:-1]
        for char in name
    )


def _plain(name: str) -> str:
    """Bring a name to normal form, without what shows nothing."""
    hidden = dict.fromkeys(map(ord, unseen(name)))
    return " ".join(unicodedata.normalize("NFKC", name.translate(hidden)).split())


def _alphabets(word: str) -> list[str]:
    """Name the alphabets of a word's letters, of those that pass for one another."""
    found = set() if word.isascii() else {part for char in word for part in unicodedata.name(char, "").split()}
    return [name.capitalize() for name in _ALIKE if name in found]


def _drawn(form: str) -> str:
    # A dot above a letter that has one already is not drawn twice.
    return _WORD.sub(_word_drawn, form.replace("i\u0307", "i").replace("j\u0307", "j")).replace("|", _STROKE).casefold()


def _word_drawn(found: re.Match[str]) -> str:
    word = found.group()
    return word.translate(_TWINS if word.isdecimal() else _WITH_DIGITS)
