//! A client of the built program.

use lsp_server::{Message, Notification, Request, Response};
use serde_json::{Value, json};
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use std::{fs, thread};

/// Longest wait for a message.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server, with the folder that it works in.
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Message>,
    folder: tempfile::TempDir,
    requests: i32,
    /// Notifications and requests of the server that nobody has waited for.
    seen: Vec<(String, Value)>,
    /// Answer to `initialize`.
    pub offers: Value,
}

/// Capabilities of a client that can do everything but ask for diagnostics.
pub fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-8", "utf-16"]},
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true,
                "tagSupport": {"valueSet": [1, 2]},
            },
            "codeAction": {"resolveSupport": {"properties": ["edit"]}, "dataSupport": true},
        },
        "workspace": {
            "workspaceEdit": {"documentChanges": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
    })
}

impl Client {
    /// Starts the server and the conversation, in an empty folder.
    pub fn new(capabilities: Value) -> Self {
        let mut client = Self::not_initialized();
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities});
        client.offers = client.request("initialize", params);
        client.notify("initialized", json!({}));
        client
    }

    /// Starts the server only.
    pub fn not_initialized() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // A template outside of a repository has no configuration above this one.
        fs::create_dir(folder.path().join(".git")).expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_openjd-monitor"))
            .arg("lsp")
            .env_clear()
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = mpsc::channel();
        thread::spawn(move || {
            while let Some(message) = Message::read(&mut stdout).expect("a message") {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self {
            stdin: child.stdin.take(),
            child,
            messages,
            folder,
            requests: 0,
            seen: Vec::new(),
            offers: Value::Null,
        }
    }

    /// The path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn uri(&self, name: &str) -> String {
        format!("file://{}", self.path(name).display())
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("a file");
        path
    }

    pub fn send(&mut self, message: impl Into<Message>) {
        let stdin = self.stdin.as_mut().expect("the pipe is open");
        message.into().write(stdin).expect("the server reads");
    }

    /// Sends bytes that may be no message.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        use std::io::Write;
        let stdin = self.stdin.as_mut().expect("the pipe is open");
        stdin.write_all(bytes).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    /// Sends a request without waiting for the answer; returns its id.
    pub fn ask(&mut self, method: &str, params: Value) -> i32 {
        self.requests += 1;
        let id = self.requests;
        self.send(Request::new(id.into(), method.to_owned(), params));
        id
    }

    /// Waits for the response to a request.
    pub fn response(&mut self, id: i32) -> Response {
        loop {
            match self.message() {
                Message::Response(response) if response.id == id.into() => return response,
                Message::Response(other) => panic!("a response to {}", other.id),
                other => self.keep(other),
            }
        }
    }

    /// The result of a request.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.response(id).response_result.expect("a result")
    }

    /// The code of the error that a request is answered with.
    pub fn refusal(&mut self, method: &str, params: Value) -> i32 {
        let id = self.ask(method, params);
        self.response(id)
            .response_result
            .expect_err("an error")
            .code
    }

    fn message(&self) -> Message {
        self.messages.recv_timeout(PATIENCE).expect("a message")
    }

    fn keep(&mut self, message: Message) {
        match message {
            Message::Notification(Notification { method, params }) => {
                self.seen.push((method, params));
            }
            Message::Request(request) => {
                let response = Response::new_ok(request.id.clone(), Value::Null);
                self.seen.push((request.method, request.params));
                self.send(response);
            }
            Message::Response(response) => panic!("a response to {}", response.id),
        }
    }

    /// Waits for a notification or request of the server that `is_meant`, and drops all before it.
    pub fn wait(&mut self, method: &str, is_meant: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut seen = std::mem::take(&mut self.seen).into_iter();
            let found = seen.find(|(own, params)| own == method && is_meant(params));
            self.seen = seen.collect();
            match found {
                Some((_, params)) => return params,
                None => {
                    let next = self.message();
                    self.keep(next);
                }
            }
        }
    }

    /// True if the server has sent this notification or request, and nobody has waited for it.
    pub fn was_sent(&self, method: &str) -> bool {
        self.seen.iter().any(|(own, _)| own == method)
    }

    pub fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        self.open_uri(&uri, text);
    }

    pub fn open_uri(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, name: &str, version: i32, changes: Value) {
        let document = json!({"uri": self.uri(name), "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    /// The diagnostics that are published for a version of a document.
    pub fn diagnostics(&mut self, name: &str, version: i32) -> Vec<Value> {
        let uri = self.uri(name);
        let is_meant =
            |params: &Value| params["uri"] == uri.as_str() && params["version"] == version;
        let params = self.wait("textDocument/publishDiagnostics", is_meant);
        params["diagnostics"].as_array().expect("a list").clone()
    }

    /// The code actions at the position of the first `mark` in `text`.
    pub fn actions(
        &mut self,
        name: &str,
        text: &str,
        mark: &str,
        only: Option<&str>,
    ) -> Vec<Value> {
        let at = position(text, mark);
        let context = match only {
            Some(only) => json!({"diagnostics": [], "only": [only]}),
            None => json!({"diagnostics": []}),
        };
        let params = json!({
            "textDocument": {"uri": self.uri(name)},
            "range": {"start": at, "end": at},
            "context": context,
        });
        let actions = self.request("textDocument/codeAction", params);
        actions.as_array().expect("a list").clone()
    }

    /// Ends the conversation as the protocol has it; returns the exit status.
    pub fn shut_down(mut self) -> i32 {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.status()
    }

    /// Closes the server's input; returns its exit status.
    pub fn status(mut self) -> i32 {
        self.stdin = None;
        self.child
            .wait()
            .expect("the program ends")
            .code()
            .expect("no signal")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The position of the first `mark` in `text`, in UTF-8.
pub fn position(text: &str, mark: &str) -> Value {
    let at = text.find(mark).unwrap_or_else(|| panic!("no {mark:?}"));
    position_at(text, at)
}

/// The position of a byte, in UTF-8.
pub fn position_at(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": line, "character": at - start})
}

/// The byte at a position, in UTF-8.
fn offset(text: &str, position: &Value) -> usize {
    let number = |key: &str| position[key].as_u64().expect("a number") as usize;
    let lines = text.split_inclusive('\n').take(number("line"));
    lines.map(str::len).sum::<usize>() + number("character")
}

/// The text with the edits of a code action or of another workspace edit, all of one document.
pub fn edited(text: &str, edit: &Value) -> String {
    let edits = &edit["documentChanges"][0]["edits"];
    let mut edits = edits.as_array().expect("edits").clone();
    edits.sort_by_key(|edit| offset(text, &edit["range"]["start"]));
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        let range = &edit["range"];
        let span = offset(&text, &range["start"])..offset(&text, &range["end"]);
        text.replace_range(span, edit["newText"].as_str().expect("a text"));
    }
    text
}

/// A short form of diagnostics: rule and range.
pub fn short(diagnostics: &[Value]) -> Vec<String> {
    let short = |diagnostic: &Value| {
        let range = &diagnostic["range"];
        let place = |key: &str| format!("{}:{}", range[key]["line"], range[key]["character"]);
        let rule = diagnostic["code"].as_str().unwrap_or_default();
        format!("{rule} {}-{}", place("start"), place("end"))
    };
    diagnostics.iter().map(short).collect()
}
