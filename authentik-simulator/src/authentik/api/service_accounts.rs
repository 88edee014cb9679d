//! `/core/users/service_account/`

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};

use super::events::note;
use super::request::ApiRequest;
use super::resource::Resource;
use super::tokens::TOKENS_EXPIRE;
use crate::authentik::form::{Form, Rule, UNIQUE};
use crate::authentik::objects::{Token, User};
use crate::authentik::responses::Reply;
use crate::authentik::time;
use crate::authentik::{Release, State};
use crate::host::Response;

/// How long an app password is valid if the request does not say.
const LIFETIME: Duration = Duration::from_secs(360 * 24 * 3600);
/// The database's limit on user names: a longer one is a server error, not a message.
const LONGEST_NAME: usize = 150;

struct Wanted {
    name: String,
    create_group: bool,
    expiring: bool,
    expires: Option<SystemTime>,
}

pub(super) fn create(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.add_user")?;
    request.caller.must("authentik_core.add_token")?;
    let fields = request.fields()?;
    let wanted = if state.release >= Release::V2025_10 {
        checked(state, &fields)?
    } else {
        unchecked(state, request, &fields)?
    };
    if wanted.name.chars().count() > LONGEST_NAME {
        state.counters.next_user();
        return Err(Response::crash(&request.http.method));
    }
    let identifier = slugify(&format!("service-account-{}-password", wanted.name));
    refuse_collisions(state, &wanted, &identifier)?;
    Ok(Response::ok(&store(state, request, &wanted, &identifier)))
}

/// The fields are checked before anything is done.
fn checked(state: &State, fields: &Map<String, Value>) -> Result<Wanted, Response> {
    let mut form = Form::new(fields, false);
    let name = form.text("name", Rule::REQUIRED).unwrap_or_default();
    if state.users.iter().any(|user| user.username == name) {
        form.error("name", UNIQUE);
    }
    let create_group = form.flag("create_group").unwrap_or(false);
    let expiring = form.flag("expiring").unwrap_or(true);
    let expires = form.time("expires").unwrap_or(state.now + LIFETIME);
    form.check()?;
    Ok(Wanted { name, create_group, expiring, expires: Some(expires) })
}

/// 2024.12 hands everything to the database and passes on what it says.
fn unchecked(
    state: &mut State,
    request: &ApiRequest<'_>,
    fields: &Map<String, Value>,
) -> Result<Wanted, Response> {
    let Some(name) = fields.get("name").and_then(Value::as_str) else {
        let user = state.counters.next_user();
        let time = time::python(state.now);
        return Err(database_error(&format!(
            "null value in column \"username\" of relation \"authentik_core_user\" violates \
             not-null constraint\nDETAIL:  Failing row contains ({user}, , null, null, , , , t, {time})."
        )));
    };
    let expires = match fields.get("expires") {
        None => Some(state.now + LIFETIME),
        Some(Value::Null) => None,
        Some(value) => {
            let time = value.as_str().and_then(time::parse);
            if time.is_none() {
                state.counters.next_user();
                return Err(Response::crash(&request.http.method));
            }
            time
        }
    };
    let flag =
        |field: &str, default: bool| fields.get(field).and_then(Value::as_bool).unwrap_or(default);
    Ok(Wanted {
        name: name.to_owned(),
        create_group: flag("create_group", false),
        expiring: flag("expiring", true),
        expires,
    })
}

/// The name is case-sensitive, the identifier of the token is not: `netbird` cannot follow `NetBird`.
fn refuse_collisions(state: &mut State, wanted: &Wanted, identifier: &str) -> Result<(), Response> {
    let name_taken = state.users.iter().any(|user| user.username == wanted.name);
    let token_taken = state.tokens.iter().any(|token| token.identifier == identifier);
    // Before 2025.12 a second group of a name is taken.
    let group_taken = state.release >= Release::V2025_12
        && wanted.create_group
        && state.groups.iter().any(|group| group.name == wanted.name);
    let problem = if state.release >= Release::V2025_10 {
        (token_taken || group_taken)
            .then(|| "A user/group with these details already exists".to_owned())
    } else if name_taken {
        Some(format!(
            "duplicate key value violates unique constraint \"authentik_core_user_username_key\"\n\
             DETAIL:  Key (username)=({}) already exists.",
            wanted.name
        ))
    } else {
        token_taken.then(|| {
            format!(
                "duplicate key value violates unique constraint \
                 \"authentik_core_token_identifier_af152015_uniq\"\n\
                 DETAIL:  Key (identifier)=({identifier}) already exists."
            )
        })
    };
    let Some(problem) = problem else { return Ok(()) };
    state.counters.next_user();
    Err(database_error(&problem))
}

fn database_error(text: &str) -> Response {
    Response::json(400, &json!({ "non_field_errors": [text] }))
}

fn store(state: &mut State, request: &ApiRequest<'_>, wanted: &Wanted, identifier: &str) -> Value {
    let user = state.add_user(&wanted.name);
    "service_account".clone_into(&mut user.kind);
    "goauthentik.io/service-accounts".clone_into(&mut user.path);
    user.attributes.insert(TOKENS_EXPIRE.to_owned(), json!(wanted.expiring));
    let user = user.pk;
    let mut answer = json!({
        "username": wanted.name,
        "user_uid": state.uid(user),
        "user_pk": user,
    });
    if wanted.create_group {
        let group = state.add_group(&wanted.name);
        group.users.push(user);
        answer["group_pk"] = json!(group.pk);
    }
    let token = state.add_token(identifier, user);
    "app_password".clone_into(&mut token.intent);
    token.expires = wanted.expires;
    token.expiring = wanted.expiring;
    answer["token"] = json!(token.key);
    let token = token.clone().render(state);
    if let Some(user) = state.users.iter().find(|one| one.pk == user) {
        let user = user.render(state);
        note::<User>(state, request, "model_created", &user);
    }
    note::<Token>(state, request, "model_created", &token);
    answer
}

/// Django's slugify: lower case, ASCII letters, digits, `_` and single dashes.
fn slugify(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            slug.push(letter);
        } else if (letter == '-' || letter.is_whitespace()) && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches(['-', '_']).to_owned()
}
