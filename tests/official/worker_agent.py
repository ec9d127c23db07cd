"""Runs a compiled queue environment through the session code of the worker agent of AWS Deadline Cloud, without the service.

    python tests/official/worker_agent.py python|rust ENVIRONMENT [--without-extensions]

ENVIRONMENT is docs/examples/worker.yaml, compiled. The task kills the worker of that Environment, and must fail by its
monitor. It needs deadline-cloud-worker-agent (0.33.6) and PyYAML.
"""

import logging
import sys
import tempfile
import time
from pathlib import Path

import yaml
from deadline_worker_agent._session_runtime_kind import SessionRuntimeKind
from deadline_worker_agent.sessions._extensions import session_extensions
from deadline_worker_agent.sessions.job_entities.environment_details import EnvironmentDetails
from deadline_worker_agent.sessions.job_entities.step_details import StepDetails
from deadline_worker_agent.sessions.runtime import SessionRuntimeConfig, create_session_runtime
from openjd.sessions import LOG

STEP = {
    "name": "Render",
    "script": {"actions": {"onRun": {"command": "sh", "args": ["-c", "kill -9 $PPID; sleep 1"]}}},
}
# Seconds for one action.
PATIENCE = 60


def end_of_action(session):
    """Waits for the end of the action that runs; returns the word for its state, its fail message and its status."""
    deadline = time.monotonic() + PATIENCE
    while session.action_status is None or session.action_status.state.name == "RUNNING":
        if time.monotonic() > deadline:
            sys.exit("the action does not end")
        time.sleep(0.05)
    status = session.action_status
    return status.state.name, status.fail_message, status.status_message


def main(kind, path, *options):
    LOG.setLevel(logging.INFO)
    LOG.addHandler(logging.StreamHandler())
    template = yaml.safe_load(Path(path).read_text())
    # What the service tells the agent about the job.
    told = {} if options else {"extensions": template.get("extensions", [])}
    told["jobId"] = "job-1"
    environment = EnvironmentDetails.from_boto(
        {"environmentId": "env-1", "schemaVersion": template["specificationVersion"], "template": template["environment"], **told}
    ).environment
    step = StepDetails.from_boto(
        {"stepId": "step-1", "schemaVersion": "jobtemplate-2023-09", "template": STEP, "dependencies": [], **told}
    ).step_template
    with tempfile.TemporaryDirectory() as folder:
        session = create_session_runtime(
            SessionRuntimeKind[kind.upper()],
            SessionRuntimeConfig(
                session_id="session-1",
                job_parameter_values={},
                path_mapping_rules=None,
                retain_working_dir=False,
                user=None,
                action_callback=lambda _, status: None,
                os_env_vars={},
                session_root_directory=Path(folder),
                supported_extensions=session_extensions(told.get("extensions")),
            ),
        )
        identifier = session.enter_environment(environment=environment)
        entered = end_of_action(session)
        session.run_task(step_script=step.script, task_parameter_values={}, step_name=step.name)
        ran = end_of_action(session)
        session.exit_environment(identifier=identifier)
        exited = end_of_action(session)
        session.cleanup()
    print(entered, ran, exited, sep="\n")
    assert entered[0] == exited[0] == "SUCCESS"
    assert ran[:2] == ("FAILED", "the worker has died")
    assert "No such process" in ran[2]


if __name__ == "__main__":
    main(*sys.argv[1:])
