//! authentik's API: one file for each resource, with everything that is known about it.
//!
//! A resource's file has what is read of it, what is sent for it, its path and its name among
//! authentik's permissions (`Api`), and its writes, each with the way to read it
//! back.
//!
//! Reading is tolerant: unknown fields are ignored, `null` and a missing field are a default, and an
//! unknown enum value is [`Open::Other`](crate::resource::Open). Writing is exact: a body has the named fields and no other.
//! Only fields that this crate uses are here.

mod account_rights;
mod goal;
mod page;
mod read;
pub(crate) mod reads;
mod redirect_uri;
mod snapshot;
mod used_by;
mod version;

macro_rules! resources {
    ($($module:ident)+) => {
        $(mod $module; pub use $module::*;)+
    };
}

resources! {
    application brand caller certificate event flow group permission policy_binding provider role
    scope_mapping token user
}

pub use redirect_uri::{MatchingMode, RedirectUri, RedirectUriEntry, RedirectUriType};
pub(crate) use snapshot::{Keyed, RESOURCES, Stored};
pub use snapshot::{Snapshot, Source};
pub use used_by::UsedBy;
pub use version::{ParseVersionError, Version};

// Forms on the wire, for this project's own tests. They may change at any time.
#[doc(hidden)]
pub use self::{
    page::{Page, Pagination},
    read::Read,
    version::VersionResponse,
};

#[cfg(test)]
mod tests;
