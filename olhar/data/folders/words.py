"""Words in the names of folders: of parts, wrappers, masks, processing and sources."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from olhar.data.dataset import Part
from olhar.data.layout import SUFFIXES, part_of, plain, spellings_of

_STEP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")
_KNOWN = 4096
_MAY_BE_COPY = re.compile("c[oó]p", re.IGNORECASE)
_COPY = re.compile(
    r"(?P<of>.+?)(?: - (?:c[oó]pia|copy)(?: ?\(\d+\))?| copy(?: \d+)?)|(?:c[oó]pia|copy) (?:de|of) (?P<after>.+)", re.IGNORECASE
)


def words_of(text: str) -> frozenset[str]:
    """The words of a text, apart by blanks."""
    return frozenset(text.split())


_LONGER: dict[Part, str] = {
    "train": "trainset traindata trainingset trainval trainimages entrainement",
    "validation": "valset validset validationset devel development desenvolvimento",
    "test": "testset testdata testimages eval evaluation avaliacao avaliacoes evaluacion holdout",
}
"""Words that are parts among others too, and rarely a folder's whole name."""
_PARTS: dict[Part, frozenset[str]] = {part: spellings_of(part) | words_of(longer) for part, longer in _LONGER.items()}
_FILLERS = words_of(
    "the of de do da dos das del for para a data dados datos dataset datasets set sets conjunto conjuntos folder pasta carpeta "
    "image images imagem imagens imagenes img imgs picture pictures pics photo photos foto fotos split files jpg jpeg png "
    "final new all"
)
CONTAINERS = words_of(
    "data dados datos dataset datasets conjunto image images imagem imagens imagenes img imgs jpeg jpegs jpg jpegimages png "
    "picture pictures pics photo photos foto fotos figure figures raw input inputs archive files all rgb labeled labelled "
    "rotulado rotulados rotulada rotuladas classes clases"
)
"""Names that say no more than that there are pictures."""
MASKS = words_of(
    "mask masks label labels annotation annotations annot annots gt groundtruth trimap trimaps segmentation "
    "segmentations segmentationclass segmentationobject segmim mascara mascaras anotacao anotacoes rotulos"
)
_SURE_MASKS = MASKS - words_of("label labels annotation annotations annot annots anotacao anotacoes rotulos")
_VERDICTS = words_of(
    "benign malignant normal abnormal healthy diseased sick positive negative good bad real fake yes no ok nok ng pass fail "
    "defective damaged empty occupied benigno maligno saudavel doente positivo negativo bom ruim sim nao vazio ocupado"
)
_QUALITY = words_of(
    "good bad ok poor high low easy hard difficult clean noisy sharp blurred blurry clear unclear boa boas bom bons ruim ruins "
    "alta baixa facil faceis dificil dificeis limpa limpas nitida nitidas borrada borradas"
)
_PICTURE = words_of("img imgs imag imags image images imagem imagens picture pictures photo photos foto fotos quality qualidade")
_TO_PREDICT = words_of(
    "pred preds predict prediction predictions inference unlabeled unlabelled previsao previsoes predicao predicoes"
)
_EXAMPLES = words_of("example examples sample samples exemplo exemplos amostra amostras ejemplo ejemplos demo preview previews")
_NOT, _WITH = words_of("no non not without un sem nao"), words_of("with has is com")
_SET = words_of("dataset datasets")
_AUGMENTED = words_of(
    "aug augmented augmentation augmentations augment augmentada augmentadas aumento aumentada aumentadas aumentado aumentados "
    "aumentacion"
)
_ORIGINAL = words_of("original originals originais originales originalis raw source unaugmented")
_PROCESSING = words_of(
    "color colour colored coloured cor gray grey grayscale greyscale cinza segmented segmentation segmentada "
    "segmentadas cropped crop crops resized resize rescaled scaled processed preprocessed normalized normalised "
    "enhanced filtered denoised equalized clahe edges binary rgb hsv depth infrared ir nir thermal blurred rotated "
    "recortada recortadas recortado recortados redimensionada redimensionadas redimensionado redimensionados processada "
    "processadas processado processados preprocessada preprocessadas filtrada filtradas rotacionada rotacionadas espelhada "
    "espelhadas masked balanced fullsize thumbnail thumbnails compressed res resolution hr lr sr bicubic highres lowres hires "
    "lores superres visualized visualised visualization visualizations visualisation annotated overlay overlays rendered"
)
_RESIZED = words_of(
    "resized rescaled downscaled downsized small smaller thumb thumbs thumbnail thumbnails redimensionada redimensionadas "
    "redimensionado redimensionados reduzida reduzidas reduzido reduzidos menor menores pequenas miniatura miniaturas reducidas"
)
_COLOUR = words_of("color colour colored coloured colorida coloridas colorido coloridos cor rgb")
_HOW_MUCH = words_of("high low medium")
"""With a word of processing they say how much of it: ``low_res``; alone they are classes."""
_DOMAINS = words_of(
    "art clipart product real world sketch sketches painting paintings cartoon cartoons quickdraw infograph photo photos foto "
    "fotos drawing drawings desenho desenhos amazon webcam dslr"
)
_MAGNIFICATION = re.compile(r"\d+ ?x|x\d+|\d+ ?x ?\d+|\d+ ?(px|mm|cm)", re.IGNORECASE)


@lru_cache(_KNOWN)
def tokens(name: str) -> tuple[str, ...]:
    """The words and numbers of a name, plain: ``Final_Training`` and ``asl_alphabet_train``, also ``TrainSet``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    steps: list[str] = _STEP.findall(bare)
    return tuple(step.casefold() for step in steps)


def copied_name(name: str) -> str:
    """The name of what a system made a copy of: ``NOK`` of ``NOK - Copia (2)``; empty where it is none."""
    match = _COPY.fullmatch(name)
    return (match["of"] or match["after"]) if match is not None else ""


def without_copies(names: Sequence[str]) -> Sequence[str]:
    """Names of pictures without what a system adds to those of copies: ``cat (1)`` of ``cat (1) - Copy``."""
    if not _MAY_BE_COPY.search("\n".join(names)):
        return names
    return [copied_name(name) or name for name in names]


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


def is_resized(name: str) -> bool:
    """Whether a name says that pictures were made smaller, and no more: ``redimensionadas 16x16``, ``resized_images``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words & _RESIZED) and words <= _RESIZED | _FILLERS | {"x", "px"}


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


def shows_only(name: str) -> bool:
    """Whether a name says that pictures are there to be looked at: ``Examples``, ``amostras``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words & _EXAMPLES) and words <= _EXAMPLES | _FILLERS


def is_to_classify(name: str) -> bool:
    """Whether a name says what pictures are for, and that is to tell classes apart: ``classification_task``."""
    return bool({"classification", "classificacao", "classify"} & {*tokens(name)})


def is_verdict(name: str) -> bool:
    """Whether a name passes a judgement, as people have it learnt: ``benign``, ``healthy``, ``no_tumor``."""
    return bool(set(tokens(name)) & _VERDICTS)


def judges_pictures(name: str) -> bool:
    """Whether a name judges pictures, not what is on them: ``GoodImg``, ``hard images``, ``low_quality``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words & _QUALITY) and bool(words & _PICTURE) and words <= _QUALITY | _PICTURE | _FILLERS


def are_opposites(names: Collection[str]) -> bool:
    """Whether of two names one says that the other is not so: ``fire``, ``nofire``; ``com ferrugem``, ``sem ferrugem``."""
    if len(names) != 2:
        return False
    bare = [{word for word in tokens(name) if word not in _WITH | _NOT} for name in names]
    denied = [bool(_NOT & {*tokens(name)}) for name in names]
    joined = ["".join(tokens(name)) for name in names]
    one_word = any(f"{no}{one}" == other for no in _NOT for one, other in (joined, joined[::-1]))
    return one_word or (bare[0] == bare[1] != set() and denied[0] != denied[1])


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


def is_format(name: str) -> bool:
    """Whether a name is that of a format of pictures: ``PNG``, ``tif``."""
    return f".{plain(name)}" in SUFFIXES


def is_colour(name: str) -> bool:
    """Whether a name says that pictures have their colours."""
    return bool(set(tokens(name)) & _COLOUR)


def how_made(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a name that say what is shown, and those that say how the pictures were made: ``cats`` and ``augmented``."""
    words = tokens(name)
    how = tuple(word for word in words if word in _AUGMENTED | _ORIGINAL | _PROCESSING)
    return tuple(word for word in words if word not in how and word not in _FILLERS), how


def without_fillers(words: Iterable[str]) -> list[str]:
    """The words that say more than that there are pictures; those of numbers alone do not."""
    return [word for word in words if not word.isdigit() and plain(word) not in _FILLERS]


def says_how(name: str) -> bool:
    """Whether a name says what was done to pictures and nothing else but that they are pictures: ``cropped``, ``raw_images``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words) and words <= _AUGMENTED | _ORIGINAL | _PROCESSING | _HOW_MUCH | CONTAINERS | _FILLERS


def is_domain(name: str) -> bool:
    """Whether a name says where pictures come from, not what they show: ``Clipart``, ``Real World``, ``webcam``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words) and words <= _DOMAINS


def is_size(name: str) -> bool:
    """Whether a name is a size or a magnification: ``X2``, ``64x64``, ``40x``."""
    return _MAGNIFICATION.fullmatch(name) is not None


def speak_of_one_set(names: Collection[str]) -> bool:
    """Whether all names hold the words of the shortest, which speaks of data: ``Leaf_Dataset`` and ``NA_Leaf_Dataset``."""
    words = set(min(map(tokens, names), key=len))
    return bool(words & (CONTAINERS | _FILLERS)) and len(words) > 1 and all(words <= set(tokens(name)) for name in names)
