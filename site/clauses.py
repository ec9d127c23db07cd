"""Writes a page for each clause of the specification: its text, the rules that check it, the cases that test it.

The links on such a page are relative to the specification, from which most of them come.
"""

import json
import re
from dataclasses import dataclass

import yaml

from links import CLAUSES

START = re.compile(r'^\*\*<a id="(.+?)"></a>(.+?)\.\*\*', re.MULTILINE)
RULE = re.compile(r"^\| \[`(.+?)`\]\(.+?\) \| (.+?) \| (.+) \| (.*) \|$", re.MULTILINE)


@dataclass
class Clause:
    name: str
    anchor: str
    section: str
    text: str = ""


@dataclass
class Case:
    kind: str
    title: str
    path: str
    clauses: list


def with_links(specification):
    """Returns the text of the specification, with a link from each clause to its page."""
    return START.sub(rf'**<a id="\1"></a>[\2]({CLAUSES}\1.md).**', specification)


def pages(root):
    """Returns the path and the text of each page."""
    specification = (root / "docs/specification.md").read_text()
    definitions = "\n".join(re.findall(r"^\[.+\]: .+$", specification, re.MULTILINE))
    rules = RULE.findall((root / "docs/rules/README.md").read_text())
    tests = list(cases(root))
    overview = [
        "# Clauses\n",
        "Each clause of the [specification](specification.md), with how many rules of `check` and how many cases of the",
        "conformance suite are about it.\n",
        "| clause | section | rules | cases |\n| --- | --- | --- | --- |",
    ]
    for clause in clauses(specification):
        about = [rule for rule in rules if f"#{clause.anchor})" in rule[3]]
        testing = [case for case in tests if clause.name in case.clauses]
        overview.append(
            f"| [{clause.name}](#{clause.anchor}) | {clause.section} | {len(about)} | {len(testing)} |"
        )
        text = f"{page(clause, about, testing)}\n{definitions}\n"
        yield f"{CLAUSES}{clause.anchor}.md", text
    yield f"{CLAUSES}index.md", "\n".join(overview)


def clauses(specification):
    """Returns the clauses with their notes: what stands between the id of each and the next id or heading."""
    found = []
    section = None
    is_code = is_clause = False
    for line in specification.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        if start := START.match(line):
            found.append(Clause(start[2], start[1], section))
            is_clause = True
            line = line[start.end() :].lstrip()
        elif line.startswith("#") and not is_code:
            is_clause = False
            if not line.startswith("####"):
                section = line.lstrip("# ")
        if is_clause:
            found[-1].text += f"{line}\n"
    return found


def cases(root):
    """Returns the cases of the conformance suite."""
    folder = root / "fixtures/conformance"
    for path in sorted(folder.rglob("*.*")):
        text = path.read_text()
        where = path.relative_to(root).as_posix()
        kind = path.relative_to(folder).parts[0]
        if kind == "trace":
            case = yaml.load(text, yaml.CSafeLoader)
            yield Case("Scenarios", case["title"], where, case["clauses"])
        elif kind in ("templates", "process"):
            head, _, title = description(text).partition(": ")
            verdict = "refused" if ".invalid." in path.name else "accepted"
            name = f"Templates, {verdict}" if kind == "templates" else "Jobs with real processes"
            yield Case(name, title, where, head.split(", "))


def description(text):
    """Returns what a template says about itself: its first comment, or in JSON the first description in it."""
    if text.startswith("{"):
        return json.loads(re.search(r'"description": (".*")', text)[1])
    comment = re.match(r"(?:# .*\n)*", text)[0]
    return " ".join(line.removeprefix("# ") for line in comment.splitlines())


def page(clause, rules, cases):
    parts = [
        f"# {clause.name}\n",
        clause.text,
        f"*In the specification: [{clause.section}](#{clause.anchor})*\n",
        "## Rules\n",
    ]
    if rules:
        parts.append("| rule | level | what it finds |\n| --- | --- | --- |")
        parts += [f"| [`{rule}`](rules/{rule}.md) | {level} | {what} |" for rule, level, what, _ in rules]
    else:
        parts.append("No rule of `check` is about this clause.")
    parts.append("\n## Conformance cases\n")
    for kind in dict.fromkeys(case.kind for case in cases):
        parts.append(f"### {kind}\n")
        parts += [f"- [{case.title}](../{case.path})" for case in cases if case.kind == kind]
        parts.append("")
    if not cases:
        parts.append("No case of the suite is about this clause.\n")
    return "\n".join(parts)
