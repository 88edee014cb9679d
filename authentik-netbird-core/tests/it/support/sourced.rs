//! What bash makes of a `setup.env`.

use std::process::Command;

/// What bash has in these variables after `set -e; set -a; . setup.env`; `None` where one is unset.
pub(crate) fn sourced(setup_env: &str, names: &[&str]) -> Result<Vec<Option<String>>, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("setup.env"), setup_env).unwrap();
    let script = r#"set -e; set -a; . ./setup.env
        for name in "$@"; do
            if [ -n "${!name+set}" ]; then printf '=%s\0' "${!name}"; else printf -- '-\0'; fi
        done"#;
    let mut bash = Command::new("bash");
    let output = bash
        .args(["--norc", "-c", script, "bash"])
        .args(names)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder.path())
        .output()
        .unwrap();
    if !output.status.success() || !output.stderr.is_empty() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    let values = printed.split_terminator('\0');
    Ok(values.map(|value| value.strip_prefix('=').map(str::to_owned)).collect())
}
