//! Enums from their texts.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};

use crate::issue::printable;

/// A text that is not one of an enum's. It names those that are.
///
/// ```
/// use authentik_netbird_core::integration::ServiceAccount;
///
/// assert_eq!("user_reader".parse(), Ok(ServiceAccount::UserReader));
/// let error = ServiceAccount::try_from("emperor").unwrap_err().to_string();
/// assert!(error.starts_with("unknown variant `emperor`, expected one of `administrator`, "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseEnumError(String);

/// A value by the text that JSON has for it.
pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ParseEnumError> {
    let deserializer: StrDeserializer<'a, Error> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|error| ParseEnumError(printable(&error.to_string())))
}

/// Lets enums parse from the texts that JSON has for them.
macro_rules! parsed {
    ($($name:ty),+ $(,)?) => {
        $(
            impl std::str::FromStr for $name {
                type Err = crate::ids::ParseEnumError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    crate::ids::parse(text)
                }
            }

            impl TryFrom<&str> for $name {
                type Error = crate::ids::ParseEnumError;

                fn try_from(text: &str) -> Result<Self, Self::Error> {
                    text.parse()
                }
            }
        )+
    };
}
pub(crate) use parsed;
