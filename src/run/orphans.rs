//! Orphans: processes whose parent ended before them. On Linux they become children of this program, so that none is
//! lost. This program must reap them: a zombie looks alive to `kill -0`, and so to a health check.

use nix::unistd::Pid;

/// Makes this process the parent of orphaned descendants. On other systems than Linux, a process that leaves both its
/// group and its parent is lost.
pub(super) fn adopt() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

/// Reaps orphans that have ended, up to the first ended child for which `is_reaped_elsewhere` returns true.
pub(super) fn reap(is_reaped_elsewhere: impl Fn(Pid) -> bool) {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::wait::{Id, WaitPidFlag, waitid, waitpid};
        let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        while let Ok(ended) = waitid(Id::All, look)
            && let Some(pid) = ended.pid()
            && !is_reaped_elsewhere(pid)
        {
            let _ = waitpid(pid, Some(WaitPidFlag::WNOHANG));
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = is_reaped_elsewhere;
}
