"""Checks templates as `openjd check` of openjd-cli does, many in one process.

Prints the versions of both packages, then reads the paths of files, a line each, and prints for each what is wrong, as a
JSON list of messages; null for a valid template.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from openjd.cli._common import SUPPORTED_EXTENSIONS, read_template
from openjd.model import TemplateSpecificationVersion, decode_environment_template, decode_job_template


def wrong(path):
    try:
        template = read_template(Path(path))
        revision = TemplateSpecificationVersion(template["specificationVersion"])
        if TemplateSpecificationVersion.is_job_template(revision):
            decode = decode_job_template
        else:
            decode = decode_environment_template
        decode(template=template, supported_extensions=SUPPORTED_EXTENSIONS)
    except Exception as error:  # Whatever keeps the program from accepting it.
        lines = str(error).split("\n")
        # Each mistake is a line that names the place, and one that says what is wrong behind a tab.
        return [line.strip() for line in lines if line.startswith("\t")] or [str(error)]
    return None


print(json.dumps([version("openjd-cli"), version("openjd-model")]))
for line in sys.stdin:
    print(json.dumps(wrong(line.rstrip("\n"))), flush=True)
