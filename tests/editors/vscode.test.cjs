// Runs the extension for VS Code with stand-ins for `vscode` and `vscode-languageclient`, which record what it does.
"use strict";

const assert = require("node:assert");
const Module = require("node:module");
const path = require("node:path");
const { beforeEach, test } = require("node:test");

const folder = path.join(__dirname, "../../editors/vscode");
const manifest = require(path.join(folder, "package.json"));
const settings = manifest.contributes.configuration.properties;

/** What happened, in order. */
let events;
/** The values of settings that are not the default. */
let changed;
/** What the user answers to a message. */
let answer;
const read = new Set();
const commands = new Map();
let onConfiguration;

const stands = {
  vscode: {
    workspace: {
      getConfiguration: (section) => ({
        get(name) {
          read.add(`${section}.${name}`);
          return changed[`${section}.${name}`] ?? settings[`${section}.${name}`]?.default;
        },
      }),
      onDidChangeConfiguration(listener) {
        onConfiguration = listener;
        return { dispose() {} };
      },
    },
    window: {
      async showErrorMessage(text, ...choices) {
        events.push(["message", text]);
        assert.ok(answer === undefined || choices.includes(answer));
        return answer;
      },
    },
    env: { openExternal: async (uri) => events.push(["open", uri]) },
    Uri: { parse: (text) => text },
    commands: {
      registerCommand(id, handler) {
        commands.set(id, handler);
        return { dispose() {} };
      },
      executeCommand: async (...call) => events.push(["command", ...call]),
    },
  },
  "vscode-languageclient/node": {
    LanguageClient: class {
      constructor(id, name, server, options) {
        Object.assign(this, { id, name, server, options });
      }
      async start() {
        events.push(["start", this]);
        // One that dies at once.
        if (changed.broken) throw new Error("it died");
      }
      async stop() {
        events.push(["stop"]);
      }
    },
  },
};

const load = Module._load;
Module._load = (name, ...rest) => stands[name] ?? load(name, ...rest);
const extension = require(path.join(folder, manifest.main));

const names = () => events.map(([name]) => name);
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

beforeEach(async () => {
  events = [];
  changed = { "openjd-monitor.path": process.execPath };
  answer = undefined;
  await extension.deactivate();
  events = [];
});

test("it starts the server for templates and the configuration", async () => {
  await extension.activate({ subscriptions: [] });
  assert.deepEqual(names(), ["start"]);
  const { id, server, options } = events[0][1];
  assert.deepEqual(server, { command: process.execPath, args: ["lsp"] });
  const patterns = options.documentSelector.map(
    ({ scheme, language, pattern }) => `${scheme} ${language ?? pattern}`,
  );
  assert.deepEqual(patterns, [
    "file yaml",
    "untitled yaml",
    "file json",
    "untitled json",
    "file **/openjd-monitor.toml",
  ]);
  // The client reads the setting of its trace by its own id.
  read.add(`${id}.trace.server`);
});

test("it ends the server", async () => {
  await extension.activate({ subscriptions: [] });
  await extension.deactivate();
  assert.deepEqual(names(), ["start", "stop"]);
  await extension.deactivate();
  assert.deepEqual(names(), ["start", "stop"]);
});

test("it says how to install what is missing", async () => {
  changed["openjd-monitor.path"] = "/nowhere/openjd-monitor";
  answer = "How to Install";
  await extension.activate({ subscriptions: [] });
  await settled();
  assert.deepEqual(names(), ["message", "open"]);
  assert.match(events[0][1], /not installed, or "\/nowhere\/openjd-monitor" is not where it is/);
  assert.equal(events[1][1], `${manifest.repository.url}#install`);
  answer = "Open Settings";
  await commands.get("openjd-monitor.restart")();
  await settled();
  assert.deepEqual(events.at(-1), ["command", "workbench.action.openSettings", "openjd-monitor.path"]);
});

test("it says why a program does not run", async () => {
  changed["openjd-monitor.path"] = __filename;
  await extension.activate({ subscriptions: [] });
  assert.deepEqual(names(), ["message"]);
  assert.match(events[0][1], /cannot be run: .*EACCES/);
});

test("it survives a server that does not start", async () => {
  changed.broken = true;
  await extension.activate({ subscriptions: [] });
  delete changed.broken;
  await commands.get("openjd-monitor.restart")();
  assert.deepEqual(names(), ["start", "start"]);
});

test("it starts anew when it is asked to, or another program is set", async () => {
  await extension.activate({ subscriptions: [] });
  await Promise.all([1, 2].map(() => commands.get("openjd-monitor.restart")()));
  assert.deepEqual(names(), ["start", "stop", "start", "stop", "start"]);
  await onConfiguration({ affectsConfiguration: (name) => name === "openjd-monitor.path" });
  assert.deepEqual(names().slice(5), ["stop", "start"]);
  await onConfiguration({ affectsConfiguration: () => false });
  assert.equal(events.length, 7);
});

test("the manifest has what the extension uses, and nothing else", () => {
  assert.deepEqual(Object.keys(settings).sort(), [...read].sort());
  const declared = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(declared, [...commands.keys()]);
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ["openjd-monitor.path"]);
});
