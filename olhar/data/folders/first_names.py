"""First names of people, common where Portuguese and English are spoken: folders called so say who took the pictures."""

from collections.abc import Collection

from olhar.data.folders.words import tokens, words_of

_NAMES = words_of(
    "adam adriana alan alex alexander alice aline amanda amy ana andre andreia andrew anna anthony antonio arthur artur "
    "beatriz ben benjamin bernardo bia bianca bob brian bruna bruno caio camila carla carlos carolina cauan cecilia charles "
    "charlie chloe chris christopher clara claudia cristina daniel daniela davi david debora diego diogo duda ed edson "
    "eduarda eduardo edward elisa ella emanuel emily emma enzo ethan eva fabio felipe fernanda fernando filipe flavia "
    "francisca francisco gabi gabriel gabriela george giovana giovanna grace guilherme gustavo hannah harry heitor helena "
    "henrique henry hugo igor ines isaac isabel isabela isabella isadora jack jacob jake james jane jason jennifer jessica "
    "jim joana joao joe john jonathan jorge jose joseph josh joshua julia juliana julio karen karina kate kaua kevin lais "
    "lara larissa laura leandro leo leonardo leticia lia liam lily linda lisa livia lorena luana lucas luciana lucy luis "
    "luisa luiz luiza luke manuela marcela marcelo marcia marcio marcos maria mariana marina mark mary mateus matheus matt "
    "matthew mauricio max melissa mia michael miguel mike mirela mohamed mohammed murilo natalia nathalia nathan nick "
    "nicolas nicole noah oliver olivia otavio patricia paul paula paulo pedro peter priya rachel rafa rafael rafaela raquel "
    "rebeca renan renata ricardo richard rita robert roberto rodrigo ruby rui ryan sally sam samantha samuel sandra sara "
    "sarah sergio sofia sophia sophie steve steven susan tatiana thais thiago thomas tiago tim tom tony valentina vanessa "
    "vera vicente victor victoria vinicius vitor vitoria viviane william yasmin zoe"
)
_BESIDE = words_of(
    "foto fotos photo photos pics pictures imagem imagens images pasta folder celular camera phone telefone de do da by e and"
)


def are_first_names(names: Collection[str]) -> bool:
    """Whether all names are of people, two at least: ``Ana``, ``fotos do João``."""
    words = [[word for word in tokens(name) if word not in _BESIDE] for name in names]
    return len(words) > 1 and all(each and each[0] in _NAMES and len(each) < 3 for each in words)
