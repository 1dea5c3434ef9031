"""``python -m tests.leaflets``: the guides of ``docs/guides`` again as PDF, in ``docs/guides/pdf``."""

from tests.leaflets import LEAFLETS, guides, leaflet

if __name__ == "__main__":
    LEAFLETS.mkdir(exist_ok=True)
    for guide in guides():
        (LEAFLETS / f"{guide.stem}.pdf").write_bytes(leaflet(guide))
