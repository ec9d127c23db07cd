//! Tests of secrets in the effects that a driver receives.

use openjd_monitor_core::session::{
    Effect, Event, Exit, Host, Job, Request, Session, Stream, Target, Tasks, Time,
};
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn no_effect_shows_a_secret_and_the_process_gets_it() {
    let template = json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": ["MONITOR", "REDACTED_ENV_VARS"],
        "name": "Job",
        "jobEnvironments": [{ "name": "Login", "script": { "actions": {
            "onEnter": { "command": "login" },
            "onMonitor": { "command": { "command": "probe" }, "period": 10, "onFailure": "log" },
        } } }],
        "steps": [{
            "name": "Render",
            "parameterSpace": { "taskParameterDefinitions": [
                { "name": "Key", "type": "STRING", "range": ["is hunter2"] },
            ] },
            "script": {
                "embeddedFiles": [{ "name": "File", "type": "TEXT", "data": "hunter2" }],
                "actions": { "onRun": { "command": "render", "args": ["{{Task.Param.Key}}"] } },
            },
        }],
    });
    let job = Job::create(&Request {
        template: &template,
        environments: Vec::new(),
        parameters: BTreeMap::new(),
        tasks: Tasks::default(),
        host: Host::simple("/session"),
    });
    let mut session = Session::new(job.expect("a job"));
    let mut effects = session.begin();
    let process = effects.iter().find_map(|effect| match effect {
        Effect::Start(start) => Some(start.process),
        _ => None,
    });
    let process = process.expect("onEnter");
    let line = "openjd_redacted_env: TOKEN=hunter2".to_owned();
    let stream = Stream::Stdout;
    let told = Event::Output {
        process,
        stream,
        line,
    };
    effects.extend(session.handle(Time::from_secs(1), vec![told]));
    effects.extend(session.handle(Time::from_secs(10), Vec::new()));
    let exit = Exit::Status(0);
    effects.extend(session.handle(Time::from_secs(11), vec![Event::Exited { process, exit }]));

    let starts: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Start(start) => Some(start),
            _ => None,
        })
        .collect();
    let targets: Vec<_> = starts.iter().map(|start| start.target).collect();
    assert_eq!(targets, [Target::Action, Target::Check, Target::Action]);
    for start in &starts[1..] {
        assert_eq!(start.variables["TOKEN"].as_deref(), Some("********"));
        let real = &start.reveal().variables["TOKEN"];
        assert_eq!(real.as_deref(), Some("hunter2"));
    }
    let task = starts[2];
    assert_eq!(task.invocation.args, ["is ********"]);
    assert_eq!(task.reveal().invocation.args, ["is hunter2"]);
    assert_eq!(task.reveal().files[0].data, "hunter2");
    let shown = format!("{effects:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}
