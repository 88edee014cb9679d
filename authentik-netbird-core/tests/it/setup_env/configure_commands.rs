//! The commands that follow a new `setup.env` keep NetBird's data store key.

use std::path::Path;
use std::process::Command;

use authentik_netbird_core::outputs::CONFIGURE_COMMANDS;

/// Runs all commands with a `configure.sh` that shows the key that it would use.
fn run(folder: &Path) -> String {
    let script = format!(
        "set -e; docker() {{ :; }}\n{}",
        CONFIGURE_COMMANDS.replace(
            "./configure.sh",
            "jq -r .DataStoreEncryptionKey management.json || echo none"
        ),
    );
    let output = Command::new("bash").args(["-c", &script]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_key_of_the_running_netbird_reaches_configure_sh() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name| folder.path().join(name);
    assert_eq!(run(folder.path()), "none");
    std::fs::create_dir(path("artifacts")).unwrap();
    for (in_artifacts, used) in [
        (r#"{"DataStoreEncryptionKey": ""}"#, "none"),
        (r#"{"DataStoreEncryptionKey": "key"}"#, "key"),
        (r#"{"DataStoreEncryptionKey": "key"}"#, "key"),
        // What is not a key does not overwrite one.
        (r#"{"DataStoreEncryptionKey": ""}"#, "key"),
        (r#"{"DataStoreEncryptionKey": null}"#, "key"),
        ("", "key"),
    ] {
        std::fs::write(path("artifacts/management.json"), in_artifacts).unwrap();
        assert_eq!(run(folder.path()), used, "{in_artifacts}");
    }
}

#[test]
fn readme_and_documentation_have_the_same_commands() {
    let pages = [include_str!("../../../../README.md"), include_str!("../../../../docs/index.md")];
    for page in pages {
        assert!(page.contains(&format!("```bash\n{CONFIGURE_COMMANDS}```\n")));
    }
    let first = CONFIGURE_COMMANDS.lines().next().unwrap();
    assert!(include_str!("../../../../docs/data-store-key.md").contains(first));
}
