//! `/application/o/token/`

use serde_json::{Value, json};

use super::authorize::is_listed;
use super::claims::{Subject, issue};
use super::{allows, application_of, cors, error, field, keys, scopes_of, uncached};
use crate::authentik::issued::{Grant, Login};
use crate::authentik::objects::{Provider, User};
use crate::authentik::rights::may_launch;
use crate::authentik::time;
use crate::authentik::{Release, State};
use crate::host::Request;
use crate::host::Response;
use crate::jwt;

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The result of a grant: a user, the scopes, and the login behind it.
struct Outcome {
    user: u64,
    scopes: Vec<String>,
    login: Option<Login>,
    refreshable: bool,
}

struct Ask<'a> {
    provider: &'a Provider,
    form: &'a [(String, String)],
    secret: Option<String>,
}

impl Ask<'_> {
    fn field(&self, name: &str) -> Option<&str> {
        field(self.form, name)
    }

    /// A secret that is not sent is empty, and that may be what the client has.
    fn shows_secret(&self) -> bool {
        self.secret.as_deref().unwrap_or_default() == &*self.provider.client_secret
    }

    /// A confidential client has to show its secret where a person's login is cashed in.
    fn is_authenticated(&self) -> bool {
        self.provider.client_type != "confidential" || self.shows_secret()
    }
}

pub(super) fn post(state: &mut State, request: &Request) -> Response {
    let form = request.form();
    let authorization = request.header("authorization");
    let basic = authorization.as_deref().and_then(|header| {
        let (scheme, credentials) = header.split_once(' ')?;
        scheme.eq_ignore_ascii_case("basic").then(|| keys::basic(credentials))?
    });
    let client = field(&form, "client_id").map(str::to_owned);
    let secret = field(&form, "client_secret").map(str::to_owned);
    let (client, secret) = match (client, basic) {
        (None, Some((id, secret))) => (Some(id), Some(secret)),
        (client, _) => (client, secret),
    };
    let provider = state.providers.iter().find(|p| Some(&p.client_id) == client.as_ref()).cloned();
    let Some(provider) = provider else { return error(state, "invalid_client") };
    let ask = Ask { provider: &provider, form: &form, secret };
    let response = match grant(state, &ask) {
        Ok(outcome) => succeed(state, request, &provider, &outcome),
        Err(problem) => error(state, problem),
    };
    cors::allow(request, &provider, response)
}

fn grant(state: &mut State, ask: &Ask<'_>) -> Result<Outcome, &'static str> {
    let grant_type = ask.field("grant_type").unwrap_or_default().to_owned();
    if !allows(state, ask.provider, &grant_type) {
        return Err("invalid_grant");
    }
    match grant_type.as_str() {
        "client_credentials" | "password" => credentials(state, ask),
        "authorization_code" | "refresh_token" if !ask.is_authenticated() => Err("invalid_client"),
        "authorization_code" => code(state, ask),
        "refresh_token" => refresh(state, ask),
        DEVICE => device(state, ask),
        _ => Err("unsupported_grant_type"),
    }
}

/// The requested scopes that the provider has; others are dropped silently.
fn granted_scopes(state: &State, ask: &Ask<'_>) -> Vec<String> {
    let allowed = scopes_of(state, ask.provider);
    let asked = ask.field("scope").unwrap_or_default().split_whitespace();
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked.filter(|scope| allowed.contains(scope)) {
        if !scopes.iter().any(|has| has == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

fn credentials(state: &mut State, ask: &Ask<'_>) -> Result<Outcome, &'static str> {
    let user = match (ask.field("username"), ask.field("password")) {
        (Some(username), Some(password)) => app_password(state, username, password)?,
        _ if ask.shows_secret() => generated_user(state, ask.provider)?,
        _ => return Err("invalid_grant"),
    };
    let application = application_of(state, ask.provider).ok_or("invalid_grant")?;
    if !may_launch(state, application, user) {
        return Err("invalid_grant");
    }
    let scopes = granted_scopes(state, ask);
    Ok(Outcome { user, scopes, login: None, refreshable: false })
}

/// The user name is case-sensitive, and the password is the key of an app password of that user.
fn app_password(state: &mut State, username: &str, key: &str) -> Result<u64, &'static str> {
    let now = state.now;
    if state.release < Release::V2026_5 {
        // Looking for a live token clears out the ones that have expired.
        state.tokens.retain(|token| !(&*token.key == key && token.is_expired(now)));
    }
    let user = state.users.iter().find(|user| user.username == username).ok_or("invalid_grant")?;
    if state.release >= Release::V2025_10 && !user.is_active {
        return Err("invalid_grant");
    }
    let live = state.tokens.iter().any(|token| {
        token.user == user.pk
            && token.intent == "app_password"
            && &*token.key == key
            && !token.is_expired(now)
    });
    if live { Ok(user.pk) } else { Err("invalid_grant") }
}

/// A client that sends its own secret gets a generated user.
fn generated_user(state: &mut State, provider: &Provider) -> Result<u64, &'static str> {
    let application = application_of(state, provider).ok_or("invalid_grant")?;
    let (name, slug) = (application.name.clone(), application.slug.clone());
    let username = format!("ak-{}-client_credentials", provider.name);
    if let Some(user) = state.users.iter().find(|user| user.username == username) {
        return Ok(user.pk);
    }
    let now = state.now;
    let user = state.add_user(&username);
    user.name = format!("Autogenerated user from application {name} (client credentials)");
    "service_account".clone_into(&mut user.kind);
    user.path = format!("goauthentik.io/apps/{slug}");
    user.attributes.insert("goauthentik.io/user/generated".to_owned(), json!(true));
    user.last_login = Some(now);
    Ok(user.pk)
}

fn code(state: &mut State, ask: &Ask<'_>) -> Result<Outcome, &'static str> {
    let uri = ask.field("redirect_uri").unwrap_or_default();
    if !is_listed(state, ask.provider, uri) {
        return Err("invalid_client");
    }
    let code = ask.field("code").unwrap_or_default();
    let codes = &state.issued.codes;
    let at = codes.iter().position(|has| has.code == code && has.provider == ask.provider.pk);
    // A code is good for one try.
    let code = state.issued.codes.remove(at.ok_or("invalid_grant")?);
    let challenged = code.code_challenge.as_ref().is_none_or(|challenge| {
        ask.field("code_verifier").map(jwt::challenge).as_ref() == Some(challenge)
    });
    if code.expires < state.now || !challenged || uri != code.redirect_uri {
        return Err("invalid_grant");
    }
    let allowed = scopes_of(state, ask.provider);
    let scopes: Vec<String> =
        code.scopes.iter().filter(|scope| allowed.contains(&scope.as_str())).cloned().collect();
    Ok(Outcome { user: code.user, scopes, login: Some(code.login), refreshable: true })
}

/// A refresh token is good for one use.
fn refresh(state: &mut State, ask: &Ask<'_>) -> Result<Outcome, &'static str> {
    let token = ask.field("refresh_token").unwrap_or_default();
    let now = state.now;
    let live = |grant: &&mut Grant| {
        grant.token == token
            && grant.provider == ask.provider.pk
            && !grant.revoked
            && grant.expires >= now
    };
    let grant = state.issued.refresh_tokens.iter_mut().find(live).ok_or("invalid_grant")?;
    grant.revoked = true;
    let login = grant.login.clone().map(|login| Login { nonce: None, ..login });
    Ok(Outcome { user: grant.user, scopes: grant.scopes.clone(), login, refreshable: true })
}

fn device(state: &mut State, ask: &Ask<'_>) -> Result<Outcome, &'static str> {
    let code = ask.field("device_code").unwrap_or_default();
    let codes = &mut state.issued.device_codes;
    let at =
        codes.iter().position(|has| has.device_code == code && has.provider == ask.provider.pk);
    let at = at.ok_or("invalid_grant")?;
    if codes[at].expires < state.now {
        codes.remove(at);
        return Err("expired_token");
    }
    let user = codes[at].user.ok_or("authorization_pending")?;
    let code = codes.remove(at);
    Ok(Outcome { user, scopes: code.scopes, login: None, refreshable: true })
}

fn succeed(
    state: &mut State,
    request: &Request,
    provider: &Provider,
    outcome: &Outcome,
) -> Response {
    let user: Option<User> = state.users.iter().find(|user| user.pk == outcome.user).cloned();
    let Some(user) = user else { return error(state, "invalid_grant") };
    let login = outcome.login.as_ref();
    let subject = Subject { provider, user: &user, scopes: &outcome.scopes, login };
    let tokens = issue(state, request, &subject);
    let mut body = json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.seconds,
        "id_token": tokens.id,
    });
    if state.release >= Release::V2025_10 {
        body["scope"] = json!(outcome.scopes.join(" "));
    }
    if outcome.refreshable && outcome.scopes.iter().any(|scope| scope == "offline_access") {
        body["refresh_token"] = refresh_token(state, provider, outcome);
    }
    uncached(Response::ok(&body))
}

fn refresh_token(state: &mut State, provider: &Provider, outcome: &Outcome) -> Value {
    let validity = time::duration(&provider.refresh_token_validity).unwrap_or_default();
    let token = state.new_key(128);
    state.issued.refresh_tokens.push(Grant {
        token: token.clone(),
        provider: provider.pk,
        user: outcome.user,
        scopes: outcome.scopes.clone(),
        expires: state.now + validity,
        revoked: false,
        login: outcome.login.clone(),
    });
    json!(token)
}
