"""Writes the pages that are made from the code: ``python -m docs.pages``."""

from docs.pages.made import ROOT, made


def main() -> None:
    """Write each page that is not as it should be."""
    for path, text in made().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))


main()
