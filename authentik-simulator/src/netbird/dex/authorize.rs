//! `/oauth2/auth`: which connector, a new login, and where a finished one leads.

use url::{Url, form_urlencoded};

use super::memory::AuthRequest;
use super::{CLIENTS, GONE, escape, page, redirect, upstream};
use crate::host::{Request, Response};
use crate::netbird::state::{LOCAL, State};

const SCOPES: [&str; 5] = ["openid", "email", "groups", "profile", "offline_access"];

/// A page to choose from, unless there is no choice.
pub(super) fn choose(state: &State, request: &Request) -> Response {
    let client = request.parameter("client_id").unwrap_or_default();
    if !CLIENTS.contains(&client) {
        return page(400, "Invalid client_id provided.");
    }
    let others = state.connectors.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    let connectors: Vec<(&str, &str)> = [(LOCAL, "Email")].into_iter().chain(others).collect();
    let query: Vec<_> = request.query.iter().filter(|(name, _)| name != "connector_id").collect();
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let link = |id: &str| format!("{}/oauth2/auth/{id}?{query}", request.root);
    match request.parameter("connector_id") {
        Some(id) if connectors.iter().any(|(known, _)| *known == id) => redirect(302, &link(id)),
        Some(_) => page(400, "Connector ID does not match a valid Connector"),
        None if connectors.len() == 1 => redirect(302, &link(LOCAL)),
        None => {
            let links = connectors.iter().map(|(id, name)| {
                let link = escape(&link(id));
                let name = escape(name);
                format!("<a href=\"{link}\" class=\"nb-btn-connector\">Continue with {name}</a>\n")
            });
            let html = format!("<html><body>\n{}</body></html>\n", links.collect::<String>());
            Response::new(200, "text/html; charset=utf-8", html)
        }
    }
}

/// A new login through a connector: leads to its issuer, or to the form for a password.
pub(super) fn start(state: &mut State, request: &Request, connector: &str) -> Response {
    let mut login = match read(state, request) {
        Ok(login) => login,
        Err(response) => return response,
    };
    connector.clone_into(&mut login.connector);
    let to = if connector == LOCAL {
        format!("{}/oauth2/auth/local/login?back=&state={}", request.root, login.id)
    } else {
        match upstream::open(state, request, connector) {
            Ok(endpoint) => endpoint,
            Err(reason) => {
                state.log.push(format!("Failed to get connector: {reason}"));
                return page(400, "Connector failed to initialize");
            }
        }
    };
    let to = if connector == LOCAL { to } else { to.replace("STATE", &login.id) };
    state.dex.requests.push(login);
    redirect(302, &to)
}

fn read(state: &mut State, request: &Request) -> Result<AuthRequest, Response> {
    let value = |name: &str| request.parameter(name).unwrap_or_default().to_owned();
    let (client_id, redirect_uri) = (value("client_id"), value("redirect_uri"));
    if !CLIENTS.contains(&client_id.as_str()) {
        return Err(page(404, "Invalid client_id."));
    }
    let dashboard = ["/nb-auth", "/nb-silent-auth"];
    let dashboard = dashboard.map(|path| format!("{}{path}", state.options.public_url));
    let cli = ["http://localhost:53000/", "http://localhost:54000/"];
    if !cli.contains(&redirect_uri.as_str()) && !dashboard.contains(&redirect_uri) {
        return Err(page(400, "Unregistered redirect_uri."));
    }
    let scopes: Vec<String> = value("scope").split_whitespace().map(str::to_owned).collect();
    let refuse = |error: &str, description: &str| {
        let fields = [("error", error), ("error_description", description)];
        redirect(303, &with_query(&redirect_uri, &fields, &value("state")))
    };
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(refuse("invalid_scope", "Missing required scope(s) [\"openid\"]."));
    }
    if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(refuse("invalid_scope", &format!("Unrecognized scope(s) [{unknown:?}]")));
    }
    if value("response_type") != "code" {
        return Err(refuse("unsupported_response_type", "Unsupported response type"));
    }
    let challenge = request.parameter("code_challenge");
    let challenge = match request.parameter("code_challenge_method").unwrap_or("plain") {
        "S256" => challenge.map(str::to_owned),
        "plain" => challenge.map(crate::jwt::challenge),
        _ => return Err(refuse("invalid_request", "Unsupported PKCE challenge method")),
    };
    Ok(AuthRequest {
        id: state.new_id(),
        client_id,
        redirect_uri: redirect_uri.clone(),
        state: value("state"),
        nonce: request.parameter("nonce").map(str::to_owned),
        scopes,
        challenge,
        connector: String::new(),
        identity: None,
    })
}

/// Where a login that has an identity goes on.
pub(super) fn finish(request: &Request, login: &AuthRequest) -> Response {
    let id = &login.id;
    redirect(303, &format!("{}/oauth2/auth?hmac={id}&req={id}", request.root))
}

/// Leads back to the client with a code.
pub(super) fn proceed(state: &mut State, request: &Request) -> Response {
    let id = request.parameter("req").unwrap_or_default();
    if request.parameter("hmac") != Some(id) {
        return page(401, "Unauthorized request");
    }
    let requests = &mut state.dex.requests;
    let at = requests.iter().position(|login| login.id == id && login.identity.is_some());
    let Some(at) = at else { return page(400, "User session error.") };
    let mut login = requests.remove(at);
    login.id = state.new_id();
    let to = with_query(&login.redirect_uri, &[("code", &login.id)], &login.state);
    state.dex.codes.push(login);
    redirect(303, &to)
}

fn with_query(uri: &str, fields: &[(&str, &str)], state: &str) -> String {
    let Ok(mut url) = Url::parse(uri) else { return uri.to_owned() };
    url.query_pairs_mut().extend_pairs(fields).append_pair("state", state);
    url.to_string()
}

/// The login that a request is about.
pub(super) fn login_of(state: &State, request: &Request) -> Result<AuthRequest, Response> {
    let Some(id) = request.parameter("state") else { return Err(page(400, "User session error.")) };
    let login = state.dex.requests.iter().find(|login| login.id == id).cloned();
    login.ok_or_else(|| page(400, GONE))
}
