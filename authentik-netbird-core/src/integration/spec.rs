//! [`OptionSpec`]: what an option is, for programs that offer options to people.

use serde::Serialize;

use super::GuideStep;

/// The description of an option of an integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OptionSpec {
    /// Name: of the builder's method (a list's method adds one element), and in files.
    pub name: &'static str,
    /// The kind of values that it takes.
    #[serde(flatten)]
    pub kind: OptionKind,
    /// Whether it must be given.
    pub required: bool,
    /// Default, if it is a text. Else nothing, false or an empty list.
    pub default: Option<&'static str>,
    /// One paragraph. Code and names of options are in backticks.
    pub doc: &'static str,
    /// The guide's step that it is about.
    pub guide: Option<GuideStep>,
    /// The mode that it belongs to; `None`: every mode.
    pub mode: Option<&'static str>,
}

/// The kinds of values that an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OptionKind {
    /// A text, which has a default or must be given.
    Text,
    /// A text or nothing.
    OptionalText,
    /// A time in RFC 3339 and UTC, or nothing.
    OptionalTime,
    /// True or false.
    Bool,
    /// One of these texts.
    Choice {
        /// Name of the enum in Python.
        class: &'static str,
        /// The texts.
        choices: &'static [&'static str],
    },
    /// A list of texts.
    Texts,
    /// A list of redirect URIs.
    RedirectUris,
}

impl OptionKind {
    /// The type with this check: a text that is checked as a time is one.
    pub(super) const fn checked(self, check: &str) -> Self {
        match (self, check.as_bytes()) {
            (Self::OptionalText, b"time") => Self::OptionalTime,
            _ => self,
        }
    }

    /// The values in words, for messages.
    pub(super) fn expected(self) -> String {
        match self {
            Self::Text | Self::OptionalText => "a string".to_owned(),
            Self::OptionalTime => "a time".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Choice { choices, .. } => format!("one of {}", choices.join(", ")),
            Self::Texts => "a list of strings".to_owned(),
            Self::RedirectUris => "a list of objects with matching_mode and url".to_owned(),
        }
    }
}
