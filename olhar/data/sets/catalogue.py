"""The data sets that can be had by name. Addresses, sizes and checksums are public ones; docs/decisions.md names their source."""

from olhar.data.sets.named_set import NamedSet
from olhar.data.sets.remote import Remote

_CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_CIFAR100 = tuple(
    """apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
    caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
    forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
    mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
    possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
    sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree
    wolf woman worm""".split()  # noqa: SIM905 (a hundred lines else)
)
_EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
_TORONTO = "https://www.cs.toronto.edu/~kriz"


def _numbered(classes: tuple[str, ...]) -> dict[str, str]:
    return {str(number): key for number, key in enumerate(classes)}


SETS: dict[str, NamedSet] = {
    named_set.name: named_set
    for named_set in (
        NamedSet(
            "cifar10",
            60_000,
            _CIFAR10,
            Remote(
                f"{_TORONTO}/cifar-10-python.tar.gz",
                170_498_071,
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
            f"{_TORONTO}/cifar.html",
            _numbered(_CIFAR10),
            flip=True,
        ),
        NamedSet(
            "cifar100",
            60_000,
            _CIFAR100,
            Remote(
                f"{_TORONTO}/cifar-100-python.tar.gz",
                169_001_437,
                "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
            ),
            f"{_TORONTO}/cifar.html",
            {**_numbered(_CIFAR100), "cra": "crab"},
            flip=True,
        ),
        NamedSet(
            "cats-dogs",
            25_000,
            ("cat", "dog"),
            Remote(
                "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
                824_887_076,
                "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
            ),
            "https://www.microsoft.com/en-us/download/details.aspx?id=54765",
            {"cats": "cat", "dogs": "dog"},
            flip=True,
        ),
        NamedSet(
            "fer2013",
            35_887,
            _EMOTIONS,
            None,
            "https://www.kaggle.com/c/challenges-in-representation-learning-facial-expression-recognition-challenge",
            {
                **_numbered(("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")),
                **{"anger": "angry", "disgusted": "disgust", "fearful": "fear", "happiness": "happy"},
                **{"sadness": "sad", "surprised": "surprise"},
            },
            flip=True,
            files=("fer2013.csv", "icml_face_data.csv", "fer2013.tar.gz", "fer2013.zip"),
        ),
    )
}
