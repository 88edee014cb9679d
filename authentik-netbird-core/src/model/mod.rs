//! authentik's resources, as it sends and takes them.
//!
//! Reading is tolerant: unknown fields are passed over, `null` and a missing field are a default,
//! an unknown enum value is [`Open::Other`]. Writing is exact: a `…Create` has what a create needs,
//! a `…Patch` sends the named fields and nothing else. Only fields that this crate uses are here.

mod application;
mod brand;
mod caller;
mod certificate;
mod event;
mod flow;
mod group;
mod open;
mod page;
mod policy_binding;
mod provider;
mod redirect_uri;
mod role;
mod scope_mapping;
mod token;
mod used_by;
mod user;
mod version;

pub use application::{Application, ApplicationCreate, ApplicationPatch, ApplicationRelease};
pub use brand::{Brand, BrandPatch, BrandRelease};
pub use caller::{Caller, CallerRights, Me};
pub use certificate::{CertificateKeyPair, KeyType};
pub use event::Event;
pub use flow::{Flow, FlowAuthentication, FlowCreate, FlowDesignation, FlowDetail, FlowPatch};
pub use group::{Group, GroupCreate, GroupMember, GroupPatch};
pub use open::{Null, Open};
pub use page::{Page, Pagination};
pub use policy_binding::{PolicyBinding, PolicyBindingCreate};
pub use provider::{
    ClientType, GrantType, IssuerMode, Provider, ProviderCreate, ProviderPatch, SubjectMode,
};
pub use redirect_uri::{MatchingMode, RedirectUri, RedirectUriEntry, RedirectUriType};
pub use role::{Permission, Role, RoleCreate, RolePermissions};
pub use scope_mapping::ScopeMapping;
pub use token::{Token, TokenCreate, TokenIntent, TokenKey};
pub use used_by::UsedBy;
pub use user::{
    ServiceAccountCreate, ServiceAccountCreated, User, UserDetail, UserGroup, UserPatch, UserType,
};
pub use version::{ParseVersionError, Version, VersionAnswer};
