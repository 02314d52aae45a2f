"""What reading costs, format by format, against the library below it: python benchmarks/readers.py --posts 2000."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple
from xml.parsers import expat

import pyromark
import turbohtml
import yaml
from articles import markdown
from generate import KINDS, articles
from measure import table
from parse_floor import parse

from postlint import readers

Record = Mapping[str, object]


class Format(NamedTuple):
    """A format: the file (or files) of some posts, and the least that its library takes to make texts of it."""

    suffix: str
    write: Callable[[list[Record]], list[bytes]]
    texts: Callable[[bytes], Iterable[str]]
    """Bodies, or posts with front matter, out of a file."""
    parse: Callable[[str], int] = parse
    """The least that a parser takes for such a text."""


def records(kind: str, posts: int, seed: int) -> list[Record]:
    """Posts as records: the values of their front matter, and the Markdown below it as `body`."""
    found: list[Record] = []
    for article, _ in articles(kind, posts, seed):
        front, _, body = markdown(article).removeprefix("---\n").partition("\n---\n")
        found.append({**yaml.load(front, Loader=yaml.CBaseLoader), "body": body})
    return found


def _files(posts: list[Record]) -> list[bytes]:
    return [
        f"---\n{yaml.dump({key: value for key, value in post.items() if key != 'body'}, Dumper=yaml.CSafeDumper)}---\n"
        f"{post['body']}".encode()
        for post in posts
    ]


def _lines(posts: list[Record]) -> list[bytes]:
    return ["".join(json.dumps(post) + "\n" for post in posts).encode()]


def _json(posts: list[Record]) -> list[bytes]:
    return [json.dumps({"posts": posts}, indent=1, ensure_ascii=False).encode()]


def _csv(posts: list[Record]) -> list[bytes]:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(dict.fromkeys(key for post in posts for key in post)))
    writer.writeheader()
    writer.writerows(posts)
    return [stream.getvalue().encode()]


def _parquet(posts: list[Record]) -> list[bytes]:
    import pyarrow
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(posts), stream)
    return [stream.getvalue()]


def _html(post: Record) -> str:
    body = str(pyromark.html(str(post["body"])))
    # The editor of WordPress keeps each block between comments.
    return re.sub(r"(?m)^<(p|h2|ul|pre|blockquote)\b", r"<!-- wp:block -->\n<\1", body)


def _pages(posts: list[Record]) -> list[bytes]:
    pages = []
    for post in posts:
        known = "".join(
            f'<meta name="{escape(key)}" content="{escape(value)}">\n'
            for key, value in post.items()
            if key != "body" and isinstance(value, str)
        )
        head = f"<head>\n<title>{escape(str(post['title']))}</title>\n{known}</head>"
        beside = '<nav><a href="/">Home</a></nav>'
        pages.append(f"<html>{head}\n<body>{beside}<article>\n{_html(post)}</article></body></html>\n".encode())
    return pages


def _export(posts: list[Record]) -> list[bytes]:
    items = []
    for number, post in enumerate(posts):
        known = "".join(
            f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
            f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>\n"
            for key, value in post.items()
            if key != "body"
        )
        items.append(
            f"<item>\n<title>{escape(str(post['title']))}</title>\n<wp:post_id>{number}</wp:post_id>\n"
            f"<content:encoded><![CDATA[{_html(post)}]]></content:encoded>\n"
            f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\n{known}</item>\n"
        )
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    return [f"<rss {names}><channel>\n{''.join(items)}</channel></rss>\n".encode()]


def _export_texts(data: bytes) -> list[str]:
    """The bodies of an export by expat alone."""
    texts: list[str] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, _: dict[str, str]) -> None:
        parser.CharacterDataHandler = texts.append if name == "content:encoded" else None

    parser.StartElementHandler = start
    parser.Parse(data, True)
    return [text for text in texts if text != "\n"]


def tokens(text: str) -> int:
    """Cut HTML into tokens and keep nothing; their number."""
    return sum(1 for _ in turbohtml.tokenize(text, resolve_references=False))


def _json_lines_texts(data: bytes) -> Iterator[str]:
    for line in data.splitlines():
        yield json.loads(line)["body"]


def _csv_texts(data: bytes) -> Iterator[str]:
    for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
        yield row["body"]


def _parquet_texts(data: bytes) -> Iterator[str]:
    from pyarrow import parquet

    for batch in parquet.ParquetFile(io.BytesIO(data)).iter_batches(64, use_threads=False):
        for row in batch.to_pylist():
            yield row["body"]


FORMATS = {
    "Markdown": Format(".md", _files, lambda data: [data.decode()]),
    "HTML": Format(".html", _pages, lambda data: [data.decode()], tokens),
    "WordPress": Format(".xml", _export, _export_texts, tokens),
    "JSON Lines": Format(".jsonl", _lines, _json_lines_texts),
    "JSON": Format(".json", _json, lambda data: (post["body"] for post in json.loads(data)["posts"])),
    "CSV": Format(".csv", _csv, _csv_texts),
    "Parquet": Format(".parquet", _parquet, _parquet_texts),
}


def read(path: str, files: Iterable[bytes]) -> int:
    """Read every post of files; how many blocks they have."""
    blocks = 0
    for data in files:
        if readers.is_container(path):
            container = readers.split(path, io.BytesIO(data))
            posts = (container.read(number) for number in range(len(container)))
        else:
            posts = iter(readers.read(path, data))
        blocks += sum(len(post.blocks) for post in posts)
    return blocks


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of some work in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, default="template")
    parser.add_argument("--posts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    given = parser.parse_args()
    posts = records(given.kind, given.posts, given.seed)
    written = {name: FORMATS[name].write(posts) for name in given.formats}
    costs: dict[tuple[str, str], list[float]] = {}
    # In turn, so that what else the machine does falls on all of them; the first round warms up.
    for number in range(given.repeats + 1):
        for name, files in written.items():
            form = FORMATS[name]
            path = "posts" + form.suffix
            works: dict[str, Callable[[], object]] = {
                "library": lambda form=form, files=files: [len(text) for data in files for text in form.texts(data)],
                "floor": lambda form=form, files=files: [
                    form.parse(text) for data in files for text in form.texts(data)
                ],
                "postlint": lambda path=path, files=files: read(path, files),
            }
            for what, work in works.items():
                spent = cpu(work)
                if number:
                    costs.setdefault((name, what), []).append(spent)
    rows = []
    for name, files in written.items():
        library, floor, ours = (statistics.median(costs[name, what]) for what in ("library", "floor", "postlint"))
        rows.append([
            name, f"{sum(map(len, files)) / 1e6:.1f}", f"{len(posts) / library:,.0f}", f"{len(posts) / floor:,.0f}",
            f"{len(posts) / ours:,.0f}", f"{ours / floor:.2f}",
        ])  # fmt: skip
    header = ["format", "MB", "library, posts/s", "with the body parsed", "postlint, posts/s", "of that, times"]
    print(table(header, rows))


if __name__ == "__main__":
    main()
