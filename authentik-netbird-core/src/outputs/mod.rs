//! The settings that NetBird needs: [`Outputs`] as data, [`NetbirdEnv`] as `setup.env` and its other forms.
//!
//! Pure except for [`NetbirdEnv::write`] and its siblings, which are the only ones to touch a disk.
//!
//! `setup.env` is read by NetBird's `configure.sh`: bash sources it under `set -e`, `envsubst` puts
//! the values into JSON and YAML without any quoting, and NetBird's management reads that JSON as a
//! Go template. A value that would not survive all of this is refused ([`NetbirdEnv::check`])
//! rather than written and found out about at the first login.

mod change;
mod charset;
mod connector;
mod env;
pub mod export;
mod merge;
#[expect(clippy::module_inception, reason = "the outputs, and the forms that they are written in")]
mod outputs;
#[cfg(unix)]
mod owner;
mod script;
mod variables;
mod words;
mod write;

pub use change::{FileChange, FileChangeKind, VariableChange};
pub use connector::DashboardForm;
pub use env::NetbirdEnv;
pub use outputs::{AccountOutputs, ConnectorOutputs, Outputs};
pub use script::parse_setup_env;
pub(crate) use script::{ASSIGN, SetupEnv, read};
pub(crate) use variables::PASSWORD;
pub use variables::{Variable, VariableValue};

/// The commands that follow a new `setup.env`, for bash in NetBird's `infrastructure_files`.
///
/// The first one keeps NetBird's data store key: management writes the key that it has generated
/// into `artifacts/management.json`, `configure.sh` reads it from `./management.json` alone, and
/// with another key every login fails.
pub const CONFIGURE_COMMANDS: &str = r#"if [ -n "$(jq -r '.DataStoreEncryptionKey // ""' artifacts/management.json 2>/dev/null)" ]; then cp -p artifacts/management.json .; fi
./configure.sh
docker compose --file artifacts/docker-compose.yml up --detach --force-recreate
"#;
