"""What people call the columns of tables: names decide only where the cells leave two columns to choose from."""

import re
from collections.abc import Sequence
from functools import lru_cache

from olhar.data.layout import plain

WHOLE_PATHS = (
    *("path", "filepath", "filepaths", "imagepath", "imgpath", "picturepath", "relpath", "relativepath", "caminho", "paths"),
    *("filename", "filenames", "file", "files", "fname", "imagename", "imgname", "imagefile", "imagefilename", "arquivo"),
    *("image", "images", "img", "imgs", "imagem", "imagens", "picture", "photo", "foto", "fotos", "imageindex"),
)
PATHS = (
    *WHOLE_PATHS,
    *("imageid", "imgid", "idcode", "id", "name", "nome", "uid", "uuid", "photoid", "pictureid", "fileid", "isicid", "key"),
)
LABELS = (
    *("label", "categorylabel", "classlabel", "labels", "class", "classes", "classname", "classlabel", "classlabels"),
    *("labelname", "rotulo", "classe", "rotulos"),
    *("category", "categories", "categoryname", "categoria", "target", "targets", "breed", "breeds", "raca"),
    *("diagnosis", "dx"),
    *("diagnostico", "diagnostic", "diagnose", "species", "speciesname", "especie", "specie", "findinglabels"),
    *("finding", "findings", "level"),
    *("emotion", "emotionlabel", "emotions", "emocao", "expression", "classid", "classids", "labelid", "categoryid", "speciesid"),
    *("finelabel", "groundtruth", "gt", "imageclass", "imagelabel", "variety", "variedade", "disease", "doenca", "y", "labelidx"),
    *("diseaseclass", "diseaselabel", "classnumber", "classindex", "classidx", "celltype", "animal", "landmarkid"),
    *("cultivar", "doencas", "diseases", "classificacao", "classification"),
    *(
        "clase",
        "clases",
        "etiqueta",
        "enfermedad",
        "enfermedades",
        "raza",
        "veredicto",
        "verdict",
        "choice",
        "grade",
        "patologia",
        "pathology",
    ),
)
SPLITS = (
    "split",
    "set",
    "usage",
    "conjunto",
    "parte",
    "part",
    "subset",
    "dataset",
    "particao",
    "partition",
    "phase",
    "splitname",
)
TRAINING_FLAGS = ("istrain", "istraining", "istrainingimg", "istrainimg")
GROUPS = (
    *("group", "grupo", "groupid", "patient", "patientid", "paciente", "pacienteid", "idpaciente", "lesion", "lesionid", "lesao"),
    *("subject", "subjectid", "sujeito", "person", "personid", "pessoa", "participant", "participantid", "participante"),
    *("video", "videoid", "videoname", "sequence", "sequenceid", "seqid", "case", "caseid", "caso", "study", "studyid", "burst"),
    *("lote", "lot", "lotid", "loteid", "batch", "batchid", "driver", "driverid", "slide", "slideid", "specimenid"),
    *("animalid", "individuo", "lesaoid", "idlesao", "scene", "sceneid"),
)
SEQUENCES = ("sequence", "sequenceid", "seqid", "burst", "burstid")
SITES = ("location", "locationid", "site", "siteid", "camera", "cameraid", "local")
TAGS = ("tags", "keywords", "attributes", "tag", "keyword", "etiquetas", "atributos", "palavraschave")
NO_CLASSES = (
    *("fold", "folds", "kfold", "age", "idade", "width", "height", "largura", "altura", "size", "tamanho", "year"),
    *("ano", "month"),
    *("mes", "day", "dia", "hour", "hora", "date", "data", "time", "w", "h", "x", "channels", "depth", "area", "count", "frame"),
    *("frameid", "page", "order", "rank", "score", "rating", "confidence", "quality", "labelquality", "imagequality"),
    *("latitude", "longitude", "magnification", "mag"),
    *("comment", "comments", "comentario", "note", "notes", "nota", "obs", "observacao", "observacoes", "responsavel", "author"),
    *("autor", "doador", "donor", "owner", "proprietario", "fornecedor", "supplier", "photographer", "fotografo"),
    *("collector", "coletor", "annotator", "anotador", "rater", "predicted", "prediction", "predictedlabel"),
    *("predictedclass", "predlabel", "predclass", "pred", "previsao", "predito", "source", "fonte", "url"),
    *("license", "licence", "licenca", "credit", "creditos", "imagelocation", "gradable", "adjudicatedgradable", "gradeable"),
    *("operador", "operadora", "operator", "inspetor", "inspetora", "inspector", "tecnico", "technician", "aluno", "aluna"),
    *(
        "packer",
        "picker",
        "worker",
        "surveyor",
        "observer",
        "observador",
        "volunteer",
        "voluntario",
        "ranger",
        "grower",
        "produtor",
    ),
    *("pond", "tank", "tanque", "viveiro", "lago", "cage", "maker", "manufacturer", "fabricante", "pais", "country", "countedby"),
    *("tam", "embarcacao", "barco", "boat", "vessel", "tray", "bandeja"),
    *("cliente", "client", "customer", "usina", "unidade", "municipio", "cidade", "city", "town", "bairro", "county"),
    *("pupil", "student", "turno", "shift", "talhao", "parcela", "canteiro", "fazenda", "finca", "sitio", "farm", "field"),
    *("createdat", "updatedat", "timestamp", "datetime", "fecha", "datahora", "celular", "aparelho", "dispositivo", "device"),
    *("rotation", "orientation", "viewposition", "followup", "xmin", "ymin", "xmax", "ymax", "weight", "peso", "price", "preco"),
)
"""Columns that are not taken for the class by their values alone."""
MEASURES = (
    *("age", "idade", "boneage", "weight", "peso", "bmi", "imc", "score", "rating", "price", "preco", "target", "value", "valor"),
    *("agemonths", "ageyears", "calories", "calorias", "volume", "temperature", "temperatura", "steering", "angle", "angulo"),
)
"""Columns whose numbers measure something, however few they are."""
WHO = ("sex", "sexo", "gender", "genero", "male", "female", "masculino", "feminino", "ismale", "isfemale", "patientsex")
"""Columns that say who is shown: beside a measure, hardly what is to be learnt."""
NUMBERS = ("", "unnamed", "unnamed0", "unnamed01", "index", "indice", "rowid", "rownumber", "level0")
FORM = re.compile(r"submi(t|ssion)|submissao")
_ARTICLES = ("da", "de", "do", "das", "dos", "of", "the")
_PICTURES = ("image", "images", "imagem", "imagens", "foto", "fotos", "photo", "photos", "picture", "pictures")
_FILLERS = frozenset((*_ARTICLES, *_PICTURES))
_MARKS = re.compile(r"[\W_]+")


@lru_cache(4096)
def plain_name(column: str) -> str:
    """A column's name without case, accents, blanks and marks: ``Patient ID`` and ``patient_id`` are one."""
    return _MARKS.sub("", plain(column.strip().lstrip("\ufeff")))


def rank(column: str, names: Sequence[str]) -> int:
    """Where a column's name stands among ``names``; behind all of them where it is none."""
    name = plain_name(column)
    name = name if name in names else _core(column) or name
    return names.index(name) if name in names else len(names)


@lru_cache(4096)
def _core(column: str) -> str:
    """A column's name without words that say no more than pictures: ``classe`` of ``Classe da imagem``."""
    words = _MARKS.sub(" ", plain(column.strip().lstrip("\ufeff"))).split()
    return "".join(word for word in words if word not in _FILLERS)


def is_one_of(column: str, names: Sequence[str]) -> bool:
    """Whether a column bears one of ``names``, alone or beside words that say no more than pictures (``Classe da imagem``)."""
    return rank(column, names) < len(names)


def is_form(name: str) -> bool:
    """Whether a table's name says that it is a form for answers, to be filled in: ``sample_submission.csv``."""
    return FORM.search(plain_name(name)) is not None
