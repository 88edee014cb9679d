//! [`Resource`]: a model with the usual views.

use hyper::Method;
use serde_json::{Map, Value};

use super::events;
use super::request::ApiRequest;
use crate::authentik::State;
use crate::authentik::form::{self, Errors, bad_request};
use crate::authentik::responses::Reply;
use crate::authentik::rights::Caller;
use crate::host::Response;

/// A model with the usual views: list, create, retrieve, update, delete.
pub(super) trait Resource: Clone {
    /// As the 404 names it.
    const NAME: &'static str;
    /// App label and model, which permissions are made of.
    const APP: &'static str;
    const MODEL: &'static str;

    const ROWS: fn(&mut State) -> &mut Vec<Self>;
    /// Whether it is the one that the path names.
    const IS: fn(&Self, &str) -> bool;
    /// Whether a path's key can be a key at all.
    const IS_KEY: fn(&str) -> bool = |key| !key.is_empty();
    /// A new one with its defaults; not stored yet.
    const BLANK: fn(&mut State) -> Self;

    /// Whether the caller may set these fields, of a new object or of an existing one.
    fn may_set(
        _caller: &Caller,
        _fields: &Map<String, Value>,
        _before: Option<&Self>,
    ) -> Result<(), Response> {
        Ok(())
    }

    /// Takes over the fields of a body. `partial`: nothing is required.
    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        draft: Self,
    ) -> Result<Self, Errors>;

    /// Gives a new one its number, where it has one.
    fn number(&mut self, _state: &mut State) {}

    /// Stores the fields that are kept with other objects.
    fn related(_state: &mut State, _fields: &Map<String, Value>, _stored: &Self) {}

    /// Saves the lists that authentik saves last, and may refuse afterwards.
    fn save_lists(
        _state: &mut State,
        _before: Option<&Self>,
        _after: &Self,
    ) -> Result<(), Response> {
        Ok(())
    }

    fn render(&self, state: &State) -> Value;

    /// Clears up what pointed at a deleted one.
    fn removed(_state: &mut State, _gone: &Self) {}

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply;
}

pub(super) fn permission<T: Resource>(verb: &str) -> String {
    format!("{}.{verb}_{}", T::APP, T::MODEL)
}

pub(super) fn collection<T: Resource>(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    if request.http.method == Method::POST {
        request.caller.must(&permission::<T>("add"))?;
        return create::<T>(state, request);
    }
    request.caller.must(&permission::<T>("view"))?;
    let all = (T::ROWS)(state).clone();
    let rows = all.iter().map(|row| row.render(state)).collect();
    T::list(state, request, rows)
}

pub(super) fn create<T: Resource>(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    let fields = request.fields()?;
    let blank = (T::BLANK)(state);
    let mut made = T::read(state, &fields, false, blank).map_err(|errors| bad_request(&errors))?;
    T::may_set(request.caller, &fields, None)?;
    made.number(state);
    (T::ROWS)(state).push(made.clone());
    T::related(state, &fields, &made);
    T::save_lists(state, None, &made)?;
    let rendered = made.render(state);
    events::note::<T>(state, request, "model_created", &rendered);
    Ok(Response::created(&rendered))
}

/// Where the one is that the path names.
pub(super) fn find<T: Resource>(state: &mut State, key: &str) -> Result<usize, Response> {
    if !(T::IS_KEY)(key) {
        return Err(Response::detail(404, "Not found."));
    }
    let at = (T::ROWS)(state).iter().position(|row| (T::IS)(row, key));
    at.ok_or_else(|| Response::missing(state, T::NAME))
}

pub(super) fn item<T: Resource>(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    let method = &request.http.method;
    let verb = if method == Method::DELETE {
        "delete"
    } else if method == Method::GET || method == Method::HEAD {
        "view"
    } else {
        "change"
    };
    request.caller.must(&permission::<T>(verb))?;
    one::<T>(state, request)
}

/// [`item`], for callers whose rights are checked already.
pub(super) fn one<T: Resource>(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    let at = find::<T>(state, request.key)?;
    let current = (T::ROWS)(state)[at].clone();
    let method = &request.http.method;
    if method == Method::DELETE {
        let rendered = current.render(state);
        (T::ROWS)(state).remove(at);
        T::removed(state, &current);
        events::note::<T>(state, request, "model_deleted", &rendered);
        return Ok(Response::empty(204));
    }
    if method == Method::GET || method == Method::HEAD {
        return Ok(Response::ok(&current.render(state)));
    }
    let fields = request.fields()?;
    let partial = method == Method::PATCH;
    let changed =
        T::read(state, &fields, partial, current.clone()).map_err(|errors| bad_request(&errors))?;
    T::may_set(request.caller, &fields, Some(&current))?;
    (T::ROWS)(state)[at] = changed.clone();
    T::related(state, &fields, &changed);
    T::save_lists(state, Some(&current), &changed)?;
    let rendered = changed.render(state);
    events::note::<T>(state, request, "model_updated", &rendered);
    Ok(Response::ok(&rendered))
}

/// Compares a path's key with a UUID.
pub(super) fn same_uuid(key: &str, pk: &str) -> bool {
    form::uuid(key).as_deref() == Some(pk)
}

pub(super) fn is_uuid(key: &str) -> bool {
    form::uuid(key).is_some()
}

pub(super) fn is_number(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}
