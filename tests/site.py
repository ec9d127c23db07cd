"""Checks every page of a built site: its links lead somewhere, and a browser loads nothing for it from elsewhere."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

FOLDER = Path(sys.argv[1])
SITE = "https://openjd-monitor.github.io/openjd-monitor/"
FILES = tuple(f"https://github.com/openjd-monitor/openjd-monitor/{kind}/main/" for kind in ("blob", "tree"))


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.address = urljoin(SITE, path.relative_to(FOLDER).as_posix())
        self.anchors = set()
        self.links = []
        self.loaded = []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(filter(None, [attributes.get("id"), attributes.get("name")]))
        address = urljoin(self.address, attributes.get("href") or attributes.get("src"))
        if tag == "a" and "href" in attributes:
            self.links.append(address)
        elif tag == "link" or "src" in attributes:
            self.loaded.append(address)


def target(link):
    """Returns the file that an address leads to, if it is one of the site or of the repository."""
    path = unquote(urlsplit(link)._replace(query="", fragment="").geturl())
    if path.startswith(SITE):
        file = FOLDER / path.removeprefix(SITE)
        return file / "index.html" if file.is_dir() else file
    if path.startswith(FILES):
        return Path(*path.split("/")[7:])
    return None


def problems(page):
    for link in page.links + page.loaded:
        file = target(link)
        anchor = unquote(urlsplit(link).fragment)
        if file and not file.exists():
            yield f"{link} leads nowhere"
        elif anchor and file in pages and anchor not in pages[file].anchors:
            yield f"{link} leads to an anchor that is not there"
    for address in page.loaded:
        if not address.startswith(SITE):
            yield f"{address} is loaded from elsewhere"


pages = {path: Page(path) for path in FOLDER.rglob("*.html")}
found = sorted({f"{path}: {problem}" for path, page in pages.items() for problem in problems(page)})
for line in found:
    print(line, file=sys.stderr)
links = sum(len(page.links) + len(page.loaded) for page in pages.values())
print(f"site: {len(pages)} pages, {links} links, {len(found)} problems")
sys.exit(bool(found))
