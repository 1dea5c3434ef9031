"""The guides as PDF say what their Markdown says, in full, on one to three pages, and are made again the same."""

import io
import re

import pypdf
import pytest

from tests.leaflets import LEAFLETS, guides, leaflet

GUIDES = guides()


def pages(content):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def words(text):
    """The letters and digits of a text, without what breaks its lines."""
    return re.sub(r"[^\w]", "", text)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_leaflet_says_what_the_guide_says_now(guide):
    kept, now = (
        words("".join(pages(each))) for each in ((LEAFLETS / f"{guide.stem}.pdf").read_bytes(), leaflet(guide))
    )
    assert kept == now, "to be made again: python -m tests.leaflets"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_line_of_the_guide_is_in_its_leaflet(guide):
    """Read from the Markdown by other means than the leaflet is made by."""
    text = guide.read_text(encoding="utf-8")
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^(```\w*|\| --- .*|#+|\d\.)", "", text, flags=re.MULTILINE)
    told = words(
        "".join(re.sub(rf"\n?{re.escape(title(text))}\s*\d/\d\s*$", "", page) for page in pages(leaflet(guide)))
    )
    missing = [
        line for line in text.splitlines() for part in line.split("|") if words(part) and words(part) not in told
    ]
    assert missing == []


def title(text):
    return next(line for line in text.splitlines() if line.strip()).strip()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_leaflet_is_one_to_three_pages_with_its_own_fonts(guide):
    made = leaflet(guide)
    assert made == leaflet(guide)
    read = pypdf.PdfReader(io.BytesIO(made))
    assert 1 <= len(read.pages) <= 3
    assert read.metadata.title
    assert read.trailer["/Root"]["/Lang"].startswith("fr")
    for page in read.pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"])


def test_there_is_a_leaflet_of_each_guide_and_no_other():
    assert {path.stem for path in LEAFLETS.iterdir()} == {guide.stem for guide in GUIDES}
