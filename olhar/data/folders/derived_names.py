"""Names of pictures made from others, as programs write them: ``cat1_aug0``, ``flipped_cat1``, ``cat1_jpg.rf.3f2b...``."""

import re
from collections.abc import Sequence
from itertools import chain

_WORDS = (
    r"aug|augm|augment(?:ed|ation|ations)?|aumentad[ao]s?|[hv]?flip(?:ped|ping)?(?:lr|ud|tb|[hv])?|mirror(?:ed)?|espelhad[ao]s?|"
    r"rot(?:at(?:ed?|ion|ing))?|rotacionad[ao]s?|girad[ao]s?|(?:new)?-?\d{1,3}deg(?:rees)?(?:flip(?:lr|ud|tb))?|crop(?:ped)?|recortad[ao]s?|zoom(?:ed)?|"
    r"shear(?:ed)?|shift(?:ed)?|translat(?:ed?|ion)|affine|elastic|distort(?:ed|ion)?|perspective|transpos(?:ed?|ition)|"
    r"blur(?:red|ry)?|desfocad[ao]s?|borrad[ao]s?|nois[ey]|ruido|ruído|gauss(?:ian)?|bright(?:en|ened|er|ness)?|brilho|darken(?:ed)?|"
    r"contrast[eo]?|gamma|hue|saturat(?:ed?|ion)|jitter(?:ed)?|sharpen(?:ed)?|equali[sz]ed?|clahe|gr[ae]y(?:scale)?|cinza|"
    r"resiz(?:ed?|ing)|rescaled?|scaled?|cutout|eras(?:ed?|ing)|invert(?:ed|id[ao])?|orig(?:inal|inais)?"
)
_BESIDE = r"horizontal(?:ly)?|vertical(?:ly)?|random|rand|new|left|right|up|down|[hv]|lr|ud|tb|x|y"
"""Words that say how, beside one that says what was done."""
_GAP = r"[\s._()-]*"
_WORD = rf"(?:{_WORDS})(?![^\W\d_])"
_MORE = rf"(?:{_GAP}(?:(?:{_WORDS}|{_BESIDE})(?![^\W\d_])|\d+))*"
_TAIL = re.compile(
    rf"(.+?)(?:[\s._()-]+|(?<=\d)(?=[^\W\d_]))((?:(?:{_BESIDE})(?![^\W\d_]){_GAP})*{_WORD}{_MORE}\)?)", re.IGNORECASE
)
_HEAD = re.compile(
    rf"((?:(?:{_BESIDE})[\s._-]+)*{_WORD}(?:{_GAP}(?:{_WORDS}|{_BESIDE})(?![^\W\d_]))*\d*)[\s._-]+(.+)", re.IGNORECASE
)
_LAST, _NEXT = re.compile(r"(.*\d.*?)[\s._-]+\(?\d+\)?"), re.compile(r"(\d+)[\s._-]+(.*\d.*)")
_ROBOFLOW = re.compile(r"(.+)[._](jpe?g|png|bmp|webp|tiff?|gif)\.rf\.[0-9A-Za-z]{8,}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NO_DATE = 5
"""So many digits are no date and no time of a camera."""
_STEMS = (
    "aug flip mirror espelh rot gira deg crop recort zoom shear shift transl affine elastic distor perspec transpos blur desfoc "
    "borrad nois ruid ruíd gauss bright brilho darken contrast gamma hue satur jitter sharpen equal clahe gray grey cinza resiz "
    "scale cutout eras inver orig .rf."
)
_BLOCK, _BLOCKS = 1000, 100
_DIGITLESS = str.maketrans("", "", "0123456789")


def may_be_derived(names: Sequence[str]) -> bool:
    """Whether some of the names may say that a picture was made from another; of more than 100,000, a hundred stretches are read.

    Most sets are of few forms once numbers are taken out, and only those are searched.
    """
    step = max(_BLOCK, len(names) // _BLOCKS)
    some = chain.from_iterable(names[start : start + _BLOCK] for start in range(0, len(names), step))
    forms = "\n".join({*"\n".join(some).lower().translate(_DIGITLESS).split("\n")})
    return any(stem in forms for stem in _STEMS.split())


def exported(stem: str) -> str:
    """The stem that a picture had before Roboflow gave it a hash: ``cat1`` of ``cat1_jpg.rf.3f2b...``; else nothing."""
    match = _ROBOFLOW.fullmatch(stem)
    return match[1] if match is not None else ""


def originals(stem: str) -> tuple[str, list[str]]:
    """What was done to a picture, and the names that the one it was made from may have, the likeliest first.

    Returns:
        Words without numbers (``aug``), and names: of ``aug_cat1_3`` they are ``cat1_3`` and ``cat1``, for either may be the
        number of a copy. ``""`` and nothing where no word says that it was made from another.
    """
    if (tail := _TAIL.fullmatch(stem)) is not None:
        number = _DIGITS.findall(tail[2])[-1:]
        return _bare(tail[2]), [tail[1], *(f"{tail[1]}{gap}{n}" for n in number for gap in ("_", "-", ".", " "))]
    if (head := _HEAD.fullmatch(stem)) is not None:
        shorter = [match[1] for pattern in (_LAST, _NEXT) if (match := pattern.fullmatch(head[2])) is not None]
        return _bare(head[1]), [head[2], *shorter]
    return "", []


def without_partner(words: str, names: Sequence[str]) -> str:
    """Which of several names is meant where no picture bears any of them; nothing where a running number alone would say it.

    The number of a copy is cut off behind ``aug`` alone (Keras writes ``aug_0_1234``), and not where a date may stand before it.
    """
    name, *others = names
    if words.startswith("aug") and others and len(others[0]) < len(name) and len(_DIGITS.findall(others[0])[-1]) <= _NO_DATE:
        name = others[0]
    if _DIGITS.search(name) is None:
        return ""
    return f"{words} {name}" if name.isdigit() else name


def _bare(words: str) -> str:
    return _DIGITS.sub("", words).strip(" ._()-").casefold()
