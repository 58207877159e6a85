import pytest


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        *((word, "treinar (train)") for word in ("treina", "treine", "treino", "treinando", "treiner")),
        *((word, "avaliar (evaluate)") for word in ("avalia", "avaliação", "avalie")),
        *((word, "verificar (check)") for word in ("checar", "checa", "verifique", "confere")),
        *((word, "prever (predict)") for word in ("prevê", "predizer", "classificar")),
        ("exporta", "exportar (export)"),
        ("servidor", "servir (serve)"),
        ("compara", "comparar (compare)"),
        ("server", "serve"),
        ("exports", "export"),
        ("classify", "predict"),
        ("cachê", "cache"),
        ("trian", "train"),
    ],
)
def test_a_word_that_is_no_command_gets_the_nearest_in_the_language_of_the_word(say, typed, hint):
    code, _, err = say("--language", "pt-BR", typed)
    assert code == 2
    assert f"Você quis dizer {hint}?" in err
    err = say("--language", "en", typed)[2]
    assert f"Did you mean {hint}?" in err
    assert ("Em português: --language pt-BR" in err) == ("(" in hint)


@pytest.mark.parametrize("typed", ["baixar", "xyzzy"])
def test_a_word_that_is_like_no_command_gets_no_hint(say, typed):
    assert "Did you mean" not in say(typed)[2]


def test_every_portuguese_word_is_a_command(say):
    assert "olhar comparar" in say("comparar", "--help")[1]
