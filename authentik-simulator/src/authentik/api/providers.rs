//! `/providers/oauth2/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, find, is_number, provider_fields};
use crate::authentik::form::Errors;
use crate::authentik::listing::Listing;
use crate::authentik::objects::{Application, Provider, RedirectUri};
use crate::authentik::oidc::claims::preview;
use crate::authentik::responses::Reply;
use crate::authentik::{Release, State};
use crate::host::Response;

impl Resource for Provider {
    const NAME: &'static str = "OAuth2Provider";
    const APP: &'static str = "authentik_providers_oauth2";
    const MODEL: &'static str = "oauth2provider";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.providers;
    const IS: fn(&Self, &str) -> bool = |one, key| key.parse() == Ok(one.pk);
    const IS_KEY: fn(&str) -> bool = is_number;
    const BLANK: fn(&mut State) -> Self =
        |state| Provider::new(&mut state.counters, &state.flows, "");

    fn number(&mut self, state: &mut State) {
        self.pk = state.counters.next_provider();
    }

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        draft: Self,
    ) -> Result<Self, Errors> {
        provider_fields::read(state, fields, partial, draft)
    }

    fn render(&self, state: &State) -> Value {
        let mut object = brief(state, self);
        object["client_type"] = json!(self.client_type);
        object["client_id"] = json!(self.client_id);
        object["client_secret"] = json!(self.client_secret);
        object["access_code_validity"] = json!(self.access_code_validity);
        object["access_token_validity"] = json!(self.access_token_validity);
        object["refresh_token_validity"] = json!(self.refresh_token_validity);
        object["include_claims_in_id_token"] = json!(self.include_claims_in_id_token);
        object["signing_key"] = json!(self.signing_key);
        object["encryption_key"] = json!(self.encryption_key);
        object["sub_mode"] = json!(self.sub_mode);
        object["issuer_mode"] = json!(self.issuer_mode);
        object["jwt_federation_sources"] = json!(self.jwt_federation_sources);
        object["jwt_federation_providers"] = json!(self.jwt_federation_providers);
        let has_types = state.release() >= Release::V2026_5;
        let uris = self.redirect_uris.iter().map(|uri| render_uri(uri, has_types));
        object["redirect_uris"] = uris.collect();
        if has_types {
            object["grant_types"] = json!(self.grant_types);
        }
        if state.release() >= Release::V2025_10 {
            object["refresh_token_threshold"] = json!(self.refresh_token_threshold);
            object["logout_uri"] = json!(self.logout_uri);
            object["logout_method"] = json!(self.logout_method);
        }
        object
    }

    /// The application stays, without a provider.
    fn removed(state: &mut State, gone: &Self) {
        for application in &mut state.applications {
            application.provider.take_if(|pk| *pk == gone.pk);
            application.backchannel_providers.retain(|pk| *pk != gone.pk);
        }
        let issued = &mut state.issued;
        issued.access_tokens.retain(|grant| grant.provider != gone.pk);
        issued.refresh_tokens.retain(|grant| grant.provider != gone.pk);
        issued.codes.retain(|code| code.provider != gone.pk);
        issued.device_codes.retain(|code| code.provider != gone.pk);
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        let application = request.http.parameter("application");
        let serves = |row: &Value| {
            let app = state.applications.iter().find(|app| json!(app.provider) == row["pk"]);
            app.map(|app| app.pk.as_str())
        };
        Listing::new(state, request.http, rows)
            .exact(&[
                "name",
                "client_id",
                "access_code_validity",
                "access_token_validity",
                "refresh_token_validity",
            ])
            .flags(&["include_claims_in_id_token"])
            .choice("client_type", &["confidential", "public"])
            .choice("issuer_mode", &["global", "per_provider"])
            .uuids(&["authorization_flow", "signing_key"])
            .only(|row| application.is_none_or(|wanted| serves(row) == Some(wanted)))
            .named(
                "property_mappings",
                |word| state.scope_mappings.iter().any(|mapping| mapping.pk == word),
                |row, wanted| {
                    let has = row["property_mappings"].as_array();
                    has.is_some_and(|has| wanted.iter().any(|w| has.contains(&json!(w))))
                },
            )
            .search(&["name", "client_id"])
            .page("name")
    }
}

fn render_uri(uri: &RedirectUri, has_type: bool) -> Value {
    let mut object = json!({ "matching_mode": uri.matching_mode, "url": uri.url });
    if let Some(kind) = uri.redirect_uri_type.as_ref().filter(|_| has_type) {
        object["redirect_uri_type"] = json!(kind);
    }
    object
}

fn application_of(state: &State, provider: u64) -> Option<&Application> {
    state.applications.iter().find(|application| application.provider == Some(provider))
}

/// A provider as it is shown inside an application.
pub(super) fn brief(state: &State, provider: &Provider) -> Value {
    let application = application_of(state, provider.pk);
    // Whatever the order was in which they were sent, they come in the order of their table.
    let mappings = state.scope_mappings.iter().map(|mapping| &mapping.pk);
    let mappings: Vec<_> = mappings.filter(|pk| provider.property_mappings.contains(pk)).collect();
    let mut object = json!({
        "pk": provider.pk,
        "name": provider.name,
        "authentication_flow": provider.authentication_flow,
        "authorization_flow": provider.authorization_flow,
        "invalidation_flow": Some(&provider.invalidation_flow).filter(|pk| !pk.is_empty()),
        "property_mappings": mappings,
        "component": "ak-provider-oauth2-form",
        "assigned_application_slug": application.map(|application| &application.slug),
        "assigned_application_name": application.map(|application| &application.name),
        "verbose_name": "OAuth2/OpenID Provider",
        "verbose_name_plural": "OAuth2/OpenID Providers",
        "meta_model_name": "authentik_providers_oauth2.oauth2provider",
    });
    if state.release() >= Release::V2025_10 {
        let behind = |app: &&Application| app.backchannel_providers.contains(&provider.pk);
        let backchannel = state.applications.iter().find(behind);
        object["assigned_backchannel_application_slug"] = json!(backchannel.map(|app| &app.slug));
        object["assigned_backchannel_application_name"] = json!(backchannel.map(|app| &app.name));
    }
    object
}

pub(super) fn used_by(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_providers_oauth2.view_oauth2provider")?;
    let at = find::<Provider>(state, request.key)?;
    let application = application_of(state, state.providers[at].pk).map(|application| {
        json!({
            "app": "authentik_core",
            "model_name": "application",
            "pk": application.pk,
            "name": application.name,
            "action": "set_null",
        })
    });
    Ok(Response::ok(&application.into_iter().collect()))
}

/// The claims of a token about the caller, or about the user that `for_user` names.
pub(super) fn preview_user(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_providers_oauth2.view_oauth2provider")?;
    let at = find::<Provider>(state, request.key)?;
    let user = match request.http.parameter("for_user") {
        None => request.caller.user,
        Some(key) => {
            request.caller.must("authentik_core.preview_user")?;
            key.parse().unwrap_or_default()
        }
    };
    let Some(user) = state.users.iter().find(|known| known.pk == user) else {
        return Err(Response::json(400, &json!({ "for_user": ["User not found"] })));
    };
    let preview = preview(state, request.http, &state.providers[at], user);
    Ok(Response::ok(&json!({ "preview": preview })))
}
