"""Adds to the site what docs/ does not have: the pages of the repository's root, and a page for each clause."""

from pathlib import Path

from mkdocs.structure.files import File

import clauses
import links

ROOT = Path(__file__).resolve().parent.parent
# Pages by the file that they are made from.
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}

linker = links.Linker(ROOT, PAGES)


def on_config(config):
    config.markdown_extensions.append(linker)
    linker.repository = config.repo_url
    return config


def on_files(files, config):
    for source, page in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    for page, text in clauses.pages(ROOT):
        files.append(File.generated(config, page, content=text))
    linker.files = files
    config.nav = expanded(config.nav, files)
    return files


def expanded(entry, files):
    """Returns an entry of the navigation with the pages of each folder that it names."""
    match entry:
        case dict():
            return {title: expanded(below, files) for title, below in entry.items()}
        case list():
            return [expanded(below, files) for below in entry]
        case str() if entry.endswith("/"):
            # The overview of a folder comes first.
            pages = [file for file in files.documentation_pages() if file.src_uri.startswith(entry)]
            return [file.src_uri for file in sorted(pages, key=lambda file: file.name != "index")]
        case _:
            return entry


def on_page_markdown(markdown, page, **_):
    linker.page = page.file.src_uri
    if linker.page == links.SPECIFICATION:
        return clauses.with_links(markdown)
    return markdown
