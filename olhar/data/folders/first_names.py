"""First names of people, common where Portuguese and English are spoken: folders called so say who took the pictures."""

from collections.abc import Collection

from olhar.data.folders.words import tokens, words_of

_NAMES = words_of(
    "aaron adam adriana afonso alan alex alexander ali alice aline amanda amina amir amy ana andre andreia andrew anita "
    "anna anthony antonio archie arjun arthur artur ava beatriz ben benjamin bernardo bia bianca bob brian bruna bruno caio "
    "camila carla carlos carminho carolina cauan cecilia charles charlie chloe chris christopher clara claudia cristina "
    "daniel daniela davi david debora diego dinis diogo duarte duda dylan ed edson eduarda eduardo edward elisa ella "
    "emanuel emily emma enzo eric erica erik ethan eva evan evie fabio fatima felipe fernanda fernando filipe finn flavia "
    "francisca francisco freddie freya gabi gabriel gabriela george giovana giovanna goncalo grace guadalupe guilherme "
    "gustavo hannah harry heitor helena henrique henry hugo igor ines iris isaac isabel isabela isabella isadora isla ivo "
    "jack jacob jake james jane jasmine jason jennifer jessica jim joana joao joaquim joe john jonathan jorge jose joseph "
    "josh joshua julia juliana julio karen karina kate kaua kevin lais lara larissa laura layla leandro leila leo leon "
    "leonardo leticia lia liam lily linda lisa livia logan lola lorena lourenco luana lucas luciana lucy luis luisa luiz "
    "luiza luke mafalda manuela marcela marcelo marcia marcio marcos maria mariana marina mark martim mary mason mateus "
    "matheus matilde matt matthew mauricio max maya melissa mia michael miguel mike mirela mohamed mohammed murilo natalia "
    "nathalia nathan nick nicolas nicole nina noah nuno oliver olivia omar oscar otavio owen patricia paul paula paulo "
    "pedro peter poppy priya rachel rafa rafael rafaela raj raquel ravi rebeca renan renata ricardo richard rita robert "
    "roberto rodrigo ruby rui rute ryan sally salvador sam samantha samuel sandra sara sarah sean sergio silvia simao sofia "
    "sofie sophia sophie steve steven susan tatiana telmo thais theo thiago thomas tiago tim toby tom tomas tony valentina "
    "vanessa vera vicente victor victoria vinicius vitor vitoria viviane william yasmin youssef zainab zara zoe"
)
_BESIDE = words_of(
    "foto fotos photo photos pics pictures imagem imagens images pasta folder celular camera phone telefone de do da by e and "
    "aluno aluna prof profa professor professora teacher mr mrs ms miss dona seu dr dra tia tio"
)


def are_first_names(names: Collection[str]) -> bool:
    """Whether all names are of people, two at least: ``Ana``, ``fotos do João``, ``Profª Sílvia``."""
    words = [[word for word in tokens(name) if word not in _BESIDE] for name in names]
    return len(words) > 1 and all(each and each[0] in _NAMES and len(each) < 3 for each in words)
