//! The code that the table of options turns into: setters, getters, the file form, checks. An option's type decides how
//! it is set and read.

/// An enum of texts that are the values of an option.
macro_rules! choices {
    (
        $(#[$about:meta])*
        $Name:ident { $( $(#[$meta:meta])* $Variant:ident = $text:literal, )+ }
    ) => {
        crate::ids::text_enum! {
            $(#[$about])*
            #[derive(Default)]
            $Name { $( $(#[$meta])* $Variant = $text, )+ }
        }

        impl $Name {
            pub(super) const VALUES: &'static [&'static str] = &[$($text),+];
        }

        impl super::value::OptionValue for $Name {
            type Part = Self;
            const KIND: super::OptionKind =
                super::OptionKind::Choice { class: stringify!($Name), choices: Self::VALUES };

            fn from_default(text: &str) -> Self {
                text.parse().unwrap_or_default()
            }

            fn parts(&self) -> impl Iterator<Item = (Option<usize>, &Self)> {
                [(None, self)].into_iter()
            }
        }
    };
}
pub(super) use choices;

/// A group of options: its struct, the builder's methods and the getters.
macro_rules! options {
    (
        $(#[$about:meta])*
        $vis:vis $Group:ident: $mode:expr, set in $group:ident, read from $Owner:ident $path:tt;
        $(
            $(#[doc = $doc:literal])+
            [$($guide:ident)?] $name:ident $(/ $one:ident)?: $Type:ident $(<$Inner:ident>)?
                $(= $default:literal)? $(, $check:ident)?;
        )+
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        $vis struct $Group {
            $( pub(super) $name: $Type $(<$Inner>)?, )+
            /// Names of the options that were set; the others have their defaults.
            pub(super) asked: std::collections::BTreeSet<&'static str>,
        }

        impl Default for $Group {
            fn default() -> Self {
                use super::value::OptionValue;
                Self {
                    $( $name: OptionValue::from_default(concat!($($default)?)), )+
                    asked: std::collections::BTreeSet::new(),
                }
            }
        }

        impl NetbirdIntegrationBuilder {
            $(super::table::access! {
                set [
                    ($($one)? $name), $group,
                    $(#[doc = $doc])+ $(#[doc = concat!("\n\nDefault: `", $default, "`.")])?
                    $(#[doc = concat!(
                        "\n\nGuide: [`", stringify!($guide),
                        "`](crate::integration::GuideStep::", stringify!($guide), ")."
                    )])?
                    $(#[doc = concat!("\n\nAdds one; call `", stringify!($one), "` once for each.")])?
                ] $Type $($Inner)?
            })+
        }

        impl $Owner {
            $(super::table::access! { get [$name, $path, $(#[doc = $doc])+] $Type $($Inner)? })+
        }

        impl $Group {
            pub(super) const OPTIONS: &'static [super::OptionSpec] = &[
                $(super::OptionSpec {
                    name: stringify!($name),
                    kind: <$Type $(<$Inner>)? as super::value::OptionValue>::KIND
                        .checked(concat!($(stringify!($check))?)),
                    required: false,
                    default: [$(Some($default),)? None][0],
                    doc: concat!($($doc),+).trim_ascii(),
                    guide: [$(Some(super::GuideStep::$guide),)? None][0],
                    mode: $mode,
                },)+
            ];

            pub(super) fn take(&mut self, fields: &mut super::fields::Fields) {
                $(if fields.take(stringify!($name), &mut self.$name) {
                    self.asked.insert(stringify!($name));
                })+
            }

            pub(super) fn value(&self, name: &str) -> Option<serde_json::Value> {
                match name {
                    $( stringify!($name) => serde_json::to_value(&self.$name).ok(), )+
                    _ => None,
                }
            }

            pub(super) fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $(if self.asked.contains(stringify!($name)) {
                    map.serialize_entry(stringify!($name), &self.$name)?;
                })+
                Ok(())
            }

            pub(super) fn check(&self, check: &mut super::checks::Check) {
                $($( check.option(stringify!($name), &self.$name, super::checks::$check); )?)+
            }
        }
    };
}
pub(super) use options;

/// An option's method of the builder (`set`) or its getter (`get`), by the option's type.
macro_rules! access {
    ($how:ident $option:tt String) => {
        super::table::access! { @$how $option impl Into<String>, slot, value { *slot = value.into() } &str { slot } }
    };
    ($how:ident $option:tt Slug) => {
        super::table::access! { @$how $option impl Into<String>, slot, value { *slot = value.into().into() } &Slug { slot } }
    };
    ($how:ident $option:tt Option String) => {
        super::table::access! {
            @$how $option impl Into<String>, slot, value { *slot = Some(value.into()) } Option<&str> { slot.as_deref() }
        }
    };
    ($how:ident $option:tt Option $Inner:ident) => {
        super::table::access! {
            @$how $option impl Into<String>, slot, value { *slot = Some(value.into().into()) }
            Option<&$Inner> { slot.as_ref() }
        }
    };
    ($how:ident $option:tt Vec String) => {
        super::table::access! { @$how $option impl Into<String>, slot, value { slot.push(value.into()) } &[String] { slot } }
    };
    ($how:ident $option:tt Vec $Inner:ident) => {
        super::table::access! { @$how $option $Inner, slot, value { slot.push(value) } &[$Inner] { slot } }
    };
    ($how:ident $option:tt $Type:ident) => {
        super::table::access! { @$how $option $Type, slot, value { *slot = value } $Type { *slot } }
    };
    (
        @set [($name:ident), $($option:tt)*] $($types:tt)*
    ) => {
        super::table::access! { @set [($name $name), $($option)*] $($types)* }
    };
    (
        @set [($method:ident $name:ident), $group:ident, $($meta:tt)*]
        $Given:ty, $slot:ident, $value:ident { $set:expr } $Got:ty { $get:expr }
    ) => {
        $($meta)*
        pub fn $method(mut self, $value: $Given) -> Self {
            let $slot = &mut self.$group.$name;
            $set;
            self.$group.asked.insert(stringify!($name));
            self
        }
    };
    (
        @get [$name:ident, ($($path:ident)?), $($meta:tt)*]
        $Given:ty, $slot:ident, $value:ident { $set:expr } $Got:ty { $get:expr }
    ) => {
        $($meta)*
        #[must_use]
        pub fn $name(&self) -> $Got {
            let $slot = &self.$($path.)?$name;
            $get
        }
    };
}
pub(super) use access;
