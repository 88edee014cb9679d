use super::*;

#[test]
fn a_rename_that_fails_leaves_no_temporary_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    let error = write(&path, |_| {
        // Someone else was faster, so that the file cannot be put there.
        fs::create_dir(&path).unwrap();
        Ok(Secret::from("A=1"))
    });
    assert!(matches!(error, Err(Error::File { action: "write", .. })), "{error:?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
