//! [`Snapshot`]: what the server had.

use std::time::SystemTime;

use crate::desired::{ADMINISTRATORS, DesiredState, SCOPE_MAPPINGS, SELF_SIGNED};
use crate::ids::Slug;
use crate::model::{
    Application, Brand, Caller, CertificateKeyPair, Flow, FlowDesignation, Group, KeyType, Open,
    Permission, PolicyBinding, Provider, Role, ScopeMapping, Token, User, Version,
};

/// Where a snapshot comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Read from a server: primary keys are real.
    Server,
    /// Built in: what a factory-fresh authentik has. Primary keys are not known, and plans name
    /// its objects by their identity keys.
    FactoryFresh,
}

/// What the server had: plain data, read in one wave. Lists may hold more than was asked for,
/// because authentik passes over filters that it does not know; plans match again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// Where it comes from.
    pub source: Source,
    /// When it was read, by the caller's clock; `None` offline.
    pub taken_at: Option<SystemTime>,
    /// The server's version.
    pub version: Version,
    /// Whose token it was read with; `None` offline.
    pub caller: Option<Caller>,
    /// All flows.
    pub flows: Vec<Flow>,
    /// Certificate-key pairs that have a private key.
    pub certificates: Vec<CertificateKeyPair>,
    /// authentik's own scope mappings.
    pub scope_mappings: Vec<ScopeMapping>,
    /// All brands.
    pub brands: Vec<Brand>,
    /// Groups of the wanted names.
    pub groups: Vec<Group>,
    /// Roles of the wanted name.
    pub roles: Vec<Role>,
    /// Global permissions of the role of the wanted name, if there is one.
    pub role_permissions: Vec<Permission>,
    /// Bindings of the wanted application, where access groups are asked for.
    pub bindings: Vec<PolicyBinding>,
    /// Providers of the wanted name or client id.
    pub providers: Vec<Provider>,
    /// Applications of the wanted slug.
    pub applications: Vec<Application>,
    /// Users of the wanted name.
    pub users: Vec<User>,
    /// Tokens of the wanted account, and the one that a new account's app password would be.
    pub tokens: Vec<Token>,
}

impl Snapshot {
    /// An empty server, to be filled in.
    #[must_use]
    pub fn empty(source: Source, version: Version) -> Self {
        Self {
            source,
            taken_at: None,
            version,
            caller: None,
            flows: Vec::new(),
            certificates: Vec::new(),
            scope_mappings: Vec::new(),
            brands: Vec::new(),
            groups: Vec::new(),
            roles: Vec::new(),
            role_permissions: Vec::new(),
            bindings: Vec::new(),
            providers: Vec::new(),
            applications: Vec::new(),
            users: Vec::new(),
            tokens: Vec::new(),
        }
    }

    /// What a factory-fresh authentik of this version has, as far as it concerns `desired`. Flows,
    /// a signing key, a brand or access groups that `desired` names are taken to be there.
    #[must_use]
    pub fn factory_fresh(desired: &DesiredState, version: Version) -> Self {
        let flow = |slug: &Slug, designation| Flow {
            pk: slug.as_str().into(),
            name: slug.to_string(),
            slug: slug.clone(),
            title: String::new(),
            designation: Some(Open::Known(designation)),
            authentication: None,
        };
        let mut flows =
            vec![flow(&desired.provider.authorization_flow, FlowDesignation::Authorization)];
        if desired.provider.invalidation_flow != desired.provider.authorization_flow {
            flows.push(flow(&desired.provider.invalidation_flow, FlowDesignation::Invalidation));
        }
        let key = desired.provider.signing_key.as_deref().unwrap_or(SELF_SIGNED);
        let domain = desired.brand.domain.as_deref().unwrap_or("authentik-default");
        Self {
            flows,
            certificates: vec![CertificateKeyPair {
                pk: key.into(),
                name: key.to_owned(),
                private_key_available: true,
                key_type: Some(Open::Known(KeyType::Rsa)),
                private_key_type: None,
                cert_expiry: None,
            }],
            scope_mappings: SCOPE_MAPPINGS
                .iter()
                .map(|managed| ScopeMapping {
                    pk: (*managed).into(),
                    name: (*managed).to_owned(),
                    managed: Some((*managed).to_owned()),
                    scope_name: String::new(),
                })
                .collect(),
            brands: vec![Brand {
                pk: domain.into(),
                domain: domain.to_owned(),
                default: desired.brand.domain.is_none(),
                flow_device_code: None,
            }],
            groups: std::iter::once((ADMINISTRATORS, true))
                .chain(desired.access.groups.iter().map(|name| (name.as_str(), false)))
                .map(|(name, is_superuser)| Group {
                    pk: name.into(),
                    name: name.to_owned(),
                    is_superuser,
                    users: Vec::new(),
                    roles: Vec::new(),
                    parent: None,
                    parents: Vec::new(),
                })
                .collect(),
            ..Self::empty(Source::FactoryFresh, version)
        }
    }
}
