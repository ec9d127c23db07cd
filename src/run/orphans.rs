//! Orphans: processes whose parent has ended before them. Where the system can, they become children of this
//! program, so that none of them is lost. As their parent it has to reap them: until then a process that has died
//! looks alive to `kill -0`, and so to a health check.

use nix::unistd::Pid;

/// Makes this process the parent of what its children leave behind. Elsewhere than on Linux, what leaves both its
/// group and its parent is not found any more.
pub(super) fn adopt() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

/// Reaps the orphans that have ended, up to the first child that has ended and is `someone_elses` to reap.
pub(super) fn reap(someone_elses: impl Fn(Pid) -> bool) {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        while let Ok(ended) = waitid(Id::All, look)
            && let Some(pid) = ended.pid()
            && !someone_elses(pid)
        {
            let _ = waitpid(pid, Some(WaitPidFlag::WNOHANG));
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = someone_elses;
}
