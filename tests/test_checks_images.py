"""What the examples of the IMG and FMT rules can't show: addresses, hostile input, places, and rules side by side."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postlint import readers, rules
from postlint.addresses import Address, host_matcher, parameters, parse_address
from postlint.canonical import folded
from postlint.captions import without_credit
from postlint.checks.image_name import plain_name
from postlint.checks.mojibake import _meant
from postlint.engine import check_sources
from postlint.settings import Settings
from postlint.violations import Violation

AS_OF = date(2026, 11, 20)
MINE = tuple(
    code for code, rule in rules.all_rules().items() if code.startswith(("IMG", "FMT")) and rule.scope == "post"
)
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def check(text: str, *codes: str, path: str = "post.md", **options: Any) -> tuple[Violation, ...]:
    chosen = codes or MINE
    settings = Settings(codes=tuple(sorted(chosen)), as_of=AS_OF, options=dict.fromkeys(chosen, options))
    return check_sources({path: text}, settings).violations


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://placehold.co/600x400", ("https", "placehold.co", "/600x400", "")),
        ("HTTP://User:pw@Placehold.CO:8080/a?b=c#d", ("http", "placehold.co", "/a", "b=c")),
        ("//placehold.co", ("", "placehold.co", "", "")),
        ("  https://placehold.co./a ", ("https", "placehold.co", "/a", "")),
        ("https:\\\\placehold.co\\a", ("https", "placehold.co", "/a", "")),
        ("https:/placehold.co/a", ("https", "placehold.co", "/a", "")),
        ("ht\ntps://placehold.co/a", ("https", "placehold.co", "/a", "")),
        ("https://place%68old.co/a", ("https", "placehold.co", "/a", "")),
        ("https://ｐｌａｃｅｈｏｌｄ.co/a", ("https", "placehold.co", "/a", "")),
        ("https://bücher.example/a", ("https", "xn--bcher-kva.example", "/a", "")),
        ("https://[2001:DB8::1]:80/a", ("https", "2001:db8::1", "/a", "")),
        ("https://evil.org@placehold.co", ("https", "placehold.co", "", "")),
        ("https://placehold.co@other.org/", ("https", "other.org", "/", "")),
        ("https://other.org/?u=//placehold.co/", ("https", "other.org", "/", "u=//placehold.co/")),
        ("https://other.org?u=@placehold.co", ("https", "other.org", "", "u=@placehold.co")),
        ("https://other.org#@placehold.co", ("https", "other.org", "", "")),
        ("placehold.co/600x400", ("", "", "placehold.co/600x400", "")),
        ("/a//placehold.co/b", ("", "", "/a//placehold.co/b", "")),
        ("file:///home/a.png", ("file", "", "///home/a.png", "")),
        ("data:image/png;base64,//placehold.co", ("data", "", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_parts_of_an_address(text: str, address: tuple[str, str, str, str]) -> None:
    assert parse_address(text) == Address(*address)


@given(st.text(max_size=60) | st.builds("https://{}".format, st.text(max_size=40)))
def test_any_text_is_taken_apart(text: str) -> None:
    address = parse_address(text)
    assert address.host == address.host.lower() or not address.host.isascii()
    assert "?" not in address.path


def test_an_address_of_a_megabyte_is_taken_apart() -> None:
    for filler in ("a", "/", "@", ":", "%", ".", "\\", "?", "ü"):
        assert isinstance(parse_address("https://" + filler * 1_000_000).host, str)


def test_hosts_match_by_whole_labels() -> None:
    match = host_matcher(["placehold.co", "pixabay.com/get", "Bücher.example"], ["fine.placehold.co"])

    def service(text: str) -> str | None:
        return match(parse_address(text))

    assert service("https://placehold.co/1") == "placehold.co"
    assert service("https://a.b.placehold.co/1") == "placehold.co"
    assert service("https://xn--bcher-kva.example/1") == "Bücher.example"
    assert service("https://pixabay.com/get/a.jpg") == "pixabay.com/get"
    for other in (
        "https://notplacehold.co/1",
        "https://placehold.company/1",
        "https://placehold.co.org/1",
        "https://fine.placehold.co/1",
        "https://x.fine.placehold.co/1",
        "https://pixabay.com/getaway.jpg",
        "https://pixabay.com/photos/get/a.jpg",
        "https://co/1",
        "/placehold.co/1",
        "mailto:me@placehold.co",
    ):
        assert service(other) is None, other


def test_parameters_of_a_query() -> None:
    assert parameters("Se=1&amp;sig=a%2Fb&x") == {"se": "1", "sig": "a/b", "x": ""}


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ("Your_Image-600x400.PNG", "your-image"),
        ("placeholder@2x.png", "placeholder"),
        ("placeholder.v2.png", "placeholder-v2"),
        ("IMAGE_URL", "image-url"),
        ("image1.jpg", "image1"),
        ("42.png", ""),
        ("", ""),
    ],
)
def test_plain_name(segment: str, name: str) -> None:
    assert plain_name(segment) == name


def test_a_caption_loses_its_credit() -> None:
    assert without_credit("Two cats. Image source: site.org") == "Two cats"
    assert without_credit("two cats 3. image source: unsplash") == "two cats 3"
    assert without_credit("A photo of two cats") == "A photo of two cats"
    assert folded(without_credit("Photo by Ana")) == ""


@given(st.characters(codec="utf-8", min_codepoint=0xA0))
def test_what_was_meant_is_found_again(character: str) -> None:
    misread = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in character.encode())
    assert _meant(misread) == character


def test_host_lists_of_address_and_credit_are_one() -> None:
    found = rules.all_rules()
    assert found["IMG001"].defaults()["hosts"] == found["IMG002"].defaults()["hosts"]
    hosts = found["IMG001"].defaults()["hosts"]
    assert hosts == sorted(set(hosts))


DECLARED = """a pear on a wall

plant it in november, when the ground is still warm.

a pear on a wall
a pear on a wall. image source: placehold.co

water it once a week in its first summer.

orchard post meta

view count12
image sources
    • source: placehold.co
    • url: https://placehold.co/600x400
    • caption: {caption}
"""


@pytest.mark.parametrize("caption", ["a pear on a wall", "something else"])
def test_an_image_with_address_and_credit_is_reported_once(caption: str) -> None:
    """Paired by caption, and by position where the captions differ."""
    found = check(DECLARED.format(caption=caption), "IMG001", "IMG002", path="pear.txt")
    assert [(violation.code, violation.location.row) for violation in found] == [("IMG001", 15)]


def test_a_credit_is_paired_by_caption_where_the_lists_differ() -> None:
    text = DECLARED.format(caption="another one")
    text += "    • source: unsplash\n    • url: https://images.unsplash.com/photo-1\n    • caption: a pear on a wall\n"
    found = check(text, "IMG001", "IMG002", path="pear.txt")
    assert [(violation.code, violation.location.row) for violation in found] == [("IMG001", 15)]
    found = check(text.replace("caption: a pear on a wall", "caption: a third one"), "IMG002", path="pear.txt")
    assert [(violation.code, violation.location.row) for violation in found] == [("IMG002", 6)]


def test_rules_about_one_address_agree_on_who_speaks() -> None:
    text = (
        "![a](https://placehold.co/placeholder.png)\n\n"
        "![b](https://oaidalleapiprodscus.blob.core.windows.net/b.png)\n\n"
        "![c](https://example.com/path/to/image.jpg)\n"
    )
    assert [violation.code for violation in check(text)] == ["IMG001", "IMG008", "IMG005"]


def test_severities_of_alt_texts() -> None:
    found = check("![image](/a.jpg)\n\n![a.jpg](/b.jpg)\n", "IMG011")
    assert [violation.severity.label for violation in found] == ["info", "warning"]


def test_series_names_the_other_images() -> None:
    text = "# Moss\n\n![moss picture number 1](/1.jpg)\n\n![moss picture number 2](/2.jpg)\n"
    (found,) = check(text, "IMG013")
    assert (found.location.row, found.quote) == (3, "moss picture number 1")
    assert [(related.location.row, related.message) for related in found.related] == [
        (5, "the same but for its number")
    ]


@pytest.mark.parametrize(
    "address",
    [
        "https://a.org/x?X-Amz-Expires=99999999999999999999&X-Amz-Signature=1&X-Amz-Date=20250101T000000Z",
        "https://a.org/x?X-Amz-Expires=999999999&X-Amz-Signature=1&X-Amz-Date=99991231T235959Z",
        "https://a.org/x?X-Goog-Expires=²&X-Goog-Signature=1",
        "https://a.org/x?ex=zz&is=1&hm=1",
        "https://a.org/x?ex=ffffffffffffffff&is=1&hm=1",
        "https://a.org/x?se=soon&sig=1",
        f"https://a.org/x?AWSAccessKeyId=a&Signature=b&Expires={'9' * 5000}",
    ],
)
def test_an_expiry_that_is_no_time_is_left_unsaid(address: str) -> None:
    (found,) = check(f"![x]({address})\n", "IMG008")
    assert found.message.endswith("that stops working soon")


@pytest.mark.parametrize(("as_of", "word"), [(date(2025, 3, 1), "stops"), (date(2025, 3, 2), "stopped")])
def test_an_address_works_on_its_last_day(as_of: date, word: str) -> None:
    text = "![x](https://a.org/x?se=2025-03-01&sig=1)\n"
    (found,) = check_sources({"a.md": text}, Settings(codes=("IMG008",), as_of=as_of)).violations
    assert found.message == f"signed image address (Azure) that {word} working on 2025-03-01"


@pytest.mark.parametrize("size", [2, 60])
def test_hostile_images_are_survived(size: int) -> None:
    filler = "![" + "[^1] image 1 " * size + "](" + "a" * 1000 * size + ")\n"
    tag = "<img " + "width=1 " * 300 * size + "src='data:image/gif;base64,!!!!' alt=>\n"
    broken = '<img src="https://[::1" height=\'1" width=1>\n'
    assert isinstance(check(f"{filler}\n{tag}\n{broken}\n"), tuple)


@pytest.mark.parametrize(
    "filler", [" ", "[^1", "[^", "image ", "a.", "-", "Ã", "â€", "1", "<img ", "\\", "/", "[\n", "image  "]
)
def test_long_lines_cost_no_more_than_their_length(filler: str) -> None:
    """A pattern that tries again from each character would not come back from this within a test run."""
    line = filler * (300_000 // len(filler))
    post = readers.read("post.md", f"# T\n\n{line}\n".encode())[0]
    post.images = readers.read("post.md", b"![a](/b.png)\n")[0].images
    image = post.images[0]
    assert image.alt is not None
    assert image.url is not None
    short, long = image.alt, image.alt._replace(value=line)
    image.url = image.url._replace(value=line)
    for image.alt, image.caption in ((long, short), (short, long)):
        for code in MINE:
            inspect: Any = rules.all_rules()[code].bind({}, AS_OF)
            assert isinstance(list(inspect(post)), list)
            post.images[0].url, url = None, post.images[0].url
            assert isinstance(list(inspect(post)), list)
            post.images[0].url = url


def test_bytes_that_are_no_utf8_are_reported_once() -> None:
    (post,) = readers.read("post.md", b"Caf\xe9 and \xff\xfe again\n")
    found = []
    for code in ("FMT001", "FMT006"):
        inspect: Any = rules.all_rules()[code].bind({}, AS_OF)
        found += [(code, finding.start, finding.values.get("reason")) for finding in inspect(post)]
    assert found == [("FMT001", 3, "not valid UTF-8 (byte 0xE9)")]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample posts are not part of the project")
def test_sample_posts() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    found = check_sources(files, Settings(codes=MINE, as_of=AS_OF)).violations
    truth = json.loads((SEEDS.parent / "seeds-truth.json").read_text(encoding="utf-8"))["findings"]
    expected = sorted(
        (finding["path"], finding["line"], finding["code"]) for finding in truth if finding["code"] in MINE
    )
    # The truth counts these two without their lines: an alt text for each caption, and the theme's lines.
    counted = {"IMG012": 6, "FMT004": 7}
    assert expected
    got = [(violation.path, violation.location.row, violation.code) for violation in found]
    assert sorted(item for item in got if item[2] not in counted) == [
        item for item in expected if item[2] not in counted
    ]
    assert Counter(item[2] for item in got if item[2] in counted) == counted
