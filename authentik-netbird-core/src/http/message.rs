//! [`Message`]: a request as it is sent, and what its response is judged by.

use bytes::Bytes;
use reqwest::header::HeaderValue;
use url::Url;

use super::{Method, Request, body};
use crate::error::RequestContext;
use crate::ids::{Resource, Server};
use crate::secret::Secret;

/// A request as it is sent, to whichever server, and what its response is judged by.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) context: RequestContext,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: Option<&'static str>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) authorization: Option<HeaderValue>,
    /// The host of the page that asks, for what browsers send.
    pub(crate) origin: Option<HeaderValue>,
    pub(crate) body: Option<Bytes>,
    /// Whether its response holds a secret.
    pub(crate) sensitive: bool,
    pub(crate) permissions: Vec<String>,
    /// The secrets that no error may contain.
    pub(crate) secrets: Vec<Secret>,
    /// How many of them, from the first on, its response may contain.
    pub(crate) echoed: usize,
}

impl Message {
    /// A request without headers and body. Errors name the action and the resource.
    pub(crate) fn new(method: Method, url: Url, action: &'static str, resource: Resource) -> Self {
        let (server, path) = (url.origin().ascii_serialization(), url.path().to_owned());
        Self {
            context: RequestContext { action, resource, peer: Server::Authentik, server, path },
            method,
            url,
            accept: None,
            content_type: None,
            authorization: None,
            origin: None,
            body: None,
            sensitive: false,
            permissions: Vec::new(),
            secrets: Vec::new(),
            echoed: 0,
        }
    }

    /// A request to the API of the server at this base URL, with this token.
    pub(crate) fn api(request: &Request, base: &Url, token: &Secret, header: HeaderValue) -> Self {
        let (path, query) = match request.path.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (request.path.as_str(), None),
        };
        let mut url = base.clone();
        let root = match request.server {
            Server::Authentik => "api/v3/",
            Server::Netbird => "api/",
        };
        url.set_path(&format!("{}{root}{path}", base.path()));
        url.set_query(query);
        let secret = request.secret.as_ref();
        let has_body = request.body.is_some() || secret.is_some();
        let secrets = secret.map(|(_, secret)| secret.clone());
        let message = Self {
            accept: Some("application/json"),
            content_type: has_body.then_some("application/json"),
            authorization: Some(header),
            body: has_body.then(|| body::json(request.body.as_ref(), secret)),
            sensitive: request.sensitive,
            permissions: request.permissions.clone(),
            echoed: usize::from(request.sensitive && secret.is_some()),
            secrets: secrets.into_iter().chain([token.clone()]).collect(),
            ..Self::new(request.method, url, request.action, request.resource.clone())
        };
        message.to(request.server)
    }

    pub(crate) fn to(mut self, server: Server) -> Self {
        self.context.peer = server;
        self
    }

    pub(crate) fn accept(self, content_type: &'static str) -> Self {
        Self { accept: Some(content_type), ..self }
    }

    /// Adds a token. One with characters that a header cannot have is left out: the server then says
    /// that there is none.
    pub(crate) fn bearer(mut self, token: &Secret) -> Self {
        self.secrets.push(token.clone());
        Self { authorization: body::bearer(token).ok(), ..self }
    }

    /// Asks as a page of this origin.
    pub(crate) fn origin(self, origin: &str) -> Self {
        Self { origin: HeaderValue::from_str(origin).ok(), ..self }
    }

    /// Adds a form, in which these secrets are.
    pub(crate) fn form(mut self, fields: &[(&str, &str)], secrets: &[&Secret]) -> Self {
        self.secrets.extend(secrets.iter().map(|secret| (*secret).clone()));
        let content_type = Some("application/x-www-form-urlencoded");
        Self { content_type, body: Some(body::form(fields)), ..self }
    }

    /// Adds a JSON object, and one more field whose value is a secret.
    pub(crate) fn json(
        mut self,
        object: &serde_json::Value,
        secret: Option<&(&'static str, Secret)>,
    ) -> Self {
        self.secrets.extend(secret.iter().map(|(_, secret)| secret.clone()));
        let body = Some(body::json(Some(object), secret));
        Self { content_type: Some("application/json"), body, ..self }
    }

    pub(crate) fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }
}
