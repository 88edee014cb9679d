//! `/application/o/device/` and the `/device` page.

use std::time::Duration;

use serde_json::json;

use super::{allows, application_of, error, field, scopes_of, uncached};
use crate::authentik::api::brand_for;
use crate::authentik::issued::DeviceCode;
use crate::authentik::time;
use crate::authentik::{Release, State};
use crate::host::Request;
use crate::host::Response;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How many codes a client may ask for in an hour.
const LIMIT: usize = 20;
const HOUR: Duration = Duration::from_secs(3600);

pub(super) fn post(state: &mut State, request: &Request) -> Response {
    let now = state.now;
    state.issued.device_requests.retain(|at| *at + HOUR > now);
    if state.issued.device_requests.len() >= LIMIT {
        return uncached(Response::json(429, &json!({ "error": "slow_down" })));
    }
    state.issued.device_requests.push(now);

    let form = request.form();
    let client = field(&form, "client_id").unwrap_or_default();
    let provider = state.providers.iter().find(|p| p.client_id == client).cloned();
    let provider = provider.filter(|provider| {
        application_of(state, provider).is_some() && allows(state, provider, GRANT_TYPE)
    });
    let Some(provider) = provider else {
        if state.release < Release::V2025_10 {
            return Response::blank_html(400);
        }
        return error(state, "invalid_client");
    };

    let allowed = scopes_of(state, &provider);
    let scopes = field(&form, "scope").unwrap_or_default().split_whitespace();
    let scopes = scopes.filter(|scope| allowed.contains(scope)).map(str::to_owned).collect();
    let validity = time::duration(&provider.access_code_validity).unwrap_or_default();
    let code = DeviceCode {
        device_code: state.new_key(128),
        user_code: state.counters.new_digits(9),
        provider: provider.pk,
        scopes,
        expires: now + validity,
        user: None,
    };
    let page = format!("{}/device", request.base());
    let answer = json!({
        "device_code": code.device_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?code={}", code.user_code),
        "user_code": code.user_code,
        "expires_in": validity.as_secs(),
        "interval": 5,
    });
    state.issued.device_codes.push(code);
    let response = Response::ok(&answer);
    if state.release < Release::V2025_10 { response } else { uncached(response) }
}

pub(super) fn page(state: &State, request: &Request) -> Response {
    let root = &request.root;
    if request.header("cookie").is_none() {
        return Response::redirect(format!(
            "{root}/flows/-/default/authentication/?next={root}/device"
        ));
    }
    let flow = brand_for(state, request).and_then(|brand| brand.flow_device_code.as_ref());
    let flow = flow.and_then(|pk| state.flows.iter().find(|flow| flow.pk == *pk));
    match flow {
        Some(flow) => Response::redirect(format!("{root}/if/flow/{}/", flow.slug)),
        None => Response::blank_html(404),
    }
}
