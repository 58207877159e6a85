"""First names of people, common where Portuguese and English are spoken: folders called so say who took the pictures."""

from collections.abc import Collection

from olhar.data.folders.words import tokens, words_of

_NAMES = words_of(
    "aaron adam adriana afonso agustin aisha alan albert alberto aldo alejandra alejandro alessandra alessandro alex "
    "alexander alfonso alfredo ali alice aline alvaro amanda amaro amelia americo amina amir amparo amy ana anderson andre "
    "andreia andres andrew angela angelica angus anibal anita anna anthony antonia antonio archie ariane arjun armando "
    "arnaldo arthur artur augusto ava baltazar barbara beatriz begona belmiro ben benedita benedito benjamin bernadete "
    "bernardo beth betina beto betty bia bianca billy bob brenda breno brian bruce bruna bruno bryan caio camila camilo "
    "carl carla carlitos carlos carminho carole carolina caroline casimiro cassia cassio catalina catarina catherine cathy "
    "cauan cecilia celso charles charlie cheryl chico chloe chris christopher chuck cicero cida cindy clara claudia claudio "
    "cleber cleide colin conceicao craig cris cristina cristobal cynthia damiao dani daniel daniela danilo danny dario "
    "darren dave davi david davidson debora deborah dee deepak denis denise derek diana diane diego dinis diogo donald "
    "donna doug douglas duarte duda dudu dylan ed eddie edgar edna edson eduarda eduardo edward eileen elaine elena eliana "
    "eliane elias eliete elisa elizabeth ella ellen elliot eloa elvira elza emanuel emerson emilio emily emma enrique enzo "
    "eric erica erik erin ernesto ernie esteban ester ethan eugenia eugenio eurico eva evan evandro evaristo evelyn everton "
    "evie ezequiel fabiana fabio fabiola fabricio facundo fatima fatou federico felipe fernanda fernando fernao fidel "
    "filipe finn fiona firmino flavia flavio francine francisca francisco fred freddie freya gabi gabriel gabriela gareth "
    "gary gavin gemma geoff george gerald geraldo gerardo german gerson gilberto gilson gina giovana giovanna gisele glauco "
    "glen glenn goncalo gonzalo gordon grace graciela graham greg gregorio guadalupe gui guilherme gustavo gwen hank hannah "
    "harry hassan hector heitor helder helen helena heloisa henrique henry hilda horacio howard hudson hugh hugo ian iara "
    "ignacio igor iker imran ines ingrid inmaculada ione irene iris isaac isabel isabela isabella isadora isla itamar ivan "
    "ivo ivone jacinto jack jackie jacob jaime jair jake james janaina jane janet jaqueline jasmine jason javi javier jeff "
    "jefferson jennifer jeremias jeremy jerry jessica jim jimena joan joana joanna joao joaquim joaquina jodie joe joel "
    "john jonas jonathan jordi jorge jose josefa joseph josh joshua josue joyce juan juana juarez juca judith judy julia "
    "julian juliana julieta julio jussara justino karen karina karl kate kathy katia katie kaua keith kelly kelsey ken "
    "kenneth kerry kevin kleber kumar kyle lais lara larissa larry laura laurence lautaro layla lazaro leandro leda leila "
    "leo leon leonardo leonor leslie leticia lewis lia liam lidia lily lina linda lino lisa livia livio logan lola lorena "
    "lorenzo lorraine louise lourenco luana lucas lucho lucia luciana lucimar lucy luis luisa luisinho luiz luiza luke "
    "lurdes luzia macarena mafalda magda maggie maira malcolm malu manoel manolo manuel manuela marcela marcella marcelle "
    "marcelo marcia marcio marcos marcus margaret maria mariana marie marilene marilia marina marion marisa marisol mark "
    "marlene marli marta martim martin martina marvin mary mason mateo mateus matheus matias matilde matt matthew mauricio "
    "max maximiliano maximo maya meera megan melissa mia micaela michael mick miguel mike milena milton mirela miriam "
    "mohamed mohammed mohan moises molly monica montse morgana muhammad murilo nacho nadia nahuel nancy nando naomi natalia "
    "natalie nathalia nathan neide neil nerea neusa neuza nick nicolas nicole nigel nilda nilson nilton nina noah noelia "
    "noemi nora norman nuno nuria octavio odete oliver olivia omar onofre orlando oscar osvaldo otavio owen pablo paco pam "
    "pamela paola patricia patrick paul paula paulo pedro pete peter phil philip phoebe phyllis pietra pietro pooja poppy "
    "pradeep priya priyanka quim quincas quique rachel rafa rafael rafaela rahul raimunda raimundo raj rajesh ralph ramiro "
    "ramon raquel raul ravi rebeca rebecca regina reinaldo renan renata renato rene ricardo richard rita rob robert roberto "
    "rodolfo rodrigo roger rogerio romulo ron ronaldo rosalina rosana rosangela rosaria roseli rosilda rosinha roy ruben "
    "rubens ruby rui russell rute ruth ryan sabrina salete sally salome salvador sam samantha samira samuel sandra sanjay "
    "santiago sara sarah sarita saul scott sean sebastian sebastiao selma sergi sergio severino shane sharon sheila shirley "
    "sid sidnei silas silvana silverio silvia silvio simao simon simone sofia sofie sonia sophia sophie soraia stan stephen "
    "steve steven stuart sue sueli suely sunil suresh susan susana suzana tadeu tais tamara tania tarcisio tatiana ted "
    "telmo teo teodoro teresa tereza terry tessa thais thalita theo thiago thomas thomaz tiago tim tina toby todd tom tomas "
    "tonho toninho tony tracy trevor tulio ugo ulisses valdir valentim valentina valeria valter vanessa vania vasco vera "
    "veronica vicente victor victoria vikram vilma vilson vincent vinicius vitor vitoria viviana viviane wagner walter "
    "wanda washington wayne welington wellington wendy wesley william wilma wilson xavier xiao ximena yago yara yasmin "
    "yolanda youssef yuri yusuf zainab zara ze zeca zeze zilda zito zoe zulmira "
)
_WORDS = 3
_BESIDE = words_of(
    "foto fotos photo photos pics pictures imagem imagens images pasta folder celular camera phone telefone de do da by e and "
    "aluno aluna prof profa professor professora teacher mr mrs ms miss dona seu dr dra tia tio"
)


def are_first_names(names: Collection[str]) -> bool:
    """Whether all names are of people, two at least: ``Ana``, ``fotos do João``, ``Profª Sílvia``."""
    words = [[word for word in tokens(name) if word not in _BESIDE and len(word) > 1 and not word.isdigit()] for name in names]
    return len(words) > 1 and all(each and each[0] in _NAMES and len(each) <= _WORDS for each in words)
