//! Tests that need a process of their own.

use std::env;
use std::process::Command;

const IS_ALONE: &str = "AUTHENTIK_NETBIRD_TEST_ALONE";

/// Whether this process runs one test alone, for example one that may install a global logger. If not,
/// the test with this name is run in such a process, and fails here if it fails there.
pub(crate) fn is_alone(test: &str) -> bool {
    if env::var_os(IS_ALONE).is_some() {
        return true;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(IS_ALONE, "1")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    println!("{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.contains("1 passed"), "{test} failed");
    false
}
