"""The language server, driven by pytest-lsp: a client that is not the project's own."""

import asyncio
import os
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

SERVER = os.environ["OPENJD_MONITOR"]

TEMPLATE = """\
specificationVersion: environment-2023-09
extensions: [EXPR, MONITOR, WRAP_ACTIONS]
parameterDefinitions:
- { name: Image, type: STRING, default: busybox }
environment:
  name: Docker
  variables: { IMAGE: "{{Param.Image}}" }
  script:
    actions:
      onEnter: { command: start, args: ["{{Param.Image}}"] }
      onWrapEnvEnter: { command: "{{WrappedAction.Command}}" }
      onWrapTaskRun: { command: "{{WrappedAction.Command}}" }
      onWrapEnvExit: { command: "{{WrappedAction.Command}}" }
      onMonitor:
        command: { command: check }
        period: 3
        failureTreshold: 2
        onFailure: terminate
"""


@pytest_lsp.fixture(
    params=["neovim", "visual_studio_code"],
    config=ClientServerConfig(server_command=[SERVER, "lsp"]),
)
async def client(request, lsp_client: LanguageClient, tmp_path):
    """A client with the capabilities of an editor."""

    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params):
        lsp_client.registered = params.registrations

    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=client_capabilities(request.param),
            root_uri=tmp_path.as_uri(),
        )
    )
    lsp_client.folder = tmp_path
    yield
    await lsp_client.shutdown_session()


def open_document(client, text=TEMPLATE, name="a.yaml"):
    path = client.folder / name
    path.write_text(text)
    document = types.TextDocumentItem(path.as_uri(), "yaml", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    return document.uri


def change(client, uri, version, text):
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version, uri),
            [types.TextDocumentContentChangeWholeDocument(text)],
        )
    )


def place(uri, mark, text=TEMPLATE, shift=0):
    """The position of `mark`, as keyword arguments."""
    before = text[: text.index(mark) + shift]
    line = before.count("\n")
    column = len(before) - (before.rfind("\n") + 1)
    return {
        "text_document": types.TextDocumentIdentifier(uri),
        "position": types.Position(line, column),
    }


async def diagnostics(client, uri):
    """The diagnostics, as a client of these capabilities gets them."""
    offered = client.capabilities.text_document
    if offered.diagnostic is not None:
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        return (await client.text_document_diagnostic_async(params)).items
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return client.diagnostics[uri]


def applied(text, edit):
    """The text with a workspace edit of one document."""
    changes = edit.document_changes[0].edits if edit.document_changes else next(iter(edit.changes.values()))
    lines = text.splitlines(keepends=True)

    def offset(position):
        return sum(map(len, lines[: position.line])) + position.character

    for own in sorted(changes, key=lambda own: offset(own.range.start), reverse=True):
        text = text[: offset(own.range.start)] + own.new_text + text[offset(own.range.end) :]
    return text


async def actions_at(client, uri, mark, text=TEMPLATE, only=None):
    start = place(uri, mark, text)["position"]
    context = types.CodeActionContext(diagnostics=[], only=only)
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(start, start), context)
    return await client.text_document_code_action_async(params)


async def resolved(client, action):
    """The action with its edit."""
    return action if action.edit else await client.code_action_resolve_async(action)


async def test_findings_have_a_rule_and_its_page(client):
    uri = open_document(client)
    found = await diagnostics(client, uri)
    assert {"period-below-floor", "unknown-field"} <= {own.code for own in found}
    first = next(own for own in found if own.code == "unknown-field")
    assert first.code_description.href.endswith("/docs/rules/unknown-field.md")
    assert first.severity == types.DiagnosticSeverity.Error


async def test_a_fix_is_applied(client):
    uri = open_document(client)
    await diagnostics(client, uri)
    actions = await actions_at(client, uri, "failureTreshold")
    fix = next(own for own in actions if own.is_preferred)
    text = applied(TEMPLATE, fix.edit)
    assert "failureThreshold: 2" in text
    change(client, uri, 2, text)
    assert "unknown-field" not in {own.code for own in await diagnostics(client, uri)}


async def test_all_fixes_are_applied_on_save(client):
    uri = open_document(client)
    (action,) = await actions_at(client, uri, "specification", only=[types.CodeActionKind.SourceFixAll])
    action = await resolved(client, action)
    assert "failureThreshold: 2" in applied(TEMPLATE, action.edit)


async def test_all_fixes_of_a_rule_are_applied(client):
    text = TEMPLATE.replace("  name: Docker", "  nmae: Docker")
    uri = open_document(client, text)
    actions = await actions_at(client, uri, "failureTreshold", text)
    action = next(own for own in actions if own.title == "Fix all 2 of `unknown-field` in this file")
    action = await resolved(client, action)
    assert applied(text, action.edit) == TEMPLATE.replace("Treshold", "Threshold")


async def test_a_finding_is_ignored(client):
    text = TEMPLATE.replace("  script:\n", "  script:\n    let: [\"port = 4\"]\n")
    uri = open_document(client, text)
    assert "unused-let" in {own.code for own in await diagnostics(client, uri)}
    actions = await actions_at(client, uri, "port =", text)
    action = next(own for own in actions if own.title == "Ignore `unused-let` here, with a comment")
    change(client, uri, 2, applied(text, action.edit))
    found = {own.code for own in await diagnostics(client, uri)}
    assert "unknown-field" in found and "unused-let" not in found
    # The rule in the comment leads to its page.
    identifier = types.TextDocumentIdentifier(uri)
    (link,) = await client.text_document_document_link_async(types.DocumentLinkParams(identifier))
    assert link.target.endswith("/docs/rules/unused-let.md")


async def test_a_hover_explains(client):
    uri = open_document(client)
    hover = await client.text_document_hover_async(types.HoverParams(**place(uri, "period", shift=2)))
    assert hover.contents.value.startswith("**`period`**")
    hover = await client.text_document_hover_async(types.HoverParams(**place(uri, "Param.Image", shift=8)))
    assert "job parameter of type STRING" in hover.contents.value


@pytest.mark.parametrize(
    "mark, expected",
    [
        ("onWrapTaskRun", "Monitored in `onWrapTaskRun`: the first check after 30 s, then every 30 s."),
        ("len(", "len(string) -> int"),
        ("port +", "**`port`**: `int`"),
        ("unused-let", "**`unused-let`**: "),
    ],
)
async def test_a_hover_explains_what_stands_there(client, mark, expected):
    text = TEMPLATE.replace("period: 3", "period: 30").replace("Treshold", "Threshold")
    text = text.replace("  script:\n", "  script:\n    let: [\"port = 4\"]\n")
    new = '["{{port + len(Param.Image)}}"] } # openjd-monitor: ignore[unused-let]'
    text = text.replace('["{{Param.Image}}"] }', new)
    uri = open_document(client, text)
    hover = await client.text_document_hover_async(types.HoverParams(**place(uri, mark, text, shift=1)))
    assert expected in hover.contents.value


async def test_what_is_in_scope_is_completed(client):
    text = TEMPLATE.replace("{ command: start, args: [\"{{Param.Image}}\"] }", "{ command: \"{{")
    uri = open_document(client, text)
    at = place(uri, 'command: "{{\n', text, shift=12)
    found = await client.text_document_completion_async(types.CompletionParams(**at))
    labels = [own.label for own in found]
    assert "Param.Image" in labels and "Session.WorkingDirectory" in labels
    assert "WrappedAction.Command" not in labels


@pytest.mark.parametrize(
    "written, typed, expected",
    [
        ("        period: 3\n", "        per|\n", "period"),
        ("onFailure: terminate", "onFailure: |", "terminate"),
        ("MONITOR, WRAP", "MONITOR, |, WRAP", "FEATURE_BUNDLE_1"),
        ("onFailure: terminate", "scope: [|]", "onWrapTaskRun"),
        ("period: 3", "period: 3 # openjd-monitor: ignore[|", "unused-parameter"),
    ],
)
async def test_what_can_stand_there_is_completed(client, written, typed, expected):
    text = TEMPLATE.replace(written, typed.replace("|", "@@"))
    text, place_of_cursor = text.replace("@@", ""), text.index("@@")
    uri = open_document(client, text)
    before = text[:place_of_cursor].split("\n")
    at = types.Position(len(before) - 1, len(before[-1]))
    params = types.CompletionParams(types.TextDocumentIdentifier(uri), at)
    found = await client.text_document_completion_async(params)
    assert expected in [own.label for own in found]


@pytest.mark.parametrize(
    "mark, new, count",
    [("STEP: ", "OTHER", 2), ("Enter, type", "Begin", 2), ("port = ", "number", 2), ("Render, script", "Paint", 2)],
)
async def test_every_kind_of_name_is_renamed(client, mark, new, count):
    text = """\
specificationVersion: jobtemplate-2023-09
extensions: [EXPR]
name: Job
jobEnvironments:
- name: Service
  variables: { STEP: "1" }
  script:
    let: ["port = 4"]
    embeddedFiles: [{ name: Enter, type: TEXT, data: "echo $STEP {{port}}" }]
    actions: { onEnter: { command: "{{Env.File.Enter}}" } }
steps:
- { name: Render, script: { actions: { onRun: { command: render } } } }
- { name: Encode, dependencies: [{ dependsOn: Render }], script: { actions: { onRun: { command: encode } } } }
"""
    uri = open_document(client, text)
    at = place(uri, mark, text, shift=1)
    old = mark.split(",")[0].split()[0].rstrip(":")
    prepared = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**at))
    own = getattr(prepared, "range", prepared)
    assert own.end.character - own.start.character == len(old)
    places = await client.text_document_document_highlight_async(types.DocumentHighlightParams(**at))
    assert len(places) == count
    edit = await client.text_document_rename_async(types.RenameParams(new_name=new, **at))
    changed = applied(text, edit)
    assert changed.count(new) == count and len(changed) == len(text) + count * (len(new) - len(old))


async def test_a_parameter_is_found_and_renamed(client):
    uri = open_document(client)
    at = place(uri, "Param.Image", shift=8)
    (definition,) = await client.text_document_definition_async(types.DefinitionParams(**at))
    assert definition.range.start.line == 3
    references = await client.text_document_references_async(
        types.ReferenceParams(context=types.ReferenceContext(include_declaration=True), **at)
    )
    assert len(references) == 3
    edit = await client.text_document_rename_async(types.RenameParams(new_name="Container", **at))
    text = applied(TEMPLATE, edit)
    assert text == TEMPLATE.replace("Image,", "Container,").replace("Param.Image", "Param.Container")


async def test_the_parts_are_listed(client):
    uri = open_document(client)
    identifier = types.TextDocumentIdentifier(uri)
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(identifier))
    assert [own.name for own in symbols] == ["Image", "Docker"]
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(identifier))
    assert any(own.start_line == 4 for own in folds)
    text = TEMPLATE.replace("period: 3", "period: 30").replace("failureTreshold: 2\n", "initialDelay: 10\n")
    change(client, uri, 2, text)
    everything = types.Range(types.Position(0, 0), types.Position(99, 0))
    hints = await client.text_document_inlay_hint_async(types.InlayHintParams(identifier, everything))
    assert "failureThreshold: 1" in [own.label for own in hints]


async def test_the_configuration_is_watched(client):
    uri = open_document(client)
    await diagnostics(client, uri)
    file = Path(client.folder) / "openjd-monitor.toml"
    file.write_text('[rules]\nunknown-field = "off"\n')
    client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams([types.FileEvent(file.as_uri(), types.FileChangeType.Created)])
    )
    found = await asyncio.wait_for(diagnostics(client, uri), 30)
    assert "unknown-field" not in {own.code for own in found}


async def test_other_documents_are_left_alone(client):
    uri = open_document(client, "on: [push]\njobs: {}\n", "workflow.yaml")
    assert list(await diagnostics(client, uri)) == []
