//! [`Prober`]: sends what NetBird will send, in at most four waves. Nothing is judged here.

use std::sync::{Arc, Mutex};

use url::Url;

use super::Client;
use crate::error::Result;
use crate::http::{Connection, Response};
use crate::secret::Secret;
use crate::verify::NetbirdSettings;
use crate::verify::clock::Reading;
use crate::verify::probe::Probe;
use crate::verify::responses::{
    self, DeviceCodeResponse, Document, Responses, TokenResponse, UsersResponse,
};

/// Sends probes to the server that NetBird's settings name.
pub(super) struct Prober<'a> {
    pub(super) connection: &'a Connection,
    /// The discovery document's address.
    pub(super) endpoint: &'a Url,
    pub(super) settings: &'a NetbirdSettings,
    pub(super) administrator: Option<&'a Client>,
    /// What the responses say about the server's clock.
    pub(super) clock: Mutex<Vec<Reading>>,
}

/// Where to ask next: what the discovery document names, if it is the same server. NetBird's password
/// goes nowhere else.
struct Endpoints {
    keys: Option<Url>,
    token: Option<Url>,
    device: Option<Url>,
    /// NetBird asks the issuer's host, whatever path authentik is under.
    users: Option<Url>,
}

impl Endpoints {
    fn of(document: Option<&Document>, configuration: &Url) -> Self {
        let here = |text: &str| same_server(text, configuration);
        let endpoint = |pick: fn(&Document) -> &str| document.and_then(|one| here(pick(one)));
        let users = endpoint(|document| &document.issuer).map(|mut url| {
            url.set_path("/api/v3/core/users/");
            url.set_query(None);
            url.set_fragment(None);
            url
        });
        Self {
            keys: endpoint(|document| &document.jwks_uri),
            token: endpoint(|document| &document.token_endpoint),
            device: endpoint(|document| &document.device_authorization_endpoint),
            users,
        }
    }
}

/// A URL of the same server.
pub(super) fn same_server(text: &str, configuration: &Url) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let clean = url.username().is_empty() && url.password().is_none();
    (clean && url.origin() == configuration.origin()).then_some(url)
}

impl Prober<'_> {
    /// Everything that can be found out without an administrator.
    pub(super) async fn gather(self) -> Responses {
        let responses = self.probe().await;
        let clock = self.clock.into_inner().unwrap_or_default();
        Responses { clock, ..responses }
    }

    async fn probe(&self) -> Responses {
        let origin = self.settings.dashboard();
        let (discovery, brand) = tokio::join!(
            self.send(
                Probe::discovery(self.endpoint.clone(), origin.as_deref()),
                responses::document
            ),
            self.send(Probe::current_brand(self.brand_url()), responses::brand),
        );
        let endpoints = Endpoints::of(discovery.as_ref().ok(), self.endpoint);

        let (keys, token, device) = tokio::join!(
            self.send_if(endpoints.keys.clone().map(Probe::keys), responses::keys),
            self.send_if(self.token_probe(&endpoints), responses::token),
            self.send_if(self.device_probe(&endpoints), responses::device_code),
        );

        let issued = match &token {
            // NetBird takes an encrypted one for broken, and sends nothing with it.
            Some(Ok(TokenResponse::Issued(issued))) if issued.parts == 3 => Some(issued),
            _ => None,
        };
        let with_token = endpoints.users.as_ref().zip(issued);
        let user = with_token.and_then(|(url, issued)| {
            Some(Probe::user(url.clone(), issued.user_id()?, &issued.token))
        });
        let page = |number| {
            with_token.map(|(url, issued)| Probe::users(url.clone(), number, &issued.token))
        };
        let device_page = match &device {
            Some(Ok(DeviceCodeResponse::Issued { verification_uri, .. })) => {
                same_server(verification_uri, self.endpoint).map(Probe::device_page)
            }
            _ => None,
        };
        let (mut users, user, device_page) = tokio::join!(
            self.send_if(page(1), responses::users),
            self.send_if(user, responses::user),
            self.send_if(device_page, responses::device_page),
        );

        // One more page shows that paging works; NetBird reads them all.
        if let Some(Ok(UsersResponse::Listed { next, .. })) = users
            && next > 1
        {
            match self.send_if(page(next), responses::users).await {
                None | Some(Ok(UsersResponse::Listed { .. })) => {}
                other => users = other,
            }
        }
        Responses {
            discovery,
            brand,
            keys,
            token,
            device,
            device_page,
            users,
            user,
            clock: Vec::new(),
            administration: None,
        }
    }

    async fn send<T>(&self, probe: Probe, read: fn(&Response) -> Result<T>) -> Result<T> {
        read(&self.send_probe(probe).await?)
    }

    async fn send_if<T>(
        &self,
        probe: Option<Probe>,
        read: fn(&Response) -> Result<T>,
    ) -> Option<Result<T>> {
        Some(self.send(probe?, read).await)
    }

    /// Sends a probe, and again after failures that may pass: the server is only asked.
    async fn send_probe(&self, Probe(mut message): Probe) -> Result<Response> {
        message.secrets.extend(self.secrets().cloned());
        let response = self.connection.send_with_retry(&Arc::new(message)).await?;
        if let (Some(reading), Ok(mut clock)) = (Reading::of(&response), self.clock.lock()) {
            clock.push(reading);
        }
        Ok(response)
    }

    /// The secrets that no message may contain.
    fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let password = self.settings.account.as_ref().and_then(|account| account.password.as_ref());
        self.administrator.map(Client::token).into_iter().chain(password)
    }

    fn brand_url(&self) -> Url {
        let mut url = self.settings.authentik_url().unwrap_or_else(|| self.endpoint.clone());
        url.set_path(&format!("{}api/v3/core/brands/current/", url.path()));
        url
    }

    fn token_probe(&self, endpoints: &Endpoints) -> Option<Probe> {
        let account = self.settings.account.as_ref()?;
        let (url, password) = (endpoints.token.clone()?, account.password.as_ref()?);
        Some(Probe::token(url, &account.client_id, &account.username, password))
    }

    fn device_probe(&self, endpoints: &Endpoints) -> Option<Probe> {
        let (url, device) = (endpoints.device.clone()?, self.settings.device.as_ref()?);
        Some(Probe::device_code(url, &device.client_id, &device.audience, &device.scope))
    }
}
