"""``python -m tests.spoil``: write the documentation's table of spoiled returns again."""

from tests.spoil.document import PATH, rewrite

if __name__ == "__main__":
    print(f"{PATH} : {rewrite()} cas.")
