use super::*;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use tempfile::TempDir;
use xattr::FileExt;

/// A folder with one file, and that file as it was read.
fn read(text: &str) -> (TempDir, PathBuf, Snapshot) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, text).expect("a file");
    let snapshot = Snapshot::read(&file, 1000).expect("a file");
    (folder, file, snapshot)
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).expect("a file")
}

fn names(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).expect("a folder");
    let name = |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<_> = entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Replaces what was read, and says why that is refused.
fn refused(snapshot: &Snapshot) -> String {
    let refused = snapshot.replace(b"new").expect_err("it is refused");
    refused.to_string()
}

#[test]
fn what_is_still_as_it_was_read_is_replaced_and_nothing_else_is_left() {
    let (folder, file, snapshot) = read("old");
    snapshot.replace(b"new").expect("it is replaced");
    assert_eq!(
        (text(&file), names(&folder)),
        ("new".to_owned(), vec!["file".to_owned()])
    );
    // A second spelling of one file brings the same text once more.
    snapshot.replace(b"new").expect("nothing is to be done");
}

#[test]
fn an_edit_that_was_made_meanwhile_stays() {
    let (folder, file, snapshot) = read("old");
    fs::write(&file, "old, but better").expect("a file");
    assert!(refused(&snapshot).starts_with("it has changed since it was read"));
    assert_eq!(
        (text(&file), names(&folder).len()),
        ("old, but better".to_owned(), 1)
    );
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn an_edit_in_the_instant_before_the_replacement_stays() {
    let (folder, file, _) = read("old");
    let open = fs::File::open(folder.path()).expect("a folder");
    let new = system::Unnamed::in_folder(&open, "file".as_ref(), true).expect("a file");
    (&new.file).write_all(b"new").expect("a file");
    let replaced = new.take_place_if("file".as_ref(), |name| {
        let is_old = text(&folder.path().join(name)) == "old";
        fs::write(folder.path().join(name), "old, but better").expect("a file");
        is_old.then_some(()).ok_or(io::ErrorKind::Other.into())
    });
    assert!(replaced.is_err());
    assert_eq!(
        (text(&file), names(&folder).len()),
        ("old, but better".to_owned(), 1)
    );
}

#[test]
fn another_file_with_the_same_bytes_stays() {
    let (folder, file, snapshot) = read("old");
    fs::write(folder.path().join("other"), "old").expect("a file");
    fs::rename(folder.path().join("other"), &file).expect("a file");
    assert!(refused(&snapshot).starts_with("it has changed since it was read"));
    assert_eq!(text(&file), "old");
}

#[test]
fn what_a_link_that_was_swapped_in_leads_to_stays_even_if_it_reads_alike() {
    let (folder, file, snapshot) = read("old");
    let victim = folder.path().join("victim");
    fs::rename(&file, &victim).expect("a file");
    symlink("victim", &file).expect("a link");
    assert_eq!(refused(&snapshot), "it has become a link");
    assert_eq!((text(&victim), names(&folder).len()), ("old".to_owned(), 2));
}

#[test]
fn a_pipe_that_was_swapped_in_makes_nobody_wait() {
    let (_folder, file, snapshot) = read("old");
    fs::remove_file(&file).expect("a file");
    let path = CString::new(file.as_os_str().as_bytes()).expect("a path");
    nix::unistd::mkfifo(path.as_c_str(), nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    assert_eq!(refused(&snapshot), "it is no regular file");
}

#[test]
fn a_folder_that_was_swapped_for_a_link_leads_nowhere() {
    let outer = tempfile::tempdir().expect("a folder");
    let [folder, elsewhere] = ["folder", "elsewhere"].map(|name| outer.path().join(name));
    for folder in [&folder, &elsewhere] {
        fs::create_dir(folder).expect("a folder");
        fs::write(folder.join("file"), "old").expect("a file");
    }
    let snapshot = Snapshot::read(&folder.join("file"), 1000).expect("a file");
    fs::rename(&folder, outer.path().join("moved")).expect("a folder");
    symlink("elsewhere", &folder).expect("a link");
    assert!(refused(&snapshot).starts_with("it has changed since it was read"));
    assert_eq!(text(&elsewhere.join("file")), "old");
}

#[test]
fn a_file_with_other_names_stays() {
    let (folder, file, snapshot) = read("old");
    fs::hard_link(&file, folder.path().join("other")).expect("a hard link");
    assert!(refused(&snapshot).starts_with("it has other names"));
    assert_eq!(text(&file), "old");
}

#[test]
fn mode_owner_and_extended_attributes_stay() {
    let (_folder, file, _) = read("old");
    let is_root = nix::unistd::geteuid().is_root();
    if is_root {
        std::os::unix::fs::chown(&file, Some(12345), Some(54321)).expect("root may");
    }
    let opened = fs::File::open(&file).expect("a file");
    let has_attributes = opened.set_xattr("user.note", b"mine").is_ok();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o6754)).expect("permissions");
    let before = file.metadata().expect("a file");
    let snapshot = Snapshot::read(&file, 1000).expect("a file");
    snapshot.replace(b"new").expect("it is replaced");
    let after = file.metadata().expect("a file");
    assert_ne!(after.ino(), before.ino());
    assert_eq!(
        (after.mode(), after.uid(), after.gid()),
        (before.mode(), before.uid(), before.gid())
    );
    let note = fs::File::open(&file)
        .expect("a file")
        .get_xattr("user.note");
    assert!(!has_attributes || note.expect("attributes") == Some(b"mine".to_vec()));
}

#[test]
fn what_a_run_that_was_killed_has_left_is_removed_by_the_next() {
    let (folder, _, snapshot) = read("old");
    let left = ".openjd-monitor-3b9c358f36f0a31b.tmp";
    fs::write(folder.path().join(left), "half").expect("a file");
    snapshot.replace(b"new").expect("it is replaced");
    assert_eq!(names(&folder), ["file"]);
}

#[test]
fn an_output_follows_links_to_files_and_to_where_there_is_none_yet() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    symlink("second", path("first")).expect("a link");
    symlink("file", path("second")).expect("a link");
    for text in ["one", "two"] {
        replace(&path("first"), |out| out.write_all(text.as_bytes())).expect("a file");
        assert_eq!(self::text(&path("file")), text);
        assert!(path("first").is_symlink() && path("second").is_symlink());
    }
    symlink("loop", path("loop")).expect("a link");
    assert!(replace(&path("loop"), |_| Ok(())).is_err());
}

#[test]
fn one_file_has_one_identity_however_it_is_spelt() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("sub")).expect("a folder");
    symlink("new", path("link")).expect("a link");
    let new = identity(&path("new"));
    assert!(new.is_some());
    for other in ["sub/../new", "link", "./new"] {
        assert_eq!(identity(&path(other)), new, "{other}");
    }
    fs::write(path("new"), "").expect("a file");
    fs::hard_link(path("new"), path("hard")).expect("a hard link");
    let new = identity(&path("new"));
    for other in ["sub/../new", "link", "hard"] {
        assert_eq!(identity(&path(other)), new, "{other}");
    }
    assert_ne!(identity(&path("other")), new);
    assert_eq!(identity(Path::new("/dev/null")), None);
}
