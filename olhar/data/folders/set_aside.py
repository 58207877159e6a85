"""Folders beside the classes whose pictures have none: not sorted yet, put aside, to be asked of, shown, or made by programs."""

import re
from collections.abc import Iterable

from olhar.data.folders.answer_forms import is_asked_for
from olhar.data.folders.found import Found
from olhar.data.folders.system_names import is_of_a_phone, is_unnamed
from olhar.data.folders.tree import Folder, content, few, one_store
from olhar.data.folders.words import is_container, is_to_predict, is_verdict, part_alone, shows_only, tokens, words_of
from olhar.data.layout import plain

_SORT = "classificar|separar|rotular|organizar|arrumar|ordenar|catalogar|etiquetar|triar|sort|classify|label"
_LOOK = "ver|rever|conferir|verificar|revisar|fazer|tratar|processar|identificar"
_ALONE = (
    *(
        "nao sei",
        "duvidas?",
        "duvidos[ao]s?",
        "em duvida",
        "conferir",
        "revisar",
        "rever",
        "ver depois",
        f"(por|para|a) ({_LOOK})",
    ),
    *("pendentes?", "pending", "backup", "bkp", "lixeira", "descart(e|es|ad[ao]s?|ar)", "apag(ar|ad[ao]s?)"),
    *("exclu(ir|id[ao]s?)", "delet(e|ed|ar|ad[ao]s?)", "nao us(ar|ad[ao]s?)", "nao serve(m|u)?", "(do not|dont|don t) use"),
    *("ignor(ar|e|ed|ad[ao]s?)", "discard(ed)?", "duplicad[ao]s?", "duplicates?", "not sure", "unsure"),
    *("(i )?(dont|don t) know", "to (check|review)", "(check|review) later"),
)
_UNSORTED = re.compile(
    r"\b(nao|not|non|un) ?(classificad|separad|rotulad|organizad|etiquetad|sorted|classified|categori[sz]ed)\w*|"
    r"\b(apagar|delete|descartar|nao usar|do not use|excluir)$|^no label$|"
    rf"\b(falta|para|por|sem|to) ({_SORT})|\b({_SORT}) (depois|later)|^a ({_SORT})$|"
    rf"^to (check|review)\b|\bsem (classe|rotulo|categoria|etiqueta)\b|"
    rf"^({'|'.join(_ALONE)})( quais?| qual e| o que e)?$"
)
_BRACKETS = re.compile(r"\([^)]*\)")
_JUNK = ("lixo", "trash", "junk", "rubbish", "lixeira")
"""What may be a class, but for where another folder beside it was put aside."""
_MARKED = re.compile(
    r"[_~#!.-]+ ?(lixo|trash|rubbish|junk|rest|resto|sobras?|misc|old|velh[ao]s?|te?mp|fora|aside|reje(cts?|cted|itad[ao]s?)|"
    r"unused|extras?|outr[ao]s|others?|inbox|review|diversos?|varios?)"
)
_BLURRED = re.compile(r"(fotos? )?(desfocad|borrad|tremid)[ao]s?|blurr(y|ed)( ones| photos)?|fora de foco|out of focus")
_SHARP = re.compile(
    r"nitid|sharp|focad|focus|clear|limp[ao]|noise|noisy|ruid|dark|escur|expos|bright|clar[ao]|compress|quality|glare"
)
_LABEL = re.compile(r"^sem (rotulo|etiqueta)s?$")
_YEAR = re.compile(r"(fotos?|photos?) (de|del|from|of) (19|20)\d\d")
_OUTPUTS = words_of(
    "result results resultado resultados output outputs saida saidas plot plots grafico graficos checkpoint checkpoints prints "
    "screenshot screenshots log logs modelo modelos model models relatorio relatorios report reports documentacao docs runs"
)
_OF_OUTPUTS = words_of("da do de tela telas final finais treino treinamento training images imagens the of")


def is_unsorted(name: str, beside: Iterable[str]) -> bool:
    """Whether a folder says that its pictures have no class yet: ``Não classificadas``, ``Gabriel (falta separar)``.

    ``sem rótulo`` beside judgements (``ok``) is a can that lacks its label.
    """
    words = " ".join(tokens(name))
    alone = " ".join(tokens(_BRACKETS.sub("", name)))
    return (_UNSORTED.search(words) or _UNSORTED.search(alone)) is not None and not (
        _LABEL.search(words) and any(map(is_verdict, beside))
    )


def is_output(name: str) -> bool:
    """Whether a folder holds what programs gave, and screenshots: ``resultados``, ``prints da tela``."""
    words = {word for word in tokens(name) if not word.isdigit()}
    return bool(words & _OUTPUTS) and words <= _OUTPUTS | _OF_OUTPUTS


def without_set_aside(root: Folder, found: Found) -> Folder:
    """``pred/``, ``New folder/`` and ``unsorted/`` beside classes hold pictures that have none yet: what is left without them.

    So do a few pictures in ``images/`` or ``samples/`` beside the one folder that holds classes.
    """
    if (shown := _to_show(root)) is not None:
        found.pass_over(shown, "reading.why_no_class")
        root.without([shown])
        return content(root.kids[0])
    asked = [kid for kid in root.kids if _without_class(kid, root) or (kid.flat and is_asked_for(kid, found))]
    asked += [kid for kid in root.kids if asked and kid.flat and kid not in asked and plain(kid.name) in _JUNK]
    rest = [kid for kid in root.kids if kid not in asked]
    wrapper = len(rest) == 1 and not root.pictures and len(content(rest[0]).folders) > 1
    if not asked or not (len(rest) > 1 or wrapper):
        return root
    for kid in asked:
        found.pass_over(kid, "reading.why_no_class")
    root.without(asked)
    return without_set_aside(content(rest[0]), found) if wrapper else root


def _without_class(kid: Folder, root: Folder) -> bool:
    """Whether a folder's name says that its pictures have no class, or that they are what programs made."""
    if is_output(kid.name) or (is_to_predict(kid.name) and not one_store(content(kid))):
        return few(kid.count, root.count) or not one_store(content(kid)) or _beside_the_set(kid, root)
    named = is_to_predict(kid.name) or is_unnamed(kid.name) or is_unsorted(kid.name, root.folders)
    return (named or _is_of_all(kid) or _is_set_apart(kid, root)) and one_store(content(kid))


def _is_set_apart(kid: Folder, root: Folder) -> bool:
    """Whether a name is of rubbish behind a mark, ``_trash``, or says out of focus beside what are no judgements."""
    others = [name for name in root.folders if name != kid.name]
    marked = _MARKED.fullmatch(plain(kid.name)) is not None
    blurred = _BLURRED.fullmatch(" ".join(tokens(kid.name))) is not None
    return marked or (blurred and not any(is_verdict(name) or _SHARP.search(plain(name)) for name in others))


def _beside_the_set(kid: Folder, root: Folder) -> bool:
    """Whether the only folder beside this one is of the set, by its name, and holds classes."""
    others = [other for other in root.kids if other is not kid]
    return len(others) == 1 and is_container(others[0].name) and len(content(others[0]).folders) > 1


def _is_of_all(kid: Folder) -> bool:
    """Whether a folder is what a phone or a collection of albums keeps all pictures in: ``DCIM/Camera``, ``Photos from 2023``."""
    in_phone = "dcim" in map(str.casefold, kid.path.split("/")[:-1]) and is_of_a_phone(kid.name)
    return in_phone or _YEAR.fullmatch(" ".join(tokens(kid.name))) is not None


def _to_show(root: Folder) -> Folder | None:
    """Of two folders that of examples, or of a few pictures, called by no class, where the other one holds classes; else None."""
    if len(root.folders) != 2 or root.pictures:
        return None
    shown, rest = sorted(root.kids, key=lambda kid: kid.count)
    inner = content(rest)
    classes = len(inner.folders) > 1 and not inner.pictures and not any(map(part_alone, inner.folders))
    pictures = shows_only(shown.name) or (is_container(shown.name) and few(shown.count, root.count))
    return shown if pictures and one_store(content(shown)) and classes else None
