//! Reading a `setup.env`.

use super::lines::{self, LineKind};
use super::wiped::Wiped;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// A line of a `setup.env` that sets a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment {
    /// Number of its first line in the file, from 1.
    pub line: usize,
    /// The variable's name.
    pub name: String,
    /// Whether `export` stands before it.
    pub exported: bool,
    /// Its value, quotes taken off; `None` where bash would have to work it out (`$OTHER`, `$(…)`,
    /// `~`, `*`). Any value may be a password, so all are kept as secrets.
    pub value: Option<Secret>,
}

/// The variables that a `setup.env` sets, in the file's order; for bash the last one of a name
/// wins.
///
/// Understood is what such files are made of: comments, and `NAME=value` with or without `export`,
/// the value bare, quoted or both, over one line or several. Other lines are passed over.
///
/// ```
/// use authentik_netbird_core::outputs::parse_setup_env;
///
/// let text = "# NetBird\nexport NETBIRD_DOMAIN=\"netbird.company\" # ours\nNETBIRD_X=$Y\n";
/// let assignments = parse_setup_env(text)?;
/// assert_eq!(assignments.len(), 2);
/// assert_eq!((assignments[0].line, assignments[0].exported), (2, true));
/// assert_eq!(assignments[0].value, Some("netbird.company".into()));
/// assert_eq!(assignments[1].value, None);
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidOutputs`] with the line: a quote that is never closed, or a here-document.
pub fn parse_setup_env(text: &str) -> Result<Vec<Assignment>> {
    let text = normalized(text);
    let lines = lines::lines(text.as_str()).map_err(|issue| Error::invalid_outputs(vec![issue]))?;
    let assignments = lines.lines.into_iter().filter_map(|line| match line.kind {
        LineKind::Assignment { name, exported, literal, .. } => {
            Some(Assignment { line: line.number, name, exported, value: literal })
        }
        _ => None,
    });
    Ok(assignments.collect())
}

/// The text without a byte order mark, and without `\r` at the ends of lines, be it doubled or cut
/// before its `\n`: bash can't source a file with either.
pub(super) fn normalized(text: &str) -> Wiped {
    let text = text.trim_start_matches('\u{feff}');
    let mut out = Wiped::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(line.trim_end_matches('\r'));
    }
    out
}
