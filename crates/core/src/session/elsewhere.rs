//! Output of an action that another runtime runs.

use super::machine::Session;
use super::message::{self, Message};
use super::redaction::Redactions;
use std::borrow::Cow;

impl Session {
    /// Returns the secrets that are known by now, to hide them in output that does not pass the Session (OUT-2).
    pub fn redactions(&self) -> &Redactions {
        &self.redactions
    }
}

impl Redactions {
    /// Redacts output of an action on its way to another runtime. Messages about variables stay as they are: that runtime
    /// has to read them.
    pub fn apply_to_output<'o>(&self, output: &'o [u8]) -> Cow<'o, [u8]> {
        if self.is_empty() {
            return Cow::Borrowed(output);
        }
        let mut redacted = Vec::with_capacity(output.len());
        for line in output.split_inclusive(|byte| *byte == b'\n') {
            let text = String::from_utf8_lossy(line);
            if let Some(Message::Variable(..) | Message::NearMiss(_)) = message::scan(&text) {
                redacted.extend_from_slice(line);
                continue;
            }
            redacted.extend_from_slice(&self.apply_to_bytes(line));
        }
        Cow::Owned(redacted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{
        Beside, Canceler, Cause, Effect, Event, Exit, Invocation, MonitorPlan, ProcessId, Stream,
        Target, Time, Variables,
    };
    use crate::template::{OnFailure, Slot};
    use std::sync::Arc;

    /// A Session beside an action, whose checks start every 10 s and fire at the first failure.
    fn begin(slot: Slot, notify_period: Option<Time>) -> Session {
        let invocation = |command: &str| Invocation {
            command: command.to_owned(),
            args: Vec::new(),
        };
        let mut session = Session::beside(Beside {
            environment: "Env".to_owned(),
            slot,
            action: invocation("work"),
            monitor: MonitorPlan {
                invocation: Arc::new(invocation("check")),
                period: Time::from_secs(10),
                initial_delay: Time::from_secs(10),
                timeout: Time::from_secs(9),
                threshold: 1,
                on_failure: OnFailure::Terminate,
            },
            notify_period,
            has_redacted_variables: true,
        });
        let effects = session.begin();
        assert!(matches!(&effects[1], Effect::Start(start) if start.process == ACTION));
        session
    }

    const ACTION: ProcessId = ProcessId(1);
    const CHECK: ProcessId = ProcessId(2);

    const CANCEL: Event = Event::Cancel {
        by: Canceler::User,
        notify_period: None,
    };

    fn line(process: ProcessId, line: &str) -> Event {
        Event::Output {
            process,
            stream: Stream::Stdout,
            line: line.to_owned(),
        }
    }

    fn exit(process: ProcessId, status: i32) -> Event {
        Event::Exited {
            process,
            exit: Exit::Status(status),
        }
    }

    /// Applies events at these seconds.
    fn at(session: &mut Session, seconds: u64, events: Vec<Event>) -> Vec<Effect> {
        session.handle(Time::from_secs(seconds), events)
    }

    /// Variables of the check that starts after 10 s.
    fn variables_of_check(session: &mut Session) -> Variables {
        let effects = at(session, 10, Vec::new());
        let [Effect::Start(start)] = effects.as_slice() else {
            panic!("a check starts: {effects:?}");
        };
        assert_eq!((start.process, start.target), (CHECK, Target::Check));
        start.reveal().variables.as_ref().clone()
    }

    /// The signals among the effects: `None` for a kill, and for a notify the time of the kill.
    fn signals(effects: &[Effect]) -> Vec<Option<Time>> {
        let signals = effects.iter().filter_map(|effect| match effect {
            Effect::Notify { kill_at, .. } => Some(Some(*kill_at)),
            Effect::Kill { process, .. } if *process == ACTION => Some(None),
            _ => None,
        });
        signals.collect()
    }

    /// The fail message at the end of the action, if it is that of a monitor; `None` if the action goes on.
    fn end(effects: &[Effect]) -> Option<Option<&str>> {
        effects.iter().find_map(|effect| match effect {
            Effect::ActionEnded { ending, .. } => Some(match &ending.cause {
                Some(Cause::Monitor(message)) => Some(message.as_str()),
                _ => None,
            }),
            _ => None,
        })
    }

    #[test]
    fn messages_of_an_entering_action_change_the_variables_of_checks() {
        for (slot, expected) in [
            (Slot::OnEnter, 3),
            (Slot::OnWrapEnvEnter, 3),
            (Slot::OnWrapTaskRun, 0),
            (Slot::OnExit, 0),
        ] {
            let mut session = begin(slot, None);
            let messages = [
                "openjd_env: A=1",
                "openjd_redacted_env: B=2",
                "openjd_unset_env: C",
            ];
            let messages = messages.map(|text| line(ACTION, text));
            at(&mut session, 1, messages.to_vec());
            let variables = variables_of_check(&mut session);
            assert_eq!(variables.len(), expected, "{slot:?}");
            assert!(expected == 0 || variables["C"].is_none());
        }
    }

    #[test]
    fn what_cancels_the_action_is_for_the_other_runtime_to_signal() {
        let mut session = begin(Slot::OnEnter, Some(Time::from_secs(5)));
        let effects = at(&mut session, 1, vec![line(ACTION, "openjd_env:A=1")]);
        assert!(
            matches!(effects.as_slice(), [Effect::Line { .. }]),
            "{effects:?}"
        );
        variables_of_check(&mut session);
        let effects = at(&mut session, 11, vec![CANCEL, exit(CHECK, 1)]);
        assert!(signals(&effects).is_empty());
        assert!(matches!(&effects[0], Effect::Kill { process, .. } if *process == CHECK));
        assert_eq!(session.wake(), None);
        let effects = at(&mut session, 30, vec![exit(ACTION, 0)]);
        assert_eq!(end(&effects), Some(None));
        assert!(session.is_over());
    }

    #[test]
    fn a_monitor_that_fires_signals_the_action_and_is_the_first_cause() {
        for notify_period in [None, Some(Time::from_secs(5))] {
            let mut session = begin(Slot::OnWrapTaskRun, notify_period);
            variables_of_check(&mut session);
            let failed = vec![line(CHECK, "openjd_fail: gone"), exit(CHECK, 1)];
            let effects = at(&mut session, 11, failed);
            let kill_at = notify_period.map(|period| Time::from_secs(11) + period);
            assert_eq!(signals(&effects), [kill_at]);
            if let Some(kill_at) = kill_at {
                assert_eq!(session.wake(), Some(kill_at));
                let effects = at(&mut session, 16, Vec::new());
                assert_eq!(signals(&effects), [None]);
            }
            let effects = at(&mut session, 17, vec![exit(ACTION, 0)]);
            assert_eq!(end(&effects), Some(Some("gone")));
        }
    }

    #[test]
    fn a_cancel_after_the_monitor_has_fired_leaves_the_rest_to_the_other_runtime() {
        let mut session = begin(Slot::OnWrapTaskRun, Some(Time::from_secs(5)));
        variables_of_check(&mut session);
        at(&mut session, 11, vec![exit(CHECK, 3)]);
        let effects = at(&mut session, 12, vec![CANCEL]);
        let message = end(&effects).flatten().unwrap_or_default();
        assert!(message.contains("(exit status 3)"), "{effects:?}");
        assert!(session.is_over());
    }

    #[test]
    fn output_is_redacted_but_for_messages_about_variables() {
        let mut redactions = Redactions::default();
        let output = b"a secret\nopenjd_env: A=secret\n\xffsecret";
        assert_eq!(&*redactions.apply_to_output(output), output);
        redactions.learn("openjd_redacted_env: S=secret");
        assert_eq!(
            &*redactions.apply_to_output(output),
            b"a ********\nopenjd_env: A=secret\n\xff********"
        );
        redactions.learn(r"openjd_redacted_env: S=ab\xffcd");
        assert_eq!(
            &*redactions.apply_to_output(b"ab\xffcd \xff"),
            b"******** \xff"
        );
    }
}
