//! Output of an action on its way to the runtime, with lines of this program in between.

use openjd_monitor_core::session::{MAX_LINE, Redactions};

/// Queue of bytes. It has whole lines, unless a line is too long to wait for its end. A carriage return ends a line as
/// well, as it does for the official runtime in Python: a progress bar is passed on as it grows.
#[derive(Debug, Default)]
pub(super) struct Passage {
    queue: Vec<u8>,
    /// Start of a line that has no end yet.
    held: Vec<u8>,
    redactions: Redactions,
    /// Last byte that was queued.
    last: Option<u8>,
}

impl Passage {
    /// Hides these secrets in the output of the action from now on.
    pub fn redact(&mut self, redactions: Redactions) {
        self.redactions = redactions;
    }

    /// Appends output of the action.
    pub fn push(&mut self, bytes: &[u8]) {
        // A carriage return at the end may be half of a line end.
        let end = |(at, byte): (usize, &u8)| match byte {
            b'\n' => true,
            b'\r' => at + 1 < bytes.len(),
            _ => false,
        };
        let whole = bytes.iter().enumerate().rposition(end);
        let (whole, start) = bytes.split_at(whole.map_or(0, |end| end + 1));
        if !whole.is_empty() {
            self.held.extend_from_slice(whole);
            self.release();
        }
        self.held.extend_from_slice(start);
        if self.held.len() > MAX_LINE {
            self.release();
        }
    }

    /// Returns true if the last line that was queued has no end yet.
    pub fn is_mid_line(&self) -> bool {
        !matches!(self.last, None | Some(b'\n' | b'\r'))
    }

    /// Appends a line of this program; ends a line that is queued in part before it, with what is held of that.
    pub fn say(&mut self, line: &str) {
        if self.is_mid_line() {
            self.release();
        }
        if !matches!(self.last, None | Some(b'\n')) {
            self.queue(b"\n");
        }
        self.queue(line.as_bytes());
        self.queue(b"\n");
    }

    /// Queues the line that has no end yet.
    pub fn release(&mut self) {
        let held = std::mem::take(&mut self.held);
        let redactions = std::mem::take(&mut self.redactions);
        self.queue(&redactions.apply_to_output(&held));
        self.redactions = redactions;
    }

    /// Returns the number of bytes in the queue.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Takes what is in the queue.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.queue)
    }

    fn queue(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last() {
            self.last = Some(*last);
            self.queue.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(passage: &mut Passage) -> String {
        String::from_utf8(passage.take()).expect("UTF-8")
    }

    #[test]
    fn a_line_of_this_program_splits_no_line_of_the_action() {
        let mut passage = Passage::default();
        passage.push(b"one\ntw");
        passage.say("check");
        passage.push(b"o");
        passage.say("check");
        passage.push(b"\nthree");
        assert_eq!(text(&mut passage), "one\ncheck\ncheck\ntwo\n");
        passage.release();
        assert_eq!(text(&mut passage), "three");
        passage.say("check");
        assert_eq!(text(&mut passage), "\ncheck\n");
    }

    #[test]
    fn a_line_that_is_too_long_does_not_wait_for_its_end() {
        let mut passage = Passage::default();
        let long = "x".repeat(MAX_LINE);
        passage.push(long.as_bytes());
        assert_eq!(passage.len(), 0);
        passage.push(b"x");
        assert_eq!(text(&mut passage), format!("{long}x"));
        passage.push(b"x\n");
        passage.say("check");
        assert_eq!(text(&mut passage), "x\ncheck\n");
        passage.push(long.as_bytes());
        passage.push(b"x");
        passage.push(b"y");
        passage.say("check");
        assert_eq!(text(&mut passage), format!("{long}xy\ncheck\n"));
    }
}
