//! Asking: what NetBird will ask, in at most four waves, and what an administrator may read beside
//! it. Nothing is judged here.

use url::Url;

use super::administration::{AccountAnswers, Administration};
use super::answers::{self, Answers, DeviceOutcome, Document, TokenOutcome, UsersOutcome};
use super::clock::Reading;
use super::settings::NetbirdSettings;
use super::trouble::{Trouble, answered};
use crate::authentik::{
    Application, Group, PolicyBinding, Provider, Read, Token, User, VersionResponse,
};
use crate::client::{Client, Connection, now};
use crate::error::Result;
use crate::request::netbird::{self, NetbirdAnswer, NetbirdRequest};

/// Asks everything. With a client its token reads what tells causes apart; it goes to no other
/// place.
pub(super) async fn ask(
    connection: &Connection,
    settings: &NetbirdSettings,
    administrator: Option<&Client>,
) -> Answers {
    let asking = Asking { connection, settings, administrator };
    let mut clock = Clock::default();

    let ((discovery, brand), mut administration) =
        tokio::join!(asking.discovery_and_brand(&mut clock), asking.administration());
    let endpoints = Endpoints::of(discovery.as_ref().ok(), settings);

    let ((keys, token, device), bindings) = tokio::join!(
        asking.keys_and_codes(&endpoints, &mut clock),
        asking.bindings(administration.as_ref()),
    );
    if let Some(administration) = &mut administration {
        administration.bindings = bindings;
    }

    let ((users, user, device_page), groups) = tokio::join!(
        asking.users_and_page(&endpoints, token.as_ref(), device.as_ref(), &mut clock),
        asking.groups(administration.as_ref(), token.as_ref()),
    );
    if let Some(administration) = &mut administration {
        administration.groups = groups;
    }

    // One more page shows that paging works; NetBird reads them all.
    let users = match (users, &endpoints.users, &token) {
        (
            Some(UsersOutcome::Listed { count, next }),
            Some(url),
            Some(TokenOutcome::Issued(issued)),
        ) if next > 1 => {
            let request = netbird::users(url.clone(), next, &issued.token);
            let second = match asking.send(&request, &mut clock).await {
                Ok(answer) => answers::users(&answer),
                Err(trouble) => UsersOutcome::Trouble(trouble),
            };
            Some(match second {
                UsersOutcome::Listed { .. } => UsersOutcome::Listed { count, next: 0 },
                other => other,
            })
        }
        (users, ..) => users,
    };
    let clock = clock.0;
    Answers {
        discovery,
        brand,
        keys,
        token,
        device,
        device_page,
        users,
        user,
        clock,
        administration,
    }
}

struct Asking<'a> {
    connection: &'a Connection,
    settings: &'a NetbirdSettings,
    administrator: Option<&'a Client>,
}

/// What the answers say about the server's clock.
#[derive(Default)]
struct Clock(Vec<Reading>);

impl Clock {
    fn note(&mut self, answer: Option<&NetbirdAnswer>) {
        self.0.extend(answer.and_then(Reading::of));
    }
}

/// Where to ask on: what the discovery document names, as long as it is the same server. NetBird's
/// password goes nowhere else.
struct Endpoints {
    keys: Option<Url>,
    token: Option<Url>,
    device: Option<Url>,
    /// NetBird asks the issuer's host, whatever path authentik is under.
    users: Option<Url>,
}

impl Endpoints {
    fn of(document: Option<&Document>, settings: &NetbirdSettings) -> Self {
        let here = |text: &str| same_server(text, settings);
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

/// A URL of the server that the settings name.
fn same_server(text: &str, settings: &NetbirdSettings) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let clean = url.username().is_empty() && url.password().is_none();
    (clean && url.origin() == settings.configuration_endpoint.origin()).then_some(url)
}

impl Asking<'_> {
    async fn send(
        &self,
        request: &NetbirdRequest,
        clock: &mut Clock,
    ) -> Result<NetbirdAnswer, Trouble> {
        let answer = answered(self.connection.ask(request).await);
        clock.note(answer.as_ref().ok());
        answer
    }

    async fn discovery_and_brand(
        &self,
        clock: &mut Clock,
    ) -> (Result<Document, Trouble>, Result<answers::Brand, Trouble>) {
        let mut brand_url = self.settings.authentik_url();
        let path = format!("{}api/v3/core/brands/current/", brand_url.path());
        brand_url.set_path(&path);
        let discovery = netbird::discovery(self.settings.configuration_endpoint.clone());
        let brand = netbird::current_brand(brand_url);
        let (discovery, brand) =
            tokio::join!(self.connection.ask(&discovery), self.connection.ask(&brand));
        for answer in [&discovery, &brand] {
            clock.note(answer.as_ref().ok());
        }
        (
            answered(discovery).and_then(|answer| answers::document(&answer)),
            answered(brand).and_then(|answer| answers::brand(&answer)),
        )
    }

    async fn keys_and_codes(
        &self,
        endpoints: &Endpoints,
        clock: &mut Clock,
    ) -> (Option<Result<Vec<String>, Trouble>>, Option<TokenOutcome>, Option<DeviceOutcome>) {
        let keys = endpoints.keys.clone().map(netbird::keys);
        let account = self.settings.account.as_ref();
        let password = account.and_then(|account| account.password.as_ref());
        let token =
            endpoints.token.clone().zip(account.zip(password)).map(|(url, (account, password))| {
                netbird::token(url, &account.client_id, &account.username, password)
            });
        let device =
            endpoints.device.clone().zip(self.settings.device.as_ref()).map(|(url, device)| {
                netbird::device_code(url, &device.client_id, &device.audience, &device.scope)
            });
        let (keys, token, device) = tokio::join!(
            self.optional(keys.as_ref()),
            self.optional(token.as_ref()),
            self.optional(device.as_ref()),
        );
        for answer in [&keys, &token, &device].into_iter().flatten() {
            clock.note(answer.as_ref().ok());
        }
        let token = token.map(|answer| match answer {
            Ok(answer) => answers::token(&answer),
            Err(trouble) => TokenOutcome::Trouble(trouble),
        });
        let device = device.map(|answer| match answer {
            Ok(answer) => answers::device(&answer),
            Err(trouble) => DeviceOutcome::Trouble(trouble),
        });
        (keys.map(|answer| answers::keys(&answer?)), token, device)
    }

    async fn users_and_page(
        &self,
        endpoints: &Endpoints,
        token: Option<&TokenOutcome>,
        device: Option<&DeviceOutcome>,
        clock: &mut Clock,
    ) -> (Option<UsersOutcome>, Option<UsersOutcome>, Option<Result<(), Trouble>>) {
        let issued = match token {
            // An encrypted one NetBird takes for broken, and asks for nothing with it.
            Some(TokenOutcome::Issued(issued)) if issued.parts == 3 => Some(issued),
            _ => None,
        };
        let asked = endpoints.users.clone().zip(issued);
        let user = asked.as_ref().and_then(|(url, issued)| {
            Some(netbird::user(url.clone(), issued.user_id()?, &issued.token))
        });
        let users = asked.map(|(url, issued)| netbird::users(url, 1, &issued.token));
        let page = match device {
            Some(DeviceOutcome::Issued { verification_uri, .. }) => {
                same_server(verification_uri, self.settings).map(netbird::device_page)
            }
            _ => None,
        };
        let (users, user, page) = tokio::join!(
            self.optional(users.as_ref()),
            self.optional(user.as_ref()),
            self.optional(page.as_ref()),
        );
        for answer in [&users, &user, &page].into_iter().flatten() {
            clock.note(answer.as_ref().ok());
        }
        let outcome = |read: fn(&NetbirdAnswer) -> UsersOutcome| {
            move |answer: Result<NetbirdAnswer, Trouble>| match answer {
                Ok(answer) => read(&answer),
                Err(trouble) => UsersOutcome::Trouble(trouble),
            }
        };
        (
            users.map(outcome(answers::users)),
            user.map(outcome(answers::user)),
            page.map(|answer| answers::device_page(&answer?)),
        )
    }

    async fn optional(
        &self,
        request: Option<&NetbirdRequest>,
    ) -> Option<Result<NetbirdAnswer, Trouble>> {
        Some(answered(self.connection.ask(request?).await))
    }

    async fn administration(&self) -> Option<Administration> {
        let client = self.administrator?;
        let settings = self.settings;
        let slug = settings.application_slug();
        let username = settings.account.as_ref().map(|account| account.username.as_str());
        let list = |read: Read| read.request;
        let account = async {
            let username = username?;
            let by = |filter| list(Read::list::<User>(username, &[(filter, username)]));
            let tokens = list(Read::list::<Token>(username, &[("user__username", username)]));
            let (named, like_named) = (by("username"), by("search"));
            let (users, like_named, tokens) = tokio::join!(
                client.read_all(&named),
                client.read_all(&like_named),
                client.read_all(&tokens),
            );
            Some(AccountAnswers { users, like_named, tokens })
        };
        let version = async {
            let request = Read::version().request;
            let answer = client.read(&request).await?;
            Ok(answer.decode::<VersionResponse>(&request)?.version_current)
        };
        let application = Read::item::<Application>(slug.as_str()).request;
        let client_id = settings.client_id.as_str();
        let providers = list(Read::list::<Provider>(client_id, &[("client_id", client_id)]));
        let (version, application, providers, account) = tokio::join!(
            version,
            client.read_one(&application),
            client.read_all(&providers),
            account,
        );
        let (bindings, groups) = (None, None);
        let at = now();
        Some(Administration { version, application, providers, account, bindings, groups, at })
    }

    async fn bindings(
        &self,
        administration: Option<&Administration>,
    ) -> Option<Result<Vec<PolicyBinding>>> {
        let application = administration?.application.as_ref().ok()?.as_ref()?;
        let filters = [("target", application.pk.as_str())];
        let slug = self.settings.application_slug();
        let read = Read::list::<PolicyBinding>(slug.as_str(), &filters);
        Some(self.administrator?.read_all(&read.request).await)
    }

    /// Which group is inside of which: only when the token was refused, and a group is bound that
    /// may be the reason.
    async fn groups(
        &self,
        administration: Option<&Administration>,
        token: Option<&TokenOutcome>,
    ) -> Option<Result<Vec<Group>>> {
        let bindings = administration?.bindings.as_ref()?.as_ref().ok()?;
        let refused = matches!(token, Some(TokenOutcome::Refused(_)));
        if !refused || bindings.iter().all(|binding| binding.group.is_none()) {
            return None;
        }
        Some(
            self.administrator?
                .read_all(&Read::list::<Group>("all", &[("include_users", "false")]).request)
                .await,
        )
    }
}
