"use strict";

const { execFile } = require("node:child_process");
const { promisify } = require("node:util");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const NAME = "openjd-monitor";
const INSTALLATION = "https://github.com/openjd-monitor/openjd-monitor#install";
const SCHEMES = ["file", "untitled"];

/** The files that the server is asked about; those that are no templates it leaves alone. */
const DOCUMENTS = [
  ...SCHEMES.map((scheme) => ({ scheme, language: "yaml" })),
  ...SCHEMES.map((scheme) => ({ scheme, language: "json" })),
  { scheme: "file", pattern: "**/openjd-monitor.toml" },
];

/** The running client, if there is one. */
let client;

/** The last start or stop; the next waits for it. */
let turn = Promise.resolve();

/** Has `work` done after all that was asked before. */
function inTurn(work) {
  turn = turn.then(work);
  return turn;
}

async function start() {
  const command = vscode.workspace.getConfiguration(NAME).get("path");
  try {
    await promisify(execFile)(command, ["--version"]);
  } catch (error) {
    // Nobody waits for what the user answers.
    explain(command, error);
    return;
  }
  client = new LanguageClient(NAME, NAME, { command, args: ["lsp"] }, { documentSelector: DOCUMENTS });
  try {
    await client.start();
  } catch {
    // The client has shown the reason.
    client = undefined;
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

/** Says why the program does not run, and what to do. */
async function explain(command, error) {
  const reason =
    error.code === "ENOENT"
      ? `openjd-monitor is not installed, or "${command}" is not where it is.`
      : `"${command}" cannot be run: ${error.message}`;
  const answer = await vscode.window.showErrorMessage(reason, "How to Install", "Open Settings");
  if (answer === "How to Install") {
    await vscode.env.openExternal(vscode.Uri.parse(INSTALLATION));
  } else if (answer === "Open Settings") {
    await vscode.commands.executeCommand("workbench.action.openSettings", `${NAME}.path`);
  }
}

function restart() {
  return inTurn(async () => {
    await stop();
    await start();
  });
}

function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand(`${NAME}.restart`, restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${NAME}.path`)) {
        return restart();
      }
    }),
  );
  return inTurn(start);
}

function deactivate() {
  return inTurn(stop);
}

module.exports = { activate, deactivate };
