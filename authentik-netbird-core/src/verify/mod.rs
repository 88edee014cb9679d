//! Verifying: proving that it works as NetBird will use it.
//!
//! authentik is asked what NetBird will ask, to the letter: the discovery document, the key set, a
//! device code, the token for reading users, and the users. Each failure becomes one sentence with
//! its remedy. [`Client::verify`](crate::Client::verify) has an administrator's token, too, and reads
//! what tells one cause from another; [`Verifier`] does without, from a `setup.env` alone.
//!
//! Nothing is written. What NetBird's requests leave behind these leave, too: a login of the service
//! account in authentik's event log, a token for an hour, a device code for some minutes (authentik
//! hands out 20 an hour to an address); and before 2026.5 authentik deletes an app password that has
//! expired as soon as someone uses it.

#[cfg(feature = "client")]
mod administration;
#[cfg(feature = "client")]
mod answers;
#[cfg(feature = "client")]
mod ask;
#[cfg(feature = "client")]
mod clock;
#[cfg(feature = "client")]
mod judge;
mod name;
mod report;
mod settings;
mod text;
#[cfg(feature = "client")]
mod trouble;
#[cfg(feature = "client")]
mod verifier;

pub use name::CheckName;
pub use report::{Check, CheckStatus, Verification};
pub use settings::NetbirdSettings;
#[cfg(feature = "client")]
pub use verifier::Verifier;
