//! [`OptionValue`]: the types that options have.

use serde::de::DeserializeOwned;

use super::spec::OptionKind;
use crate::authentik::RedirectUri;
use crate::ids::{ClientId, Slug};

/// A type that options have.
pub(super) trait OptionValue: DeserializeOwned {
    /// The part that is checked: each element of a list.
    type Part: ?Sized;
    const KIND: OptionKind;

    fn from_default(text: &str) -> Self;

    /// The parts, each with its index in a list.
    fn parts(&self) -> impl Iterator<Item = (Option<usize>, &Self::Part)>;
}

macro_rules! option_value {
    ($($Type:ty: $Part:ty, $KIND:ident, $default:ident => $value:expr, $self:ident => $parts:expr;)+) => {
        $(impl OptionValue for $Type {
            type Part = $Part;
            const KIND: OptionKind = OptionKind::$KIND;

            fn from_default($default: &str) -> Self {
                $value
            }

            fn parts(&self) -> impl Iterator<Item = (Option<usize>, &$Part)> {
                let $self = self;
                $parts
            }
        })+
    };
}

option_value! {
    String: str, Text, text => text.to_owned(), it => [(None, it.as_str())].into_iter();
    Slug: str, Text, text => text.into(), it => [(None, it.as_str())].into_iter();
    Option<String>: str, OptionalText, _text => None, it => it.iter().map(|it| (None, it.as_str()));
    Option<ClientId>: str, OptionalText, _text => None, it => it.iter().map(|it| (None, it.as_str()));
    bool: bool, Bool, _text => false, it => [(None, it)].into_iter();
    Vec<String>: str, Texts, _text => Vec::new(),
        it => it.iter().enumerate().map(|(index, it)| (Some(index), it.as_str()));
    Vec<RedirectUri>: RedirectUri, RedirectUris, _text => Vec::new(),
        it => it.iter().enumerate().map(|(index, it)| (Some(index), it));
}
