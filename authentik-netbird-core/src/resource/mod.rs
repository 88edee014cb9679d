//! The common part of all resources, whichever server has them: a description (`Api`), writes as
//! values ([`Write`]), one comparison for plans and for reading back, and references to what an earlier
//! operation creates.

mod api;
mod compare;
mod created;
mod duration;
mod open;
mod resolve;
mod write;

pub(crate) use api::{Action, Api, LookUp, Object, Proof, SecretField, object, segment, value};
pub(crate) use compare::{Body, Normalize, ReadBack, differing, same_url};
#[cfg(feature = "client")]
pub(crate) use created::{AccountResponse, CreateResponse, SecretResponse};
pub use created::{Created, CreatedBy};
pub(crate) use duration::duration_seconds;
pub use open::Open;
pub(crate) use open::{default_true, null_as_default, null_as_true};
pub(crate) use resolve::{client_id_of, secret_reference};
pub use write::Write;
pub(crate) use write::WriteFields;
