//! [`NetbirdEnv`]: the variables of NetBird's `setup.env`.

use std::fmt;

use super::allowed::{self, Carrier};
use super::{merge, render, write};
use crate::error::{Error, Result};
use crate::integration::GuideStep;
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

/// One variable of `setup.env`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// Its name, such as `NETBIRD_AUTH_CLIENT_ID`.
    pub name: &'static str,
    /// Its value.
    pub value: VariableValue,
    /// Where the value comes from and what NetBird does with it, in a sentence.
    pub source: &'static str,
    /// Where the guide has it; `None`: it does not, but NetBird needs it.
    pub guide: Option<GuideStep>,
    /// What the value has to pass through on NetBird's side.
    pub(super) carrier: Carrier,
}

/// Value of a [`Variable`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VariableValue {
    /// A text; written in single quotes.
    Text(String),
    /// `true` or `false`; `configure.sh` puts it into JSON as it is.
    Boolean(bool),
    /// A number, such as a port.
    Number(u16),
    /// A text that must not be seen.
    Secret(Secret),
    /// A secret that this run did not read: the line of an existing file is kept.
    SecretUnknown,
}

impl NetbirdEnv {
    pub(super) fn new(variables: Vec<Variable>) -> Self {
        Self { variables }
    }

    /// The variables, in the order in which they are written.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The value of a variable, `None` where the file has no such variable.
    ///
    /// ```
    /// use authentik_netbird_core::outputs::{Outputs, VariableValue};
    ///
    /// let url = "https://authentik.company".parse()?;
    /// let outputs = Outputs::new(url, "netbird.company", "netbird".into(), "5JXuw0qD".into());
    /// let env = outputs.netbird_env();
    /// assert_eq!(env.get("NETBIRD_USE_AUTH0"), Some(&VariableValue::Boolean(false)));
    /// assert_eq!(env.get("NETBIRD_SIGNAL_PORT"), None);
    /// # Ok::<(), url::ParseError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&VariableValue> {
        self.variables.iter().find(|variable| variable.name == name).map(|found| &found.value)
    }

    /// Whether NetBird can carry every value: what a file is checked for before it is written.
    /// A password that is not known passes, since an existing file may have it.
    ///
    /// | variable | may hold |
    /// |---|---|
    /// | `NETBIRD_DOMAIN` | letters, digits, `.` and `-` |
    /// | `NETBIRD_IDP_MGMT_EXTRA_…` | all but control characters and <code>{{</code>: `configure.sh` quotes it with jq, then management reads it as a Go template |
    /// | others | letters, digits, `.` `_` `:` `/` `-` and single spaces inside: the value goes unquoted into JSON, YAML and docker compose |
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`] with every issue at once; no issue holds a secret.
    pub fn check(&self) -> Result<()> {
        let issues = allowed::issues(&self.variables);
        if issues.is_empty() { Ok(()) } else { Err(Error::InvalidOutputs { issues }) }
    }

    /// A whole `setup.env`, the password in it.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`]: a value that NetBird can't carry, or a password that is not
    /// known.
    pub fn to_setup_env(&self) -> Result<Secret> {
        self.merge_into("")
    }

    /// An existing `setup.env` with these variables in it.
    ///
    /// Other lines, comments, order and blank lines stay as they are, and so does a line of ours
    /// that has the right value already. A line of ours with another value gets the right one in
    /// its place, `export` and a comment behind it kept; **all** lines are corrected where a
    /// variable is set more than once, so that neither bash, for which the last one wins, nor a
    /// line between them reads an old value. Missing variables go to the end under one comment.
    /// Where NetBird is to read no users, variables of an earlier account are emptied, so that its
    /// password does not stay.
    ///
    /// Windows line ends and a byte order mark are taken out of the whole file: bash can't source a
    /// file with them.
    ///
    /// ```
    /// # use authentik_netbird_core::outputs::Outputs;
    /// # let url = "https://authentik.company".parse()?;
    /// # let outputs = Outputs::new(url, "netbird.company", "netbird".into(), "5JXuw0qD".into());
    /// let merged = outputs.netbird_env().merge_into("NETBIRD_DOMAIN=\"old\" # ours\n")?;
    /// assert!(merged.expose().starts_with("NETBIRD_DOMAIN='netbird.company' # ours\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`], every issue at once: a value that NetBird can't carry; a password
    /// that is neither known nor in the file; a file that bash can't read or in which one of our
    /// variables is set in a way that can't be corrected safely (inside a condition, a loop or a
    /// function, together with something else, by `readonly` or `unset`, after `exit`).
    pub fn merge_into(&self, existing: &str) -> Result<Secret> {
        self.check()?;
        merge::merge(&self.variables, existing).map_err(Error::invalid_outputs)
    }

    /// The variables for docker compose's `env_file`: every value in single quotes, in which
    /// compose replaces nothing.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`]: a value that NetBird can't carry, a `'` or a `\` (releases of
    /// docker compose read them differently), or a password that is not known.
    pub fn to_compose_env(&self) -> Result<Secret> {
        self.check()?;
        render::compose_env(&self.variables).map_err(Error::invalid_outputs)
    }

    /// The variables as one JSON object, in order; booleans and numbers as such.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`]: a value that NetBird can't carry, or a password that is not
    /// known.
    pub fn to_json(&self) -> Result<Secret> {
        self.check()?;
        render::json(&self.variables).map_err(Error::invalid_outputs)
    }

    /// Merges into the `setup.env` at `path`, or makes it. See [`NetbirdEnv::merge_into`].
    ///
    /// The file is only its owner's to read (mode 0600 on Unix; a wider one is narrowed). It is
    /// replaced in one step: whoever looks sees the old file or the new one, and the old one is
    /// there still if anything fails. Where `path` is a symbolic link, its target is replaced.
    /// Nothing is written when nothing differs.
    ///
    /// ```no_run
    /// # fn write(env: &authentik_netbird_core::outputs::NetbirdEnv)
    /// # -> Result<(), authentik_netbird_core::Error> {
    /// if env.write("setup.env")?.is_change() {
    ///     // run `outputs::CONFIGURE_COMMANDS`
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::merge_into`]; [`Error::File`] when the file can't be read or written,
    /// is not a regular file, or is write-protected. Nothing was written then.
    pub fn write(&self, path: impl AsRef<std::path::Path>) -> Result<write::Written> {
        write::write(path.as_ref(), |existing| self.merge_into(existing))
    }

    /// Writes [`NetbirdEnv::to_compose_env`] as [`NetbirdEnv::write`] does, but as the whole file:
    /// nothing of an existing one is kept.
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::to_compose_env`] and [`Error::File`].
    pub fn write_compose_env(&self, path: impl AsRef<std::path::Path>) -> Result<write::Written> {
        write::write(path.as_ref(), |_| self.to_compose_env())
    }

    /// Writes [`NetbirdEnv::to_json`] as [`NetbirdEnv::write`] does, but as the whole file: nothing
    /// of an existing one is kept.
    ///
    /// # Errors
    /// Those of [`NetbirdEnv::to_json`] and [`Error::File`].
    pub fn write_json(&self, path: impl AsRef<std::path::Path>) -> Result<write::Written> {
        write::write(path.as_ref(), |_| self.to_json())
    }
}

/// The whole `setup.env`, with stars for the password.
impl fmt::Display for NetbirdEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", merge::HEADING)?;
        for variable in &self.variables {
            let name = variable.name;
            match &variable.value {
                VariableValue::Secret(_) => writeln!(f, "{name}='***'")?,
                VariableValue::SecretUnknown => writeln!(f, "# {name} stays as it is in the file")?,
                VariableValue::Text(text) => writeln!(f, "{name}={}", render::quoted(text))?,
                VariableValue::Boolean(value) => writeln!(f, "{name}={value}")?,
                VariableValue::Number(value) => writeln!(f, "{name}={value}")?,
            }
        }
        Ok(())
    }
}
