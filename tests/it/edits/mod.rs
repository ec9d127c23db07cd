//! Tests that an edit changes only what it is meant to, in every style of document.

mod property;
mod writer;

use openjd_monitor_core::template::{Change, Document, Edit, Form, Loaded, Path, Syntax, load};
use serde_json::json;

fn document(text: &str, syntax: Syntax) -> Option<Box<Document>> {
    match load(text.as_bytes(), syntax, u64::MAX) {
        Loaded::Document(document) => Some(document),
        _ => None,
    }
}

/// `text` with `change` applied, or `None` if it cannot be.
fn changed(text: &str, syntax: Syntax, change: &Change) -> Option<String> {
    let edits = document(text, syntax)?.edits(change)?;
    Some(Edit::apply(&edits.list, text))
}

fn path(pointer: &str, text: &str, syntax: Syntax) -> Path {
    let document = document(text, syntax).expect("a document");
    Path::from_pointer(pointer, document.value())
}

/// Asserts that the change at `pointer` turns `before` into `after`.
fn assert_changed(before: &str, change: impl Fn(Path) -> Change, pointer: &str, after: &str) {
    let syntax = match before.starts_with("{\"") {
        true => Syntax::Json,
        false => Syntax::Yaml,
    };
    let change = change(path(pointer, before, syntax));
    let actual = changed(before, syntax, &change);
    assert_eq!(actual.as_deref(), Some(after), "{change:?}");
}

fn assert_refused(before: &str, change: impl Fn(Path) -> Change, pointer: &str) {
    let change = change(path(pointer, before, Syntax::Yaml));
    assert_eq!(changed(before, Syntax::Yaml, &change), None, "{change:?}");
}

fn append(path: Path) -> Change {
    Change::Append(path, vec!["New".to_owned()])
}

fn remove(path: Path) -> Change {
    Change::Remove(vec![path])
}

fn rename(path: Path) -> Change {
    Change::Rename(path, "new".to_owned())
}

fn insert(after: Path) -> Change {
    let entries = vec![("new".to_owned(), json!(["A", "B"]))];
    Change::Insert { after, entries }
}

#[test]
fn an_item_is_added_in_the_style_of_the_list() {
    for (before, after) in [
        ("l: []\n", "l: [New]\n"),
        ("l: [A] # c\n", "l: [A, New] # c\n"),
        ("l: [A, 'B',]\n", "l: [A, 'B', 'New',]\n"),
        (
            "l: [\n  A, # a\n  B # b\n]\n",
            "l: [\n  A, # a\n  B, # b\n  New\n]\n",
        ),
        ("l: [\n  A,\n  B,\n]\n", "l: [\n  A,\n  B,\n  New,\n]\n"),
        (
            "l:\n  - A # a\n  # b\nm: 1\n",
            "l:\n  - A # a\n  - New\n  # b\nm: 1\n",
        ),
        ("l:\n-   \"A\"", "l:\n-   \"A\"\n-   \"New\""),
        ("a: 1\r\nl:\r\n- A\r\n", "a: 1\r\nl:\r\n- A\r\n- New\r\n"),
        ("l: # none\nm: 1\n", "l: [New] # none\nm: 1\n"),
        ("l: ~\n", "l: [New]\n"),
        ("{\"l\": null}", "{\"l\": [\"New\"]}"),
        (
            "{\"l\": [\n  \"A\"\n]}",
            "{\"l\": [\n  \"A\",\n  \"New\"\n]}",
        ),
    ] {
        assert_changed(before, append, "/l", after);
    }
    assert_refused("l:\n  - |\n    text\n", append, "/l");
    assert_refused("l: word\n", append, "/l");
}

#[test]
fn a_removed_item_takes_its_line_comma_and_comment_with_it() {
    for (pointer, before, after) in [
        ("/l/0", "l: [A, B] # c\n", "l: [B] # c\n"),
        ("/l/1", "l: [A, B] # c\n", "l: [A] # c\n"),
        ("/l/1", "l: [A, B,]\n", "l: [A,]\n"),
        ("/l/0", "m: 1\nl: [A] # c\nn: 2\n", "m: 1\nn: 2\n"),
        ("/l/1", "l: [\n  A, # a\n  B # b\n]\n", "l: [\n  A # a\n]\n"),
        ("/l/0", "l: [\n  A, # a\n  B # b\n]\n", "l: [\n  B # b\n]\n"),
        ("/l/1", "l: [A, # a\n  B]\n", "l: [A # a\n  ]\n"),
        ("/l/1", "l: [A, B, # b\n  C]\n", "l: [A, # b\n  C]\n"),
        (
            "/l/0",
            "l:\n  - A # a\n  # c\n  - B\n",
            "l:\n  # c\n  - B\n",
        ),
        ("/l/0", "m: 1\nl:\n- A\n", "m: 1\n"),
        ("/m/x", "m:\n  x: |\n    text\n\n  y: 1\n", "m:\n\n  y: 1\n"),
        ("/m/x", "m:\n  x:\n  y: 1\n", "m:\n  y: 1\n"),
        ("/m/0/x", "m:\n  - x: 1 # c\n    y: 2\n", "m:\n  - y: 2\n"),
        ("/m/0/x", "n: 1\nm:\n  - x: 1\n", "n: 1\n"),
        ("/m/x", "m: {x: 1, y: 2}\n", "m: {y: 2}\n"),
        ("/m", "\u{feff}m: 1\r\nn: 2\r\n", "\u{feff}n: 2\r\n"),
        ("/l", "{\"a\": 1,\n \"l\": [\"A\"]\n}", "{\"a\": 1\n}"),
    ] {
        assert_changed(before, remove, pointer, after);
    }
    let both = |list: Path| Change::Remove(vec![list.index(1), list.index(2)]);
    assert_changed("l: [A, B, C]\n", both, "/l", "l: [A]\n");
    assert_changed("l: [\n A,\n B,\n C\n]\n", both, "/l", "l: [\n A\n]\n");
    // The anchor is used elsewhere; the merged key would come to light; the comment would move.
    assert_refused("m: {x: &a 1, y: 2}\nn: *a\n", remove, "/m/x");
    assert_refused("m: &a {x: 1}\nn: {<<: *a, x: 2, y: 2}\n", remove, "/n/x");
    assert_refused("m:\n  - x: 1\n    # of y\n    y: 2\n", remove, "/m/0/x");
    assert_refused("a: 1\n", remove, "/a");
}

#[test]
fn a_key_keeps_its_quotes_and_its_place() {
    assert_changed("m: {old: 1}\n", rename, "/m/old", "m: {new: 1}\n");
    assert_changed("'old' : 1 # c\n", rename, "/old", "'new' : 1 # c\n");
    assert_changed("{\"old\":1}", rename, "/old", "{\"new\":1}");
    assert_refused("old: 1\nnew: 2\n", rename, "/old");
    assert_refused("m: &a {old: 1}\nn: {<<: *a, old: 2}\n", rename, "/n/old");
}

#[test]
fn an_entry_is_added_below_or_beside_another() {
    for (pointer, before, after) in [
        ("/a", "a: 1 # c\nb: 2\n", "a: 1 # c\nnew: [A, B]\nb: 2\n"),
        (
            "/l/0/a",
            "l:\n  - a: 1\n",
            "l:\n  - a: 1\n    new: [A, B]\n",
        ),
        ("/a", "{a: 1, b: 2}\n", "{a: 1, new: [A, B], b: 2}\n"),
        ("/a", "{\"a\": 1}", "{\"a\": 1, \"new\": [\"A\", \"B\"]}"),
        (
            "/a",
            "{\"b\": 2,\r\n  \"a\": 1\r\n}",
            "{\"b\": 2,\r\n  \"a\": 1,\r\n  \"new\": [\"A\", \"B\"]\r\n}",
        ),
        (
            "/a",
            "{\n  a: 1, # c\n  b: 2\n}\n",
            "{\n  a: 1, # c\n  new: [A, B],\n  b: 2\n}\n",
        ),
    ] {
        assert_changed(before, insert, pointer, after);
    }
    assert_refused("a: |+\n  text\n\nb: 2\n", insert, "/a");
    assert_refused("a: 1\nnew: 2\n", insert, "/a");
}

#[test]
fn a_changed_scalar_keeps_its_style() {
    let word = |path| Change::SetWord(path, "New".to_owned());
    assert_changed("a: &x old # c\n", word, "/a", "a: &x New # c\n");
    assert_changed("a: 'old'\n", word, "/a", "a: 'New'\n");
    assert_changed("a: &x 1\nb: *x\n", word, "/b", "a: &x 1\nb: New\n");
    assert_changed(
        "a: old\n",
        |path| Change::SetWord(path, "no".to_owned()),
        "/a",
        "a: \"no\"\n",
    );
    assert_refused("a: !!str 1\n", word, "/a");
    assert_refused("a: |\n  old\n", word, "/a");
    let five = |path| Change::SetInteger(path, 5);
    assert_changed("a: 3 # c\n", five, "/a", "a: 5 # c\n");
    assert_changed("a: \"3\"\n", five, "/a", "a: \"5\"\n");
    let part = |path| Change::Replace(path, 2..5, "New".to_owned());
    assert_changed(
        "a: >\n  a\n  old\n  b\n",
        part,
        "/a",
        "a: >\n  a\n  New\n  b\n",
    );
    assert_changed("a: \"\\x41 o\\\n  ld\"\n", part, "/a", "a: \"\\x41 New\"\n");
}

#[test]
fn a_comment_goes_with_its_line_if_that_has_nothing_else() {
    for (before, after) in [
        ("a: 1\n  # gone\nb: 2\n", "a: 1\nb: 2\n"),
        ("\u{feff}# gone\r\na: 1\r\n", "\u{feff}a: 1\r\n"),
        ("a: 1 # gone \nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1 # gone # b\n", "a: 1 # b\n"),
        ("a: 1 # a # gone", "a: 1 # a"),
        ("a: |\n  x\n# gone\n\nb: 2\n", "a: |\n  x\n\nb: 2\n"),
    ] {
        assert_eq!(without_comment(before).as_deref(), Some(after));
    }
    // The lines below would be lines of the scalar.
    assert_eq!(without_comment("a: |\n  x\n# gone\n  # y\nb: 2\n"), None);
    assert_eq!(without_comment("a: |+\n  x\n\n# z\n# gone\n\nb: 2\n"), None);
}

/// `text` without its comment `# gone`.
fn without_comment(text: &str) -> Option<String> {
    let start = text.find("# gone").expect("a comment");
    let edit = document(text, Syntax::Yaml)?.without_comment(&(start..start + "# gone".len()))?;
    let mut text = text.to_owned();
    text.replace_range(edit.span, &edit.text);
    Some(text)
}

#[test]
fn a_change_is_seen_wherever_an_alias_or_a_merge_key_shows_it() {
    let text = "a: &x {k: 1}\nb: *x\nc: {<<: *x, d: [*x]}\n";
    let document = document(text, Syntax::Yaml).expect("a document");
    let places = |pointer: &str| {
        let path = Path::from_pointer(pointer, document.value());
        document
            .edits(&Change::SetInteger(path, 2))
            .map(|edits| edits.places)
    };
    assert_eq!(places("/a/k"), Some(4));
    assert_eq!(places("/c/d/0/k"), Some(4));
    assert_eq!(places("/b"), Some(1));
}

#[test]
fn a_container_takes_another_form_in_its_order_and_with_its_comments() {
    let cases = [
        (
            Form::ListByName,
            "l: # l\n  B: # b\n    x: 1\n  # a\n  A: {x: 2} # A\n  '1': {}\n",
            "l: # l\n  - name: B # b\n    x: 1\n  # a\n  - {name: A, x: 2} # A\n  - {name: '1'}\n",
        ),
        (
            Form::ListByName,
            "l:\n    B:\n        x: |\n          a\n",
            "l:\n    -   name: B\n        x: |\n          a\n",
        ),
        (
            Form::ListByName,
            "{\"l\": {\"B\": {\"x\": 1}, \"A\": {}}}",
            "{\"l\": [{\"name\": \"B\", \"x\": 1}, {\"name\": \"A\"}]}",
        ),
        (
            Form::ListOfOne,
            "l:\n  # a\n  a: 1 # b\n\n  # c\n  b: |\n    d\n# e\n",
            "l:\n  # a\n  - a: 1 # b\n\n    # c\n    b: |\n      d\n# e\n",
        ),
        (Form::ListOfOne, "l: {a: 1} # b\n", "l: [{a: 1}] # b\n"),
        (
            Form::Merged,
            "l:\n- a: 1 # b\n  c: 2\n# d\n- e: 3\n",
            "l:\n  a: 1 # b\n  c: 2\n# d\n  e: 3\n",
        ),
        (Form::Merged, "l: [{a: 1}, {b: 2}]\n", "l: {a: 1, b: 2}\n"),
        (
            Form::Merged,
            "{\"l\": [ {\"a\": 1} ]}",
            "{\"l\": {\"a\": 1}}",
        ),
        (
            Form::MappingOfPairs,
            "l:\n- {name: B, value: \"1\"} # b\n# a\n- A=2\n",
            "l:\n  B: \"1\" # b\n# a\n  A: \"2\"\n",
        ),
        (
            Form::MappingOfPairs,
            "l:\n  - name: B\n    value: b c\n  - 'A=d=e'\n",
            "l:\n  B: b c\n  A: \"d=e\"\n",
        ),
        (
            Form::MappingOfPairs,
            "{\"l\": [{\"name\": \"B\", \"value\": \"\\n\"}, \"A=2\"]}",
            "{\"l\": {\"B\": \"\\n\", \"A\": \"2\"}}",
        ),
    ];
    for (form, before, after) in cases {
        assert_changed(before, |path| Change::Reshape(path, form), "/l", after);
    }
    for (form, before) in [
        (Form::ListByName, "l:\n  A:\n   x: 1\n"),
        (Form::ListByName, "l: {A: {name: B}}\n"),
        (Form::ListByName, "l: {A: &a {x: 1}}\nm: *a\n"),
        (Form::ListByName, "l:\n  A: &a\n    x: 1\n"),
        (Form::Merged, "l: [{a: 1}, {a: 2}]\n"),
        (Form::Merged, "l: [{a: 1,}, {b: 2}]\n"),
        (Form::Merged, "l:\n  - {a: 1}\n  - {b: 2}\n"),
        (Form::MappingOfPairs, "l:\n  - name: A # a\n    value: b\n"),
        (Form::MappingOfPairs, "l: [A=1, A=2]\n"),
    ] {
        assert_refused(before, |path| Change::Reshape(path, form), "/l");
    }
}
