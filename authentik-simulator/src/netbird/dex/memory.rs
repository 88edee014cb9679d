//! Dex's state of logins, as plain data.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::Value;

use crate::netbird::objects::Connector;

/// Dex's state of logins. None of it is configuration.
#[derive(Clone, Debug, Default)]
pub(in crate::netbird) struct Dex {
    /// The connectors as they were when Dex opened them: it keeps them until a restart.
    pub(super) opened: BTreeMap<String, Opened>,
    pub(super) requests: Vec<AuthRequest>,
    pub(super) codes: Vec<AuthRequest>,
    pub(in crate::netbird) issued: Vec<Issued>,
}

/// A connector that is in use.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    pub(super) connector: Connector,
    /// Its issuer's discovery document; `None` before the first login after a restart.
    pub(super) upstream: Option<Upstream>,
}

/// A login under way; once it has an identity, its id is the code.
#[derive(Clone, Debug)]
pub(super) struct AuthRequest {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) nonce: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: Option<String>,
    pub(super) connector: String,
    pub(super) identity: Option<Identity>,
}

/// Who logged in, as a connector says.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) preferred_username: String,
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) groups: Option<Vec<String>>,
}

/// A token that was handed out.
#[derive(Clone, Debug)]
pub(in crate::netbird) struct Issued {
    pub(in crate::netbird) token: String,
    pub(in crate::netbird) claims: Value,
    pub(in crate::netbird) expires: SystemTime,
}

/// The fields that Dex takes from a discovery document.
#[derive(Clone, Debug)]
pub(super) struct Upstream {
    pub(super) authorization: String,
    pub(super) token: String,
    pub(super) keys: String,
    /// The algorithms that signatures may have.
    pub(super) algorithms: Vec<String>,
}
