//! [`Snapshot`]: what the server had.

use std::time::SystemTime;

use crate::desired::{ADMINISTRATORS, DesiredState, SCOPE_MAPPINGS, SELF_SIGNED};
use crate::ids::Slug;
use crate::model::{
    Application, Brand, CertificateKeyPair, Flow, FlowDesignation, Group, KeyType, Open, Provider,
    ScopeMapping, Token, User, Version,
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
    /// All flows.
    pub flows: Vec<Flow>,
    /// Certificate-key pairs that have a private key.
    pub certificates: Vec<CertificateKeyPair>,
    /// authentik's own scope mappings.
    pub scope_mappings: Vec<ScopeMapping>,
    /// All brands.
    pub brands: Vec<Brand>,
    /// Groups of the wanted name.
    pub groups: Vec<Group>,
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
            flows: Vec::new(),
            certificates: Vec::new(),
            scope_mappings: Vec::new(),
            brands: Vec::new(),
            groups: Vec::new(),
            providers: Vec::new(),
            applications: Vec::new(),
            users: Vec::new(),
            tokens: Vec::new(),
        }
    }

    /// What a factory-fresh authentik of this version has, as far as it concerns `desired`. Flows,
    /// a signing key or a brand that `desired` names are taken to be there.
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
            groups: vec![Group {
                pk: ADMINISTRATORS.into(),
                name: ADMINISTRATORS.to_owned(),
                is_superuser: true,
                users: Vec::new(),
                roles: Vec::new(),
            }],
            ..Self::empty(Source::FactoryFresh, version)
        }
    }
}
