"""Leads the links of a page, which are those of its file in the repository, to where they belong on the site."""

import posixpath
from urllib.parse import urlsplit

from markdown import Extension
from markdown.treeprocessors import Treeprocessor

SPECIFICATION = "specification.md"
CLAUSES = "clauses/"


class Linker(Extension):
    """Rewrites links: to the page of a clause or a file, or else to the file in the repository.

    What leads nowhere stays as it is, and MkDocs reports it.
    """

    def __init__(self, root, pages):
        super().__init__()
        self.root = root
        self.pages = pages
        # The repository's address, the files of the site, and the page that is rendered next.
        self.repository = self.files = self.page = None

    def extendMarkdown(self, md):
        # Before MkDocs looks at the links, with priority 0, and before headings get theirs, with 5.
        md.treeprocessors.register(Rewriting(self), "repository_links", 6)

    def source(self):
        """Returns the file that the links of the page are relative to: for a clause, the specification."""
        if self.page.startswith(CLAUSES):
            return f"docs/{SPECIFICATION}"
        sources = {page: source for source, page in self.pages.items()}
        return sources.get(self.page, f"docs/{self.page}")

    def rewritten(self, url):
        scheme, host, path, _, anchor = urlsplit(url)
        source = self.source()
        if scheme or host or not (path or self.page.startswith(CLAUSES)):
            return url
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
        page = self.pages.get(target, target.removeprefix("docs/"))
        clause = f"{CLAUSES}{anchor}.md"
        if page == SPECIFICATION and clause != self.page and self.is_page(clause):
            page, anchor = clause, ""
        if self.is_page(page):
            address = posixpath.relpath(page, posixpath.dirname(self.page) or ".")
        elif not target.startswith("..") and (self.root / target).exists():
            kind = "tree" if (self.root / target).is_dir() else "blob"
            address = f"{self.repository}/{kind}/main/{target}"
        else:
            return url
        return f"{address}#{anchor}" if anchor else address

    def is_page(self, path):
        file = self.files.get_file_from_path(path)
        return file is not None and not file.inclusion.is_excluded()


class Rewriting(Treeprocessor):
    def __init__(self, linker):
        super().__init__()
        self.linker = linker

    def run(self, root):
        for element in root.iter():
            for key in ("href", "src"):
                if url := element.get(key):
                    element.set(key, self.linker.rewritten(url))
