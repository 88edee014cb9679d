//! `/core/tokens/`

use std::time::{Duration, SystemTime};

use hyper::Method;
use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, create, find, one};
use crate::authentik::form::{Errors, Form, Rule};
use crate::authentik::listing::Listing;
use crate::authentik::objects::Token;
use crate::authentik::responses::Reply;
use crate::authentik::rights::Caller;
use crate::authentik::time;
use crate::authentik::{Release, State};
use crate::host::Response;

/// An attribute of users: whether their tokens expire.
pub(super) const TOKENS_EXPIRE: &str = "goauthentik.io/user/token-expires";
const INTENTS: [&str; 4] = ["verification", "api", "recovery", "app_password"];
/// How long a token lives that was made by the API, and the longest that it may.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

impl Resource for Token {
    const NAME: &'static str = "Token";
    const APP: &'static str = "authentik_core";
    const MODEL: &'static str = "token";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.tokens;
    const IS: fn(&Self, &str) -> bool = |one, key| one.identifier == key;
    const BLANK: fn(&mut State) -> Self = |state| {
        let mut token = Token::new(&mut state.counters, "", 0);
        token.expiring = true;
        token
    };

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut token: Self,
    ) -> Result<Self, Errors> {
        let is_new = token.identifier.is_empty();
        let mut form = Form::new(fields, partial);
        if let Some(identifier) = form.slug("identifier", 255, false) {
            if state.tokens.iter().any(|t| t.identifier == identifier && t.pk != token.pk) {
                form.error("identifier", "Token with this identifier already exists.");
            }
            token.identifier = identifier;
        }
        let intent = form.choice("intent", false, &INTENTS);
        let mut user = None;
        form.number_or_null("user", &mut user, |pk| state.users.iter().any(|u| u.pk == pk));
        if !is_new && user.is_some_and(|user| user != token.user) {
            form.error("user", "User cannot be changed");
        }
        if let Some(description) = form.text("description", Rule::OPTIONAL.or_blank()) {
            token.description = description;
        }
        if let Some(expiring) = form.flag("expiring") {
            token.expiring = expiring;
        }
        let mut expires = token.expires;
        form.time_or_null("expires", &mut expires);
        let sent = form.has("expires");
        form.finish()?;

        // Everything that is not sent falls back to the caller and to an API token, in a PATCH
        // too. `tokens::collection` and `tokens::item` put the caller into the fields.
        token.user = user.unwrap_or(token.user);
        token.intent = intent.unwrap_or_else(|| "api".to_owned());
        if sent || is_new {
            token.expires = expires;
        }
        set_expiry(&mut token, state.now, sent, is_new)?;
        Ok(token)
    }

    fn render(&self, state: &State) -> Value {
        let user = state.users.iter().find(|user| user.pk == self.user);
        json!({
            "pk": self.pk,
            "managed": self.managed,
            "identifier": self.identifier,
            "intent": self.intent,
            "user": self.user,
            "user_obj": user.map(|user| user.render(state)),
            "description": self.description,
            "expires": self.expires.map(time::rfc3339),
            "expiring": self.expiring,
        })
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        let username = request.http.parameter("user__username");
        Listing::new(state, request.http, rows)
            .exact(&["identifier", "description", "managed", "expires"])
            .choice("intent", &INTENTS)
            .flags(&["expiring"])
            .only(|row| username.is_none_or(|wanted| row["user_obj"]["username"] == wanted))
            .search(&["identifier", "intent", "description"])
            .page("identifier")
    }
}

fn set_expiry(token: &mut Token, now: SystemTime, sent: bool, is_new: bool) -> Result<(), Errors> {
    let limit = now + LIFETIME;
    let fail = |field: &str, text: String| Errors::from_iter([(field.to_owned(), json!([text]))]);
    match token.intent.as_str() {
        // The request has no say.
        "api" => token.expires = Some(limit),
        "app_password" => {
            if sent && token.expires.is_some_and(|expires| expires > limit) {
                let limit = time::python(limit);
                let text = format!("Token expires exceeds maximum lifetime ({limit} UTC).");
                return Err(fail("expires", text));
            }
            if is_new && !sent {
                token.expires = token.expiring.then_some(limit);
            }
        }
        other => return Err(fail("intent", format!("Invalid intent {other}"))),
    }
    Ok(())
}

/// Users see their own tokens. Before 2026.5 only administrators see those of others, whatever
/// permissions somebody has.
fn is_visible(state: &State, caller: &Caller, token: &Token) -> bool {
    token.user == caller.user
        || caller.is_superuser
        || state.release >= Release::V2026_5 && caller.may("authentik_core.view_token")
}

fn find_visible(state: &mut State, request: &ApiRequest<'_>) -> Result<usize, Response> {
    let at = find::<Token>(state, request.key)?;
    if is_visible(state, request.caller, &state.tokens[at]) {
        return Ok(at);
    }
    Err(Response::missing(state, Token::NAME))
}

pub(super) fn collection(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    if request.http.method == Method::POST {
        return with_caller_as_default(state, request, create::<Token>);
    }
    let visible = state.tokens.iter().filter(|token| is_visible(state, request.caller, token));
    Token::list(state, request, visible.map(|token| token.render(state)).collect())
}

pub(super) fn item(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    let at = find_visible(state, request)?;
    if state.tokens[at].user != request.caller.user {
        let verb = match request.http.method.as_str() {
            "DELETE" => "delete",
            "GET" | "HEAD" => "view",
            _ => "change",
        };
        request.caller.must(&format!("authentik_core.{verb}_token"))?;
    }
    with_caller_as_default(state, request, one::<Token>)
}

/// A token that is made or changed without naming a user becomes the caller's: in a PATCH, too,
/// where it cannot be given back. One that is made by anybody but an administrator is the caller's whatever
/// was asked for, and expires unless the caller is an account whose tokens do not.
fn with_caller_as_default(
    state: &mut State,
    request: &ApiRequest<'_>,
    view: fn(&mut State, &ApiRequest<'_>) -> Reply,
) -> Reply {
    let writes = ["POST", "PUT", "PATCH"].contains(&request.http.method.as_str());
    let reply = view(state, request)?;
    let is_forced = request.http.method == Method::POST && !request.caller.is_superuser;
    if !writes || (request.fields()?.contains_key("user") && !is_forced) {
        return Ok(reply);
    }
    let identifier = serde_json::from_str::<Value>(&reply.body)
        .ok()
        .and_then(|body| body["identifier"].as_str().map(str::to_owned));
    let at = state.tokens.iter().position(|token| Some(&token.identifier) == identifier.as_ref());
    let Some(at) = at else { return Ok(reply) };
    state.tokens[at].user = request.caller.user;
    if is_forced {
        let caller = state.users.iter().find(|user| user.pk == request.caller.user);
        let expiring = caller.and_then(|user| user.attributes.get(TOKENS_EXPIRE)?.as_bool());
        let limit = state.now + LIFETIME;
        state.tokens[at].expiring = expiring.unwrap_or(true);
        state.tokens[at].expires.get_or_insert(limit);
    }
    Ok(Response::json(reply.status, &state.tokens[at].render(state)))
}

pub(super) fn view_key(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.view_token_key")?;
    let at = find_visible(state, request)?;
    Ok(Response::ok(&json!({ "key": state.tokens[at].key })))
}

pub(super) fn set_key(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.set_token_key")?;
    let at = find_visible(state, request)?;
    let fields = request.fields()?;
    let key = if state.release >= Release::V2025_12 {
        let mut form = Form::new(&fields, false);
        let key = form.text("key", Rule::REQUIRED);
        form.check()?;
        key
    } else {
        fields.get("key").and_then(Value::as_str).map(str::to_owned)
    };
    let Some(key) = key.filter(|key| !key.is_empty()) else { return Ok(Response::empty(400)) };
    state.tokens[at].key = key.into();
    Ok(Response::empty(204))
}
