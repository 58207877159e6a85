"""Names that count or date: persons, series, rounds, pieces of a download, and names that are nobody's class."""

import re
from collections.abc import Collection

from olhar.data.folders.words import (
    CONTAINERS,
    is_augmented,
    is_container,
    is_mask_name,
    is_original,
    is_size,
    part_said,
    tokens,
    words_of,
)
from olhar.data.layout import plain

_FEWEST_IDENTIFIERS, _LETTERS, _DIGITS = 3, 4, 6
_NOBODY = words_of(
    "left right front back side top bottom rear up down inside outside ap pa lateral cc mlo frente verso esquerda "
    "direita lado cima baixo jan feb mar apr may jun jul aug sep oct nov dec morning afternoon evening night manha "
    "tarde noite"
)
_COUNTED = words_of(
    "batch lote session sessao run seq sequence set part parte folder pasta fold dobra camera cam view roll scan group "
    "grupo team squad turma equipe coleta colheita rodada visita campanha round trip series take day dia week month year "
    "ano version v patient paciente subject sujeito person pessoa writer user id sample case slide specimen camara "
    "participant student aluno aluna pupil video clip plot tile site talhao talhoes parcela canteiro quadra fazenda sitio "
    "finca granja estufa viveiro galpao baia curral tanque bandeja field block farm greenhouse barn pond tray shelf turno "
    "bancada maquina posto estacao shift bench station machine operator operador operadora inspetor inspetora inspector"
)
_THINGS = words_of(
    "talhao talhoes parcela canteiro quadra fazenda sitio finca granja estufa viveiro galpao baia curral tanque bandeja "
    "field block farm greenhouse barn pond tray shelf turno bancada maquina posto estacao shift bench station machine "
    "operator operador operadora inspetor inspetora inspector camara"
)
"""Of these a number or a letter makes one of several; alone they are what a picture shows."""
PLACES_AND_TIMES = _COUNTED - words_of(
    "patient paciente subject sujeito person pessoa writer user id sample case slide specimen participant student aluno aluna "
    "pupil version v set part"
)
_TEAMS = words_of(
    "group groups grupo team squad turma equipe student aluno aluna pupil celular camera camara phone telefone turno shift "
    "operador operadora operator inspetor inspetora inspector"
)
_ROUNDS = words_of(
    "part parte set split subset chunk batch lote session sessao run round coleta colheita rodada visita campanha trip day dia "
    "week semana take camera cam site plot"
)
_POINTS = words_of(
    "camera camara cam lote lot talhao turno shift coleta colheita rodada session sessao batch turma equipe visita estufa "
    "fazenda sitio granja finca"
)
_PIECES = words_of("part parte batch lote folder pasta")
_ORDINALS = words_of("a o st nd rd th")
_WITH_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d[-_.]\d\d?[-_.]\d\d?|\d\d?[-_.]\d\d?[-_.](?:19|20)\d\d)(?!\d)")
_SCHOOL = re.compile(r"(?:turma )?\d{1,2}[\s.]*[oaº°]?[\s._-]*(?:ano)?[\s._-]*[a-h]")
"""A class of a school: ``8.º A``, ``7B``."""
_MONTHS = words_of(
    "january february march april june july august september october november december janeiro fevereiro marco abril maio junho "
    "julho agosto setembro outubro novembro dezembro enero febrero marzo mayo junio julio septiembre octubre noviembre diciembre"
)
_MONTH = (
    "jan(?:uary|eiro)?|feb(?:ruary)?|fev(?:ereiro)?|mar(?:ch|co)?|apr(?:il)?|abr(?:il)?|may|maio?|june?|junho|july?|julho|"
    "aug(?:ust)?|ago(?:sto)?|sept?(?:ember)?|set(?:embro)?|oct(?:ober)?|out(?:ubro)?|nov(?:ember|embro)?|dec(?:ember)?|"
    "dez(?:embro)?"
)
_IN_WORDS = re.compile(rf"(?<!\w)[0-3]?\d(?:st|nd|rd|th)?[\s._-]*(?:de[\s._-]+)?(?:{_MONTH})(?![^\W_])")
_DAY = re.compile(r"(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])")
"""A day without its year, by two figures each: ``02-09``."""
_OF_CLASS = words_of("class classe c grade grau stage estagio level nivel type tipo category categoria label")
_IDENTIFIER = re.compile(r"\d+|(?=.*\d)[0-9a-f]{6,}|\d+[^\W\d_]+|[^\W\d_]{0,12}[\s._-]*\d+([\s._-]+\w+)*", re.IGNORECASE)
_DATE = re.compile(r"(19|20)\d\d([-_. ]?\d\d?([-_. ]?\d\d?)?)?|\d\d?[-_. ]\d\d?[-_. ](19|20)?\d\d")


def is_identifier(name: str) -> bool:
    """Whether a name looks like an identifier: a number, a hash, a word with a number (``patient-12``)."""
    return _IDENTIFIER.fullmatch(name) is not None


def worded(names: Collection[str]) -> bool:
    """Whether names are told apart by words and not by numbers alone, whatever number stands before: ``01_palm``, ``02_l``."""
    words = [tuple(word for word in tokens(name) if not word.isdigit()) for name in names]
    long = sum(any(len(word) > 2 for word in each) for each in words)
    return len(words) > 1 and len(set(words)) == len(words) and 2 * long >= len(words)


def are_identifiers(names: Collection[str]) -> bool:
    """Whether all names count persons or series and say nothing else: ``group_a``, ``TCGA_CS_4941_1996``, not ``c01``.

    Numbers are of one length, one with a nought in front: ``f16``, ``b52`` and WordNet's ``n01443537`` are classes.
    """
    words = [tokens(name) for name in names]
    if len(words) >= _FEWEST_IDENTIFIERS and all(map(_is_code, words)):
        return True
    if len(words) < _FEWEST_IDENTIFIERS or any(len(each) != 2 for each in words):
        return False
    if all(map(counts_series, names)):
        return True
    if not all(each[1].isdigit() for each in words):
        return False
    short = all(len(each[0]) <= _LETTERS and each[0] not in _OF_CLASS for each in words)
    digits = [each[1] for each in words]
    padded = len({len(each) for each in digits}) == 1 and any(each.startswith("0") for each in digits)
    return short and padded and 1 < len(digits[0]) <= _DIGITS


def _is_code(words: tuple[str, ...]) -> bool:
    """Whether a name is letters and two numbers or more, one of them long: ``TCGA_CS_4941_19960909``."""
    numbers = [word for word in words if word.isdigit()]
    letters = [word for word in words if not word.isdigit()]
    return len(numbers) > 1 and max(map(len, numbers)) >= _LETTERS and bool(letters) and max(map(len, letters)) <= _LETTERS


def is_counted_class(name: str) -> bool:
    """Whether a name is a class by its word though it carries a number: ``grade2``, ``class_1``."""
    words = tokens(name)
    return len(words) == 2 and words[0] in _OF_CLASS and words[1].isdigit()


def are_levels(names: Collection[str]) -> bool:
    """Whether most names are words and a number, and some words have several: ``Rain-1``, ``Rain-3``, ``Haze-2``; not grades."""
    counted = [words for name in names if len(words := tokens(name)) > 1 and words[-1].isdigit() and not is_counted_class(name)]
    return 2 * len(counted) > len(names) and len({words[:-1] for words in counted}) < len(counted)


def counts_series(name: str) -> bool:
    """Whether a name counts persons, batches, cameras and the like: ``patient 3``, ``seq01``, ``group_a``, ``2nd round``."""
    words = tokens(name)
    ordinal = [word for word in words[1:] if word not in _ORDINALS] if words[:1] and words[0].isdigit() else []
    alone = len(words) == 1 and words[0] in _THINGS
    counted = bool(words) and words[0] in _COUNTED and not alone and all(word.isdigit() or len(word) == 1 for word in words[1:])
    return counted or (len(ordinal) == 1 and ordinal[0] in _COUNTED)


def is_nobodys_class(name: str) -> bool:
    """Whether a name is a part, date, batch, view or magnification: nothing that one would learn to tell apart."""
    words = tokens(name)
    views = bool(words) and all(word in _NOBODY or word.isdigit() for word in words) and not name.isdigit()
    return (
        counts_series(name)
        or views
        or part_said(name) is not None
        or is_date(name)
        or is_size(name)
        or is_mask_name(name)
        or (is_container(name) and not name.isdigit())
        or is_augmented(name)
        or is_original(name)
    )


def is_date(name: str) -> bool:
    """Whether a name is a year, a month or a day, or holds one: ``2019``, ``2020-03``, ``2nd round - 01-02-2021``."""
    return is_nothing_but_a_date(name) or _WITH_DATE.search(name) is not None or _IN_WORDS.search(plain(name)) is not None


def is_nothing_but_a_date(name: str) -> bool:
    """Whether a name is a year, a month or a day, and says nothing else."""
    return _DATE.fullmatch(name) is not None or _DAY.fullmatch(name) is not None or plain(name) in _MONTHS


def is_numbered_download(name: str) -> bool:
    """Whether a name counts pieces of one download, which holds no classes by itself: ``HAM10000_images_part_1``, ``batch_3``."""
    return is_numbered_container(name) and bool(set(tokens(name)) & (CONTAINERS | _PIECES))


def is_numbered_container(name: str) -> bool:
    """Whether a name counts parts of a download: ``images_part_1``, ``dataset2``, ``batch_3``, ``v2``."""
    words = tokens(name)
    counted = [word for word in words if not word.isdigit()]
    return len(words) > len(counted) and bool(counted) and any(word in _COUNTED or word in CONTAINERS for word in counted)


def are_pieces_of_one(names: Collection[str]) -> bool:
    """Whether all names are the same, but for a number from 2 on behind all but one: ``gallery``, ``gallery_2``."""
    words = [tokens(name) for name in names]
    first = min(words, key=len, default=())
    behind = [each[len(first) :] for each in words if each[: len(first)] == first]
    numbers = sorted(int(each[0]) for each in behind if len(each) == 1 and each[0].isdigit())
    return len(words) > 1 and len(behind) == len(words) and numbers == [*range(2, len(words) + 1)]


def are_teams(names: Collection[str]) -> bool:
    """Whether all names count teams of who took the pictures, or cameras: ``Team 1 (Ana, Tom)``, ``Turma B``, ``celular 2``."""
    if len(names) > 1 and all(_SCHOOL.fullmatch(plain(name)) for name in names):
        return True
    words = [tokens(name)[:2] for name in names]
    if not all(len(each) == 2 and (each[1].isdigit() or len(each[1]) == 1) for each in words):
        return False
    same = len({each[0] for each in words}) == 1 and len({each[1] for each in words}) == len(words) > 1
    return same and words[0][0] in _TEAMS


def are_counted_pieces(names: Collection[str]) -> bool:
    """Whether all names count pieces or rounds of one set by one word: ``images_part_1``, ``set0``, ``Dia 2``; not versions."""
    words = [tuple(word for word in tokens(name) if not word.isdigit()) for name in names]
    counted = all(len(tokens(name)) == len(each) + 1 for name, each in zip(names, words, strict=True))
    return len(words) > 1 and counted and len({*words}) == 1 and bool({*words[0]} & _ROUNDS)


def is_fold(name: str) -> bool:
    """Whether a name counts folds: ``fold1``, ``dobra_2``."""
    words = tokens(name)
    return len(words) == 2 and words[0] in ("fold", "dobra", "kfold") and words[1].isdigit()


def are_rounds(names: Collection[str]) -> bool:
    """Whether all names begin with one counted word, and a number or letter each: ``Coleta 1 (Ana)``, ``Talhão A``.

    Behind a camera, a lot and the like any other word may stand: ``camera_entrance``, ``camera_back``.
    """
    words = [tokens(name) for name in names]
    first, rest = {each[:1] for each in words}, {each[1:] for each in words}
    if len(first) > 1 or len(rest) < len(words) or len(words) < 2 or () in first | rest:
        return False
    word = words[0][0]
    short = all(each[0].isdigit() or len(each[0]) == 1 for each in rest)
    return word in _POINTS or (short and word in PLACES_AND_TIMES)
