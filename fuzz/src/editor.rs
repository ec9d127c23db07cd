//! An editor: a conversation with the language server within the process of the fuzzer, and its own idea of positions.

use lsp_server::{Message, Notification, Request};
use openjd_monitor::lsp::{self, Ended};
use serde_json::{Value, json};
use std::io::{self, BufReader, PipeReader, PipeWriter};
use std::ops::Range;
use std::thread::{self, JoinHandle};

/// Code of the answer to a request that is sound, but cannot be granted.
const REQUEST_FAILED: i32 = -32803;

/// A client of a server in a thread.
pub struct Editor {
    server: JoinHandle<io::Result<Ended>>,
    to_server: PipeWriter,
    from_server: BufReader<PipeReader>,
    requests: i32,
}

impl Editor {
    /// Starts a server, and the conversation.
    pub fn new(capabilities: &Value) -> Self {
        let (input, to_server) = io::pipe().expect("a pipe");
        let (from_server, mut output) = io::pipe().expect("a pipe");
        let server = thread::spawn(move || lsp::serve(BufReader::new(input), &mut output));
        let mut editor = Self {
            server,
            to_server,
            from_server: BufReader::new(from_server),
            requests: 0,
        };
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities});
        editor.ask("initialize", params).expect("an answer");
        editor.tell("initialized", json!({}));
        editor
    }

    /// Sends a notification.
    pub fn tell(&mut self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        self.send(notification.into());
    }

    /// Sends a request, and returns the result; `None` if it is not granted.
    pub fn ask(&mut self, method: &str, params: Value) -> Option<Value> {
        self.requests += 1;
        self.send(Request::new(self.requests.into(), method.to_owned(), params).into());
        loop {
            let message = Message::read(&mut self.from_server).expect("a message");
            match message.expect("an answer") {
                Message::Response(response) => {
                    assert_eq!(response.id, self.requests.into());
                    let result = response.response_result;
                    let code = result.as_ref().err().map(|error| error.code);
                    assert!(
                        matches!(code, None | Some(REQUEST_FAILED)),
                        "{method}: {result:?}"
                    );
                    return result.ok();
                }
                // The server logs nothing but its own mistakes and those of the client.
                Message::Notification(own) => {
                    assert_ne!(own.method, "window/logMessage", "{own:?}")
                }
                Message::Request(request) => panic!("{request:?}"),
            }
        }
    }

    /// Ends the conversation as the protocol has it.
    pub fn shut_down(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let ended = self.server.join().expect("no panic");
        assert_eq!(ended.expect("pipes"), Ended::AsAsked);
    }

    fn send(&mut self, message: Message) {
        message.write(&mut self.to_server).expect("a pipe");
    }
}

/// Unit of columns.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    Utf8,
    Utf16,
    Utf32,
}

impl Unit {
    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    fn width(self, character: char) -> usize {
        match self {
            Self::Utf8 => character.len_utf8(),
            Self::Utf16 => character.len_utf16(),
            Self::Utf32 => 1,
        }
    }

    /// Returns the position of the byte `at`.
    pub fn position(self, text: &str, at: usize) -> Value {
        let lines = lines(text);
        let line = lines.partition_point(|line| line.start <= at) - 1;
        let before = &text[lines[line].start..at.min(lines[line].end)];
        let column: usize = before.chars().map(|c| self.width(c)).sum();
        json!({"line": line, "character": column})
    }

    /// Returns the byte of a position, which may be past the end of its line or of the text, or inside a character.
    pub fn offset(self, text: &str, position: &Value) -> usize {
        let number = |key: &str| position[key].as_u64().expect("a number") as usize;
        let lines = lines(text);
        let Some(line) = lines.get(number("line")) else {
            return text.len();
        };
        let mut left = number("character");
        let mut at = line.start;
        for character in text[line.clone()].chars() {
            if left < self.width(character) {
                break;
            }
            left -= self.width(character);
            at += character.len_utf8();
        }
        at
    }

    /// Returns the bytes of a range, which may be the wrong way round.
    pub fn span(self, text: &str, range: &Value) -> Range<usize> {
        let [start, end] = ["start", "end"].map(|key| self.offset(text, &range[key]));
        start.min(end)..start.max(end)
    }
}

/// Returns the bytes of each line without its end, as the protocol divides a text.
fn lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let length = match (bytes[at], bytes.get(at + 1)) {
            (b'\r', Some(b'\n')) => 2,
            (b'\r' | b'\n', _) => 1,
            _ => 0,
        };
        if length > 0 {
            lines.push(start..at);
            start = at + length;
        }
        at += length.max(1);
    }
    lines.push(start..text.len());
    lines
}
