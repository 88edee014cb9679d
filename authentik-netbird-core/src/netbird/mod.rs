//! NetBird's management API: one file for each resource, with everything that is known about it.
//!
//! As in [`authentik`](crate::authentik), except for what NetBird's API is: objects are replaced with `PUT` as a whole,
//! so the current object is read first and sent back with the changes, fields that this crate does not know
//! included; and nothing has a unique key.

mod account;
mod identity_provider;
mod state;
mod user;

pub use account::{Account, AccountId};
pub use identity_provider::{IdentityProvider, IdentityProviderId};
pub use state::NetbirdState;
pub use user::{User, UserId};
