"""Words in the names of folders: of parts, wrappers, masks and processing, and names that are nobody's class."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise

from olhar.data.dataset import Part
from olhar.data.layout import part_of

_STEP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")
_KNOWN = 4096
_FEWEST_IDENTIFIERS, _LETTERS, _DIGITS = 3, 4, 6


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTS: dict[Part, frozenset[str]] = {
    "train": _words(
        "train training trainset traindata trainingset trainval trainimages treino treinamento entrenamiento entrainement"
    ),
    "validation": _words(
        "val valid validation validate valset validset validationset validacao validacion dev devel development desenvolvimento"
    ),
    "test": _words("test testing tests testset testdata testimages teste prueba pruebas eval evaluation holdout"),
}
_FILLERS = _words(
    "the of de do da dos das for para a data dados dataset datasets set sets folder pasta image images imagem "
    "imagens img imgs picture pictures pics photo photos foto fotos split files jpg jpeg png final new all"
)
CONTAINERS = _words(
    "data dados dataset datasets image images imagem imagens img imgs jpeg jpegs jpg jpegimages png picture "
    "pictures pics photo photos foto fotos figure figures raw input inputs archive files all rgb"
)
"""Names that say no more than that there are pictures."""
MASKS = _words(
    "mask masks label labels annotation annotations annot annots gt groundtruth trimap trimaps segmentation "
    "segmentations segmentationclass segmentationobject segmim mascara mascaras anotacao anotacoes rotulos"
)
_SURE_MASKS = MASKS - _words("label labels annotation annotations annot annots anotacao anotacoes rotulos")
_VERDICTS = _words(
    "benign malignant normal abnormal healthy diseased sick positive negative good bad real fake yes no ok nok ng pass fail "
    "defective damaged empty occupied benigno maligno saudavel doente positivo negativo bom ruim sim nao vazio ocupado"
)
_TO_PREDICT = _words("pred preds predict prediction predictions unlabeled unlabelled previsao previsoes")
_SET = _words("dataset datasets")
_AUGMENTED = _words("aug augmented augmentation augmentations augment aumentada aumentadas aumentado aumentados")
_ORIGINAL = _words("original originals originais raw source unaugmented")
_PROCESSING = _words(
    "color colour colored coloured cor gray grey grayscale greyscale cinza segmented segmentation segmentada "
    "segmentadas cropped crop crops resized resize rescaled scaled processed preprocessed normalized normalised "
    "enhanced filtered denoised equalized clahe edges binary rgb hsv depth infrared ir nir thermal blurred rotated "
    "masked balanced fullsize thumbnail thumbnails compressed"
)
_DOMAINS = _words(
    "art clipart product real world sketch sketches painting paintings cartoon cartoons quickdraw infograph photo photos foto "
    "fotos drawing drawings desenho desenhos amazon webcam dslr"
)
_NOBODY = _words(
    "left right front back side top bottom rear up down inside outside ap pa lateral cc mlo frente verso esquerda "
    "direita lado cima baixo jan feb mar apr may jun jul aug sep oct nov dec morning afternoon evening night manha "
    "tarde noite"
)
_COUNTED = _words(
    "batch lote session sessao run seq sequence set part parte folder pasta fold dobra camera cam view roll scan "
    "coleta colheita rodada visita campanha round trip series take day dia week month year ano version v patient paciente "
    "subject sujeito person pessoa writer user id sample case slide specimen participant video clip plot tile site"
)
_PIECES = _words("part parte batch lote folder pasta")
_ORDINALS = _words("a o st nd rd th")
_WITH_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d[-_.]\d\d?[-_.]\d\d?|\d\d?[-_.]\d\d?[-_.](?:19|20)\d\d)(?!\d)")
_OF_CLASS = _words("class classe c grade grau stage estagio level nivel type tipo category categoria cat label")
_IDENTIFIER = re.compile(r"\d+|(?=.*\d)[0-9a-f]{6,}|\d+[^\W\d_]+|[^\W\d_]{0,12}[\s._-]*\d+([\s._-]+\w+)*", re.IGNORECASE)
_DATE = re.compile(r"(19|20)\d\d([-_. ]?\d\d?([-_. ]?\d\d?)?)?|\d\d?[-_. ]\d\d?[-_. ](19|20)?\d\d")
_MAGNIFICATION = re.compile(r"\d+ ?x|x\d+|\d+ ?x ?\d+|\d+ ?(px|mm|cm)", re.IGNORECASE)


@lru_cache(_KNOWN)
def tokens(name: str) -> tuple[str, ...]:
    """The words and numbers of a name, plain: ``Final_Training`` and ``asl_alphabet_train``, also ``TrainSet``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    steps: list[str] = _STEP.findall(bare)
    return tuple(step.casefold() for step in steps)


@lru_cache(_KNOWN)
def part_said(name: str) -> Part | None:
    """The part of which a name speaks, among other words too: ``seg_train``, ``imagens de treino``, ``test1``, ``val2017``."""
    if (part := part_of(name)) is not None:
        return part
    words = set(tokens(name))
    said: list[Part] = [part for part, spellings in _PARTS.items() if words & spellings]
    return said[0] if len(said) == 1 else None


@lru_cache(_KNOWN)
def part_alone(name: str) -> bool:
    """Whether a name speaks of a part and of nothing else but pictures, sets and numbers: ``training_set``, ``test1``."""
    return part_said(name) is not None and not words_beside_part(name)


def words_beside_part(name: str) -> frozenset[str]:
    """The words of a name that say more than a part, pictures and numbers: ``tube`` of ``test_tube``."""
    said = part_said(name)
    return frozenset(word for word in tokens(name) if not word.isdigit()) - _FILLERS - (_PARTS[said] if said else frozenset())


def part_word(name: str) -> bool:
    """Whether a name is the word itself, which may be a class too: ``train``, ``Test``."""
    words = tokens(name)
    return len(words) == 1 and part_of(name) is not None


def is_container(name: str) -> bool:
    """Whether a name says no more than that there are pictures, data or a part."""
    general = all(word in CONTAINERS or word in _FILLERS or word.isdigit() for word in tokens(name))
    return (general and len(name) > 1) or part_alone(name)


@lru_cache(_KNOWN)
def is_mask_name(name: str) -> bool:
    """Whether a name speaks of masks or annotations and of nothing else: ``masks``, ``ground_truth``, ``train_labels``."""
    words = [word for word in tokens(name) if not word.isdigit()]
    joined = "".join(words).replace("groundtruth", "") != "".join(words) or bool(set(words) & MASKS)
    rest = set(words) - MASKS - _FILLERS - {"ground", "truth", "binary", "png"} - set().union(*_PARTS.values())
    return joined and not rest


@lru_cache(_KNOWN)
def speaks_of_masks(name: str) -> bool:
    """Whether a word of a name is one of masks, among others that say what of: ``CASIA 2 Groundtruth``, ``no_mask``."""
    words = tokens(name)
    return bool(set(words) & _SURE_MASKS) or ("ground", "truth") in pairwise(words)


def is_to_predict(name: str) -> bool:
    """Whether a name says that the pictures have no class yet: ``pred``, ``unlabelled_images``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words & _TO_PREDICT) and words <= _TO_PREDICT | _FILLERS


def is_to_classify(name: str) -> bool:
    """Whether a name says what pictures are for, and that is to tell classes apart: ``classification_task``."""
    return bool({"classification", "classificacao", "classify"} & {*tokens(name)})


def is_verdict(name: str) -> bool:
    """Whether a name passes a judgement, as people have it learnt: ``benign``, ``healthy``, ``no_tumor``."""
    return bool(set(tokens(name)) & _VERDICTS)


def is_set(name: str) -> bool:
    """Whether a name calls itself a set: ``classification_dataset``."""
    return bool(set(tokens(name)) & _SET)


def is_augmented(name: str) -> bool:
    """Whether a name speaks of pictures made from others."""
    return bool(set(tokens(name)) & _AUGMENTED)


def is_original(name: str) -> bool:
    """Whether a name speaks of pictures as they were taken."""
    return bool(set(tokens(name)) & _ORIGINAL)


def is_processing(name: str) -> bool:
    """Whether a name says what was done to pictures: ``grayscale``, ``segmented``, ``Augmented Dataset``, ``100x100``."""
    words = set(tokens(name))
    return bool(words & (_AUGMENTED | _ORIGINAL | _PROCESSING)) or bool(_MAGNIFICATION.search(name))


def says_how(name: str) -> bool:
    """Whether a name says what was done to pictures and nothing else but that they are pictures: ``cropped``, ``raw_images``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words) and words <= _AUGMENTED | _ORIGINAL | _PROCESSING | CONTAINERS | _FILLERS


def is_domain(name: str) -> bool:
    """Whether a name says where pictures come from, not what they show: ``Clipart``, ``Real World``, ``webcam``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words) and words <= _DOMAINS


def is_size(name: str) -> bool:
    """Whether a name is a size or a magnification: ``X2``, ``64x64``, ``40x``."""
    return _MAGNIFICATION.fullmatch(name) is not None


def is_fold(name: str) -> bool:
    """Whether a name counts folds: ``fold1``, ``dobra_2``."""
    words = tokens(name)
    return len(words) == 2 and words[0] in ("fold", "dobra", "kfold") and words[1].isdigit()


def is_identifier(name: str) -> bool:
    """Whether a name looks like an identifier: a number, a hash, a word with a number (``patient-12``)."""
    return _IDENTIFIER.fullmatch(name) is not None


def worded(names: Collection[str]) -> bool:
    """Whether names are told apart by words and not by numbers alone, whatever number stands before: ``01_palm``, ``02_l``."""
    words = [tuple(word for word in tokens(name) if not word.isdigit()) for name in names]
    long = sum(any(len(word) > 2 for word in each) for each in words)
    return len(words) > 1 and len(set(words)) == len(words) and 2 * long >= len(words)


def speak_of_one_set(names: Collection[str]) -> bool:
    """Whether all names hold the words of the shortest, which speaks of data: ``Leaf_Dataset`` and ``NA_Leaf_Dataset``."""
    words = set(min(map(tokens, names), key=len))
    return bool(words & (CONTAINERS | _FILLERS)) and len(words) > 1 and all(words <= set(tokens(name)) for name in names)


def are_identifiers(names: Collection[str]) -> bool:
    """Whether all names count persons or series and say nothing else: ``person1``, ``s0001``, ``TCGA_CS_4941_1996``, not ``c01``.

    Numbers are of one length, one with a nought in front: ``f16``, ``b52`` and WordNet's ``n01443537`` are classes.
    """
    words = [tokens(name) for name in names]
    if len(words) >= _FEWEST_IDENTIFIERS and all(map(_is_code, words)):
        return True
    if len(words) < _FEWEST_IDENTIFIERS or not all(len(each) == 2 and each[1].isdigit() for each in words):
        return False
    if all(each[0] in _COUNTED for each in words):
        return True
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


def is_nobodys_class(name: str) -> bool:
    """Whether a name is a part, date, batch, view or magnification: nothing that one would learn to tell apart."""
    words = tokens(name)
    ordinal = [word for word in words[1:] if word not in _ORDINALS] if words[:1] and words[0].isdigit() else []
    counts = (len(words) >= 1 and words[0] in _COUNTED and all(word.isdigit() or len(word) == 1 for word in words[1:])) or (
        len(ordinal) == 1 and ordinal[0] in _COUNTED
    )
    views = bool(words) and all(word in _NOBODY or word.isdigit() for word in words) and not name.isdigit()
    return (
        counts
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
    return _DATE.fullmatch(name) is not None or _WITH_DATE.search(name) is not None


def is_numbered_download(name: str) -> bool:
    """Whether a name counts pieces of one download, which holds no classes by itself: ``HAM10000_images_part_1``, ``batch_3``."""
    return is_numbered_container(name) and bool(set(tokens(name)) & (CONTAINERS | _PIECES))


def is_numbered_container(name: str) -> bool:
    """Whether a name counts parts of a download: ``images_part_1``, ``dataset2``, ``batch_3``, ``v2``."""
    words = tokens(name)
    counted = [word for word in words if not word.isdigit()]
    return len(words) > len(counted) and bool(counted) and any(word in _COUNTED or word in CONTAINERS for word in counted)
