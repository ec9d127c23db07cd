//! Resources of a run with real processes: working directory, signals, guard and cleanup.

use super::Observer;
use super::directory::Directory;
use super::driver::Driver;
use super::group::{self, Group};
use super::guard::Guard;
use super::orphans;
use super::signals::Signals;
use openjd_expr::PathMappingRule;
use openjd_monitor_core::session::{Host, Session};
use std::io;
use std::path::{Path, PathBuf};
use tokio::runtime::{Builder, Runtime};

/// A working directory, and the means to run one Session in it.
///
/// The end kills every descendant of this process, which must have started none in another way. SIGINT, SIGTERM,
/// SIGHUP and SIGQUIT cancel the Session from the start on, and do not end the program.
pub struct Site {
    runtime: Runtime,
    signals: Signals,
    directory: Option<Directory>,
    is_kept: bool,
    guard: Option<Guard>,
    left: Vec<Group>,
}

/// Result of the cleanup.
#[derive(Debug, Default)]
pub struct Cleanup {
    /// Names and ids of the processes that had to be killed.
    pub killed: Vec<(String, i32)>,
    /// Names and ids of killed processes that have not ended.
    pub alive: Vec<(String, i32)>,
    /// Working directory, if it still exists.
    pub kept: Option<PathBuf>,
    /// Error removing it.
    pub error: Option<io::Error>,
}

impl Site {
    /// Creates a working directory in the system's folder for temporary files. [`Self::close`] removes it, unless it
    /// `is_kept`.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be created, or if signals cannot be handled.
    pub fn new(is_kept: bool) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _entered = runtime.enter();
            Signals::new()?
        };
        orphans::adopt();
        let directory = Directory::new()?;
        let guarded = (!is_kept).then(|| directory.path().to_owned());
        let guard = Guard::start(guarded).ok();
        Ok(Self {
            runtime,
            signals,
            directory: Some(directory),
            is_kept,
            guard,
            left: Vec::new(),
        })
    }

    /// Describes this host, for a template in the folder `template`.
    ///
    /// # Errors
    ///
    /// Fails if a path is not UTF-8, or the folder does not exist.
    pub fn host(&self, template: &Path, rules: Vec<PathMappingRule>) -> io::Result<Host> {
        match &self.directory {
            Some(directory) => directory.host(template, rules),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Runs a Session to its end. Passes every effect to `observer`.
    ///
    /// # Errors
    ///
    /// Returns the first error of the observer.
    pub fn run(&mut self, session: &mut Session, observer: &mut dyn Observer) -> io::Result<()> {
        let Some(directory) = &self.directory else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let guard = &mut self.guard;
        let run = Driver::run(session, &mut self.signals, directory, guard, None, observer);
        let (left, observed) = self.runtime.block_on(run);
        self.left = left;
        observed
    }

    /// Kills the processes that are left, and removes the working directory, unless it is to be kept.
    pub fn close(mut self) -> Cleanup {
        self.clean_up(self.is_kept)
    }

    fn clean_up(&mut self, is_kept: bool) -> Cleanup {
        let mut cleanup = Cleanup::default();
        let Some(directory) = self.directory.take() else {
            return cleanup;
        };
        let spared = self.guard.as_ref().map(Guard::pid);
        let (processes, have_ended) = group::end_all(&self.left, spared);
        let names = processes
            .into_iter()
            .map(|process| (process.name, process.pid.as_raw()));
        match have_ended {
            true => cleanup.killed = names.collect(),
            false => cleanup.alive = names.collect(),
        }
        if is_kept {
            cleanup.kept = Some(directory.keep()).filter(|path| path.exists());
        } else {
            let path = directory.path().to_owned();
            if let Err(error) = directory.remove() {
                cleanup.kept = Some(path);
                cleanup.error = Some(error);
            }
        }
        self.guard = None;
        cleanup
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.clean_up(false);
    }
}
