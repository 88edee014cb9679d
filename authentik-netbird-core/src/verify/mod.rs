//! Verifying that authentik works as NetBird will use it.
//!
//! Probes are sent to authentik exactly as NetBird sends its requests: for the discovery document, the
//! key set, a device code, the token for reading users, and the users. Each failure becomes one
//! sentence with a hint. [`Client::verify`](crate::Client::verify) also has an administrator's token,
//! and reads what tells one cause from another; [`verify`] does without, from a `setup.env` alone.
//!
//! Nothing is written. Probes leave behind what NetBird's requests do: a login of the service account
//! in authentik's event log, a token for an hour, a device code for some minutes (authentik issues 20
//! per hour and address); and before 2026.5 authentik deletes an expired app password as soon as it is
//! used.

#[cfg(feature = "client")]
pub(crate) mod administration;
#[cfg(feature = "client")]
pub(crate) mod checks;
#[cfg(feature = "client")]
pub(crate) mod clock;
pub(crate) mod environment;
#[cfg(feature = "client")]
pub(crate) mod expiries;
#[cfg(feature = "client")]
pub(crate) mod fixes;
mod management;
#[cfg(feature = "client")]
pub(crate) mod probe;
pub(crate) mod reader;
#[cfg(feature = "client")]
pub(crate) mod responses;
mod settings;

#[cfg(feature = "client")]
pub use crate::client::verify;
pub use settings::NetbirdSettings;

use crate::error::{Error, Result};
pub use crate::report::{Check, CheckName, CheckStatus, Expiry, ExpiryKind, Verification};

impl Verification {
    /// The verification itself if no check failed: for scripts that want to stop otherwise. It may be
    /// incomplete ([`Verification::is_complete`]).
    ///
    /// # Errors
    /// [`Error::Verification`] if a check failed.
    pub fn into_result(self) -> Result<Self> {
        if self.failures().is_empty() { Ok(self) } else { Err(Error::Verification(Box::new(self))) }
    }
}
