"""A text beside pictures that explains their names: what a code stands for, ``A = dented``, or what each piece is."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from olhar.data.files.files import first_bytes, non_pictures
from olhar.data.folders.found import Found
from olhar.data.folders.spelling import one_spelling
from olhar.data.folders.stems import stem_of
from olhar.data.folders.words import tokens, words_of

_TEXTS, _MOST, _HEAD = (".txt", ".md", ".csv"), 16, 1 << 14
_LINE = re.compile(r"[\s*•-]*([A-Za-z]{1,4}|\d{1,3})\s*(?:[=:;,→–—-]+>?|\t)\s*([^\W\d_][^=;\t]{0,60}?)[\s.;,]*")
_FORM = re.compile(r"[^_]*?[^\W_][^_]*(?:_[^_]+)+")
_ASIDE = re.compile(r"\([^)]*\)|\.(?:jpe?g|png|bmp|tiff?|webp)\b", re.IGNORECASE)
_CLASS = words_of(
    "class classe clase label rotulo etiqueta category categoria species especie breed raca disease doenca enfermedad "
    "emotion emocao expression expressao defect defeito pest praga type tipo condition condicao diagnosis diagnostico variety "
    "variedade product produto material gesture gesto state estado status situacao"
)
_NO_CLASS = words_of(
    "date data fecha dia day hora hour time number numero num n no nr nn seq sequence sequencia running repeticao repetition rep "
    "take id index indice photo foto picture imagem image img quem who aluno aluna pupil student pessoa person nome name talhao "
    "plot parcela lote lot batch camera cam local place lugar site sala room turma team equipe operador operator subject sujeito "
    "participante participant lado side view vista angulo angle mes month ano year coleta visita tacho vaso pot planta plant "
    "piece peca item object objeto sample amostra unit unidade serial code codigo casa house"
)
_BRACKETS = str.maketrans("", "", "`<>{}[]*\"'")
_FEWEST, _MANY, _LONGEST = 2, 200, 300
_STEPS = re.compile(r"[\s._()-]+|(?<=[^\W\d_])(?=\d)")


def classes_of_codes(paths: Sequence[str], found: Found) -> tuple[list[str], str] | None:
    """The class of each picture by the code with which its name begins or ends, and the text that says it; None: there is none.

    The text explains all codes, two at least, of two pictures each, and no two are the same.
    """
    legends = _legends(found)
    stems = [[step for step in _STEPS.split(stem_of(path)) if step] for path in paths] if legends else []
    for at in (0, -1) if all(len(steps) > 1 for steps in stems) else ():
        codes = [steps[at].casefold() for steps in stems]
        counts = Counter(codes)
        for name, meanings in legends.items():
            if len(counts) > 1 and {*counts} <= {*meanings} and min(counts.values()) > 1:
                return [meanings[code] for code in codes], name
    return None


def classes_of_form(paths: Sequence[str], found: Found) -> tuple[list[str], str] | None:
    """The class of each picture by the piece of its name that a text calls so (``date_who_class_number``), and that text."""
    stems = [stem_of(path).split("_") for path in paths] if _texts(found) else []
    width = len(stems[0]) if stems else 0
    if width < _FEWEST or any(len(pieces) != width for pieces in stems):
        return None
    for index in _texts(found):
        for at in _places_said(index, width, found):
            classes = [pieces[at].strip() for pieces in stems]
            if 1 < len({*classes}) <= min(_MANY, len(classes) // 2) and all(classes):
                return one_spelling(classes), found.files.names[index]
    return None


def _places_said(index: int, width: int, found: Found) -> Iterator[int]:
    """Where lines of so many pieces, and one of them called as a class is, have that one."""
    for line in _lines(index, found):
        form = _ASIDE.sub("", re.split(r"[:=]", line.translate(_BRACKETS))[-1])
        pieces = form.split("_") if _FORM.fullmatch(form) else []
        said = [i for i, piece in enumerate(pieces) if {*tokens(piece)} & _CLASS]
        left = [i for i, piece in enumerate(pieces) if not {*tokens(piece)} & _NO_CLASS]
        if len(pieces) == width and 1 in (len(said), len(left)):
            yield said[0] if len(said) == 1 else left[0]


def _texts(found: Found) -> list[int]:
    return [index for index in non_pictures(found.files) if found.files.names[index].lower().endswith(_TEXTS)][:_MOST]


def _lines(index: int, found: Found) -> list[str]:
    """The short lines of a text: what explains a name is one, and a pattern takes the square of a line's length to say no."""
    lines = first_bytes(found.files, index, _HEAD).decode("utf-8-sig", "replace").splitlines()
    return [line for line in lines if len(line) <= _LONGEST]


def _legends(found: Found) -> Mapping[str, Mapping[str, str]]:
    """What each text beside the pictures says of codes."""
    return {found.files.names[index]: said for index in _texts(found) if (said := _said(index, found))}


def _said(index: int, found: Found) -> dict[str, str]:
    matches = [match for line in _lines(index, found) if (match := _LINE.fullmatch(line))]
    said = {match[1].casefold(): match[2] for match in matches}
    return said if len({*said.values()}) == len(said) == len(matches) else {}
