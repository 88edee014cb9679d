//! [`NetbirdEnv`]: the variables of NetBird's `setup.env`.

use std::fmt::{self, Write as _};
use std::path::Path;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::change::{self, FileChange, VariableChange};
use super::outputs::Outputs;
use super::script::normalized;
use super::variables::{self, Variable, VariableValue};
use super::{charset, merge, write};
use crate::error::{Error, Result};
use crate::issue::Issue;
use crate::secret::Secret;

/// The variables of NetBird's `setup.env`, in the order in which they are written.
///
/// Its `Display` is that file with stars for the password, fit for a screen; its `Debug` shows no
/// secret either. [`NetbirdEnv::write`] is the usual way to a file.
///
/// ```
/// use authentik_netbird_core::outputs::{AccountOutputs, Outputs};
///
/// let url = "https://authentik.company".parse()?;
/// let mut outputs = Outputs::new(url, "netbird.company", "netbird".into(), "5JXuw0qD".into());
/// let mut account = AccountOutputs::new("NetBird");
/// account.app_password = Some("cd34".into());
/// outputs.account = Some(account);
///
/// let env = outputs.netbird_env();
/// assert!(env.to_string().contains("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='***'"));
/// assert!(env.to_setup_env()?.expose().contains("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='cd34'"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetbirdEnv {
    variables: Vec<Variable>,
}

impl NetbirdEnv {
    /// The variables, in the order in which they are written.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The value of a variable; `None` if the file has no such variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.variables.iter().find(|variable| variable.name == name).map(|found| &found.value)
    }

    /// Checks that NetBird reads every value as it is: done before a file is written. A password that is
    /// not known passes, since an existing file may have it.
    ///
    /// | variable | may have |
    /// |---|---|
    /// | `NETBIRD_DOMAIN` | letters, digits, `.` and `-` |
    /// | `NETBIRD_IDP_MGMT_EXTRA_…` | all but control characters and <code>{{</code>: `configure.sh` quotes it with jq, then management reads it as a Go template |
    /// | others | letters, digits, `.` `_` `:` `/` `-` and single spaces inside: the value goes unquoted into JSON, YAML and docker compose |
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`] with every issue at once; no issue has a secret.
    pub fn check(&self) -> Result<()> {
        let mut issues = charset::issues(&self.variables);
        if self.variables.is_empty() {
            issues.push(Issue::new(
                "mode",
                "the mode `connector` has no setup.env",
                "Leave out the file: NetBird gets its identity provider through its API or its dashboard.",
            ));
        }
        if issues.is_empty() { Ok(()) } else { Err(Error::invalid_outputs(issues)) }
    }

    /// A whole `setup.env`, with the password.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`]: a value that NetBird cannot read, or a password that is not known.
    pub fn to_setup_env(&self) -> Result<Secret> {
        self.merge_into("")
    }

    /// An existing `setup.env` with these variables in it.
    ///
    /// They are in one marked block at the end, since the last assignment wins in bash. A block that exists
    /// is replaced where it is, if no line behind it sets one of its variables; what a person added inside
    /// it goes behind it. Other lines stay, except for plain assignments of these variables: they become
    /// comments, or get the new value where a line between them and the block uses it
    /// (`URL=https://$NETBIRD_DOMAIN`), and in a file with conditions, loops or functions. Windows line
    /// ends and a byte order mark are removed: bash cannot source a file with them.
    ///
    /// A password that is not known stays what the file has. Without a service account the variables of
    /// an earlier one are removed.
    ///
    /// ```
    /// # use authentik_netbird_core::outputs::Outputs;
    /// # let url = "https://authentik.company".parse()?;
    /// # let outputs = Outputs::new(url, "netbird.company", "netbird".into(), "5JXuw0qD".into());
    /// let merged = outputs.netbird_env().merge_into("A=1\nNETBIRD_DOMAIN=\"old\"\n")?;
    /// let mut lines = merged.expose().lines();
    /// assert_eq!(lines.next(), Some("A=1"));
    /// assert_eq!(lines.next(), Some("# replaced by authentik-netbird: NETBIRD_DOMAIN=\"old\""));
    /// assert_eq!(lines.nth(2), Some("NETBIRD_DOMAIN='netbird.company'"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`], every issue at once: a value that NetBird cannot read; a password that
    /// is neither known nor in the file; a line that bash cannot read; a here-document, which could
    /// hold anything; a line after which a variable would not have its value (`readonly`, `exit`).
    pub fn merge_into(&self, existing: &str) -> Result<Secret> {
        self.check()?;
        merge::merge(&self.variables, &normalized(existing)).map_err(Error::invalid_outputs)
    }

    /// The changes of [`NetbirdEnv::merge_into`] for bash, variable by variable.
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::merge_into`].
    pub fn diff(&self, existing: &str) -> Result<Vec<VariableChange>> {
        let merged = self.merge_into(existing)?;
        Ok(change::between(&self.variables, &normalized(existing), merged.expose()))
    }

    /// The variables for docker compose's `env_file`: every value in single quotes, in which compose
    /// replaces nothing.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`]: a value that NetBird cannot read, a `'` or a `\` (releases of docker
    /// compose read them differently), or a password that is not known.
    pub fn to_compose_env(&self) -> Result<Secret> {
        let mut issues = Vec::new();
        let mut out = String::with_capacity(4096);
        for (variable, value) in self.known()? {
            if value.expose().contains(['\'', '\\']) {
                let message = "has a single quote or a backslash, which releases of docker compose read \
                               differently";
                let hint = "Use another name or password, or setup.env.";
                issues.push(Issue::new(variable.name, message, hint));
            }
            out.extend([variable.name, "='", value.expose(), "'\n"]);
        }
        let out = Secret::new(out);
        if issues.is_empty() { Ok(out) } else { Err(Error::invalid_outputs(issues)) }
    }

    /// The variables as one JSON object, in order; booleans and numbers as such.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`]: a value that NetBird cannot read, or a password that is not known.
    pub fn to_json(&self) -> Result<Secret> {
        self.known()?;
        let mut out = Vec::with_capacity(4096);
        let written = serde_json::to_writer_pretty(&mut out, &Json(&self.variables));
        out.push(b'\n');
        match (written, String::from_utf8(out)) {
            (Ok(()), Ok(text)) => Ok(Secret::new(text)),
            // Text and numbers alone: neither can happen.
            _ => Err(Error::invalid_outputs(Vec::new())),
        }
    }

    /// The variables with their values, all of which are known.
    fn known(&self) -> Result<Vec<(&Variable, Secret)>> {
        self.check()?;
        let known = self
            .variables
            .iter()
            .map(|one| one.value.text().map(|text| (one, text)).ok_or_else(|| merge::missing(one)));
        known.collect::<Result<_, Issue>>().map_err(|issue| Error::invalid_outputs(vec![issue]))
    }

    /// Merges into the `setup.env` at `path`, or creates it. See [`NetbirdEnv::merge_into`].
    ///
    /// Only its owner may read the file (mode 0600 on Unix; a wider one is narrowed). It is replaced in
    /// one step: readers see the old file or the new one, and the old one stays if anything fails. Where
    /// `path` is a symbolic link, its target is replaced. Nothing is written when nothing differs.
    ///
    /// A file or link of another user is refused, unless it is root's, or that of the folder's owner in a
    /// folder that not everyone can write to: it would get the password, or lead to another file.
    ///
    /// ```no_run
    /// # fn write(env: &authentik_netbird_core::outputs::NetbirdEnv)
    /// # -> Result<(), authentik_netbird_core::Error> {
    /// let change = env.write("setup.env")?;
    /// println!("{change}"); // ~ NETBIRD_DOMAIN: "old" -> "netbird.company"
    /// if change.is_change() {
    ///     // run `outputs::CONFIGURE_COMMANDS`
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::merge_into`]; [`Error::File`] when the file cannot be read or written, is
    /// not a regular file, is another user's, or is write-protected. In these cases nothing was written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<FileChange> {
        let mut variables = Vec::new();
        let kind = write::write(path.as_ref(), |existing| {
            let merged = self.merge_into(existing)?;
            variables = change::between(&self.variables, &normalized(existing), merged.expose());
            Ok(merged)
        })?;
        Ok(FileChange { kind, variables })
    }

    /// Writes [`NetbirdEnv::to_compose_env`] as [`NetbirdEnv::write`] does, but replaces the whole file.
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::to_compose_env`] and [`Error::File`].
    pub fn write_compose_env(&self, path: impl AsRef<Path>) -> Result<FileChange> {
        replace(path.as_ref(), || self.to_compose_env())
    }

    /// Writes [`NetbirdEnv::to_json`] as [`NetbirdEnv::write`] does, but replaces the whole file.
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::to_json`] and [`Error::File`].
    pub fn write_json(&self, path: impl AsRef<Path>) -> Result<FileChange> {
        replace(path.as_ref(), || self.to_json())
    }
}

fn replace(path: &Path, text: impl FnOnce() -> Result<Secret>) -> Result<FileChange> {
    Ok(FileChange { kind: write::write(path, |_| text())?, variables: Vec::new() })
}

impl Outputs {
    /// The variables of NetBird's `setup.env`.
    #[must_use]
    pub fn netbird_env(&self) -> NetbirdEnv {
        NetbirdEnv { variables: variables::of(self) }
    }
}

/// The whole `setup.env`, with stars for the password.
impl fmt::Display for NetbirdEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(merge::AROUND[0])?;
        for variable in &self.variables {
            let mut line = String::new();
            match (&variable.value, variable.value.text()) {
                (VariableValue::Secret(_), _) => merge::push_assignment(&mut line, variable, "***"),
                (_, Some(value)) => merge::push_assignment(&mut line, variable, value.expose()),
                (_, None) => write!(line, "# {} stays as it is in the file", variable.name)?,
            }
            writeln!(f, "{line}")?;
        }
        f.write_str(merge::AROUND[1])
    }
}

struct Json<'a>(&'a [Variable]);

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for Variable { name, value, .. } in self.0 {
            match value {
                VariableValue::Text(text) => map.serialize_entry(name, text)?,
                VariableValue::Boolean(value) => map.serialize_entry(name, value)?,
                VariableValue::Number(value) => map.serialize_entry(name, value)?,
                VariableValue::Secret(secret) => map.serialize_entry(name, secret.expose())?,
                VariableValue::SecretUnknown => {}
            }
        }
        map.end()
    }
}
