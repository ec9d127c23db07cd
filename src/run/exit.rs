//! The end of a process that is no child of this one.

use nix::unistd::Pid;
use std::time::Duration;
use sysinfo::{ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};

/// Interval between two looks at a process, where the system does not tell its end.
const POLL: Duration = Duration::from_millis(20);

/// Seconds by which the start time of a process may vary: it is derived from the time of the boot.
const INACCURACY: u64 = 2;

/// Waits for the end of a process. It may be a zombie then.
pub(super) async fn exit_of(pid: Pid) {
    #[cfg(target_os = "linux")]
    if notified(pid).await.is_ok() {
        return;
    }
    polled(pid).await;
}

#[cfg(target_os = "linux")]
async fn notified(pid: Pid) -> std::io::Result<()> {
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use rustix::process::{PidfdFlags, pidfd_open};
    use std::os::fd::AsFd;
    let Some(pid) = rustix::process::Pid::from_raw(pid.as_raw()) else {
        return Ok(());
    };
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new().spawn(move || {
        let mut files = [PollFd::new(process.as_fd(), PollFlags::POLLIN)];
        let ended = loop {
            match poll(&mut files, PollTimeout::NONE) {
                // This thread may be the one that gets a signal.
                Err(Errno::EINTR) => {}
                ended => break ended,
            }
        };
        // Fails if nobody waits any more.
        let _ = sender.send(ended);
    })?;
    receiver.await.map_err(std::io::Error::other)??;
    Ok(())
}

async fn polled(pid: Pid) {
    let Some(begin) = start_time(pid) else {
        return;
    };
    // Another process can get the number later on.
    let is_same = |time: u64| time.abs_diff(begin) <= INACCURACY;
    while start_time(pid).is_some_and(is_same) {
        tokio::time::sleep(POLL).await;
    }
}

/// Returns the time at which a process started; `None` if it has ended.
fn start_time(pid: Pid) -> Option<u64> {
    let pid = sysinfo::Pid::from_u32(pid.as_raw().cast_unsigned());
    let mut system = System::new().ok()?;
    let kind = ProcessRefreshKind::nothing().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, kind);
    let process = system.process(pid)?;
    (process.status() != ProcessStatus::Zombie).then(|| process.start_time())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Child, Command, Stdio};

    fn cat() -> (Child, Pid) {
        let mut command = Command::new("cat");
        let cat = command.stdin(Stdio::piped()).spawn().expect("cat starts");
        let pid = Pid::from_raw(cat.id().cast_signed());
        (cat, pid)
    }

    fn wait(exit: impl Future<Output = ()>, cat: &mut Child) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut exit = std::pin::pin!(exit);
            let early = tokio::time::timeout(Duration::from_millis(100), &mut exit).await;
            assert!(early.is_err(), "cat has not ended");
            drop(cat.stdin.take());
            exit.await;
        });
    }

    #[test]
    fn a_zombie_has_ended() {
        let (mut child, pid) = cat();
        wait(exit_of(pid), &mut child);
        child.wait().expect("cat ends");
    }

    #[test]
    fn without_the_help_of_the_system_a_zombie_has_ended_too() {
        let (mut child, pid) = cat();
        wait(polled(pid), &mut child);
        child.wait().expect("cat ends");
    }
}
