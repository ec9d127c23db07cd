//! Opens files to write that may be named pipes.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file to write. Waits a moment for the reader of a named pipe, and not for as long as there is none.
///
/// # Errors
///
/// Fails if the file cannot be opened, or is a named pipe without a reader.
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if path
            .metadata()
            .is_ok_and(|known| known.file_type().is_fifo())
        {
            return open_pipe(path, options);
        }
    }
    options.open(path)
}

#[cfg(unix)]
fn open_pipe(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    use std::os::unix::fs::OpenOptionsExt;
    use std::time::{Duration, Instant};

    /// Time for a reader that is started together with this program.
    const MOMENT: Duration = Duration::from_secs(1);
    const POLL: Duration = Duration::from_millis(10);

    let begin = Instant::now();
    options.custom_flags(OFlag::O_NONBLOCK.bits());
    loop {
        match options.open(path) {
            Ok(file) => {
                let flags = OFlag::from_bits_retain(fcntl(&file, FcntlArg::F_GETFL)?);
                fcntl(&file, FcntlArg::F_SETFL(flags - OFlag::O_NONBLOCK))?;
                return Ok(file);
            }
            Err(error) if error.raw_os_error() != Some(Errno::ENXIO as i32) => return Err(error),
            Err(_) if begin.elapsed() > MOMENT => {
                let text =
                    "it is a named pipe that nobody reads; start its reader first, or name a file";
                return Err(io::Error::other(text));
            }
            Err(_) => std::thread::sleep(POLL),
        }
    }
}
