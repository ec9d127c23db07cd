//! `conformance export`: the cases as plain files.

use crate::support::{program, read};
use openjd_monitor::conformance::{self, process, templates};
use std::collections::BTreeMap;
use std::path::Path;

/// The files below a folder, by their paths within it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("a file below");
            let text = std::fs::read_to_string(&path).expect("a text");
            found.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    found
}

fn export(folder: &Path) -> crate::support::Ended {
    let folder = folder.to_str().expect("UTF-8");
    program(["conformance", "export", folder]).run()
}

#[test]
fn every_case_is_a_file_in_the_layout_of_the_base_specification() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("new/folder");
    let ended = export(&target);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    let found = files(&target);
    let count = templates::all().len() + process::all().len() + conformance::all().len();
    assert_eq!(
        ended.out,
        format!("{count} cases in `{}`\n", target.display())
    );
    assert_eq!(found.len(), count + 1);
    assert_eq!(
        found["2023-09/MONITOR/README.md"],
        read("fixtures/conformance/README.md")
    );
    for case in templates::all().into_iter().chain(process::all()) {
        let path = format!("2023-09/MONITOR/{}/{}", case.folder, case.name);
        assert_eq!(found[&path], case.text, "{path}");
    }
    for case in conformance::all() {
        let path = format!("2023-09/MONITOR/scenarios/{}.yaml", case.id);
        assert_eq!(found[&path], case.text(), "{path}");
    }

    let again = tempfile::tempdir().expect("a folder");
    assert_eq!(export(again.path()).status, 0);
    assert_eq!(files(again.path()), found);
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "mine").expect("a file");
    for target in [folder.path(), &file] {
        let ended = export(target);
        assert_eq!((ended.status, ended.out.as_str()), (3, ""));
        let expected = format!("error: cannot export to `{}`: ", target.display());
        assert!(ended.err.starts_with(&expected), "{}", ended.err);
        let expected = BTreeMap::from([("notes.txt".to_owned(), "mine".to_owned())]);
        assert_eq!(files(folder.path()), expected);
    }
    let ended = export(folder.path());
    assert!(
        ended
            .err
            .ends_with(": it is not empty, and nothing is overwritten\n"),
        "{}",
        ended.err
    );
}
