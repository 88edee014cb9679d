//! `/admin/version/`

use serde_json::json;

use super::ApiRequest;
use crate::authentik::State;
use crate::authentik::responses::Reply;
use crate::host::Response;

#[expect(clippy::unnecessary_wraps, reason = "the form of a view")]
pub(super) fn version(state: &mut State, _request: &ApiRequest<'_>) -> Reply {
    let version = state.release.version();
    Ok(Response::ok(&json!({
        "version_current": version,
        "version_latest": version,
        "version_latest_valid": true,
        "build_hash": "",
        "outdated": false,
        "outpost_outdated": false,
    })))
}
