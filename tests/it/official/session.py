"""A Session as the official runtime in Python runs it, driven as its command line does.

    python3 session.py FOLDER < PLAN

PLAN is JSON: a job template, environment templates around it, and job parameters. The commands of the plan are in
FOLDER, and append to the file `log` there. For each action that the Session is asked for, this prints a line of JSON:
the length of that file after the action, how the action ended, its last status, its fail message, and whether it was
asked to end. The last line has the Session's folders.
"""

import json
import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from openjd.model import (
    RevisionExtensions,
    SpecificationRevision,
    StepDependencyGraph,
    StepParameterSpaceIterator,
    TaskParameterSet,
    create_job_with_symbol_tables,
    decode_environment_template,
    decode_job_template,
    preprocess_job_parameters,
)
from openjd.sessions import ActionState, Session

EXTENSIONS = ["EXPR", "FEATURE_BUNDLE_1", "REDACTED_ENV_VARS", "TASK_CHUNKING", "WRAP_ACTIONS"]


class Driver:
    def __init__(self, plan, folder):
        self.log, self.cancel, self.notified = (folder / name for name in ("log", "cancel", "notified"))
        self.ended, self.is_success, self.entered = threading.Event(), True, []
        template = decode_job_template(template=plan["template"], supported_extensions=EXTENSIONS)
        self.outer = [
            decode_environment_template(template=each, supported_extensions=EXTENSIONS)
            for each in plan["environments"]
        ]
        given = {name: value if isinstance(value, (str, list)) else json.dumps(value)
                 for name, value in plan["parameters"].items()}
        parameters = preprocess_job_parameters(
            job_template=template,
            job_parameter_values=given,
            job_template_dir=Path("/session"),
            current_working_dir=Path("/session"),
            environment_templates=self.outer,
            allow_job_template_dir_walk_up=True,
        )
        self.created = create_job_with_symbol_tables(
            job_template=template, job_parameter_values=parameters, environment_templates=self.outer
        )
        listed = [plan["template"], *plan["environments"]]
        extensions = sorted({name for each in listed for name in each.get("extensions", [])})
        self.session = Session(
            session_id="compared",
            job_parameter_values=parameters,
            job_name=str(self.created.job.name),
            session_root_directory=folder,
            callback=self.on_status,
            revision_extensions=RevisionExtensions(
                spec_rev=SpecificationRevision.v2023_09, supported_extensions=extensions
            ),
        )

    def on_status(self, _session, status):
        if status.state != ActionState.RUNNING:
            self.ended.set()

    def act(self, action, **arguments):
        self.ended.clear()
        action(**arguments)
        end = time.monotonic() + 60
        while not self.ended.wait(0.02):
            if time.monotonic() > end:
                raise RuntimeError("an action does not end")
            if self.cancel.exists():
                period = self.cancel.read_text()
                self.cancel.unlink()
                limit = timedelta(seconds=int(period)) if period else None
                self.session.cancel_action(time_limit=limit)
        status = self.session.action_status
        self.is_success = self.is_success and status.state == ActionState.SUCCESS
        say(
            log=os.path.getsize(self.log) if self.log.exists() else 0,
            end=status.state.name.lower(),
            status=status.status_message,
            fail=status.fail_message,
            notified=self.notified.exists(),
        )
        self.notified.unlink(missing_ok=True)

    def enter(self, environments, symbols=None, **step):
        for environment in environments or []:
            if self.is_success:
                identifier = f"{len(self.entered)}"
                self.entered.append((identifier, symbols))
                self.act(self.session.enter_environment, environment=environment, identifier=identifier,
                         resolved_symtab=symbols, **step)

    def exit_to(self, left):
        while len(self.entered) > left:
            identifier, symbols = self.entered.pop()
            self.act(self.session.exit_environment, identifier=identifier, resolved_symtab=symbols,
                     keep_session_running=self.is_success)

    def run(self):
        job = self.created.job
        self.enter([each.environment for each in self.outer])
        self.enter(job.jobEnvironments)
        for node in StepDependencyGraph(job=job).topo_sorted():
            if not self.is_success:
                break
            around, symbols = len(self.entered), self.created.step_symbol_tables.get(node.name)
            self.enter(node.stepEnvironments, symbols, step_name=node.name)
            space = node.parameterSpace
            for values in StepParameterSpaceIterator(space=space) if space else [TaskParameterSet()]:
                if self.is_success:
                    self.act(self.session.run_task, step_script=node.script, task_parameter_values=values,
                             step_name=node.name, resolved_symtab=symbols)
            self.exit_to(around)
        self.exit_to(0)
        say(folder=str(self.session.working_directory), files=str(self.session.files_directory))
        self.session.cleanup()


def say(**fields):
    print(json.dumps(fields), flush=True)


if __name__ == "__main__":
    Driver(json.load(sys.stdin), Path(sys.argv[1])).run()
