//! The objects of a simulated authentik, as plain data with public fields, and how a server makes one
//! from nothing but a name. They know nothing of the state that they are kept in.
//!
//! The words and the field names are authentik's. A list that authentik keeps in another table (the
//! members of a group, the permissions of a role) is kept here with the object it is read from.

mod application;
mod brand;
mod certificate;
mod flow;
mod group;
mod policy_binding;
mod provider;
mod role;
mod scope_mapping;
mod token;
mod user;

pub use self::application::Application;
pub use self::brand::Brand;
pub use self::certificate::{Certificate, KeyType};
pub(crate) use self::flow::FLOW_BACKGROUND;
pub use self::flow::Flow;
pub use self::group::Group;
pub use self::policy_binding::PolicyBinding;
pub use self::provider::{Provider, RedirectUri};
pub use self::role::Role;
pub use self::scope_mapping::ScopeMapping;
pub use self::token::Token;
pub use self::user::User;
