//! `/core/applications/`

use hyper::Method;
use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, collection as all, providers};
use crate::authentik::form::{Errors, Form, Rule};
use crate::authentik::listing::Listing;
use crate::authentik::objects::{Application, Provider};
use crate::authentik::responses::Reply;
use crate::authentik::rights::may_launch;
use crate::authentik::{Release, State};

/// Words that `/application/o/` uses itself.
const RESERVED: [&str; 6] = ["authorize", "token", "device", "userinfo", "introspect", "revoke"];

impl Resource for Application {
    const NAME: &'static str = "Application";
    const APP: &'static str = "authentik_core";
    const MODEL: &'static str = "application";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.applications;
    const IS: fn(&Self, &str) -> bool = |one, key| one.slug == key;
    const BLANK: fn(&mut State) -> Self =
        |state| Application::new(&mut state.counters, "", "", None);

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut application: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        if let Some(name) = form.text("name", Rule::REQUIRED) {
            application.name = name;
        }
        slug(state, &mut form, &mut application);
        let is_provider = |pk| state.providers.iter().any(|provider| provider.pk == pk);
        form.number_or_null("provider", &mut application.provider, is_provider);
        let taken =
            |other: &Self| other.provider == application.provider && other.pk != application.pk;
        if application.provider.is_some() && state.applications.iter().any(taken) {
            form.error("provider", "Application with this provider already exists.");
        }
        if let Some(behind) = form.numbers("backchannel_providers", is_provider) {
            application.backchannel_providers = behind;
        }
        if let Some(flag) = form.flag("open_in_new_tab") {
            application.open_in_new_tab = flag;
        }
        if let Some(url) = form.text("meta_launch_url", Rule::OPTIONAL.or_blank()) {
            if !url.is_empty() && !is_web_url(&url) {
                form.error("meta_launch_url", "Enter a valid URL.");
            }
            application.meta_launch_url = url;
        }
        for (field, place) in [
            ("meta_description", &mut application.meta_description),
            ("meta_publisher", &mut application.meta_publisher),
            ("group", &mut application.group),
        ] {
            if let Some(text) = form.text(field, Rule::OPTIONAL.or_blank()) {
                *place = text;
            }
        }
        if let Some(word) = form.choice("policy_engine_mode", false, &["all", "any"]) {
            application.policy_engine_mode = word;
        }
        if state.release() >= Release::V2025_12
            && let Some(icon) = form.text("meta_icon", Rule::OPTIONAL.or_blank())
        {
            application.meta_icon = icon;
        }
        if state.release() >= Release::V2026_5
            && let Some(flag) = form.flag("meta_hide")
        {
            application.meta_hide = flag;
        }
        form.finish().map(|()| application)
    }

    fn render(&self, state: &State) -> Value {
        let provider = self.provider.and_then(|pk| state.providers.iter().find(|p| p.pk == pk));
        let behind = self.backchannel_providers.iter();
        let behind = behind.filter_map(|pk| state.providers.iter().find(|p| p.pk == *pk));
        let mut object = json!({
            "pk": self.pk,
            "name": self.name,
            "slug": self.slug,
            "provider": self.provider,
            "provider_obj": provider.map(|provider| providers::brief(state, provider)),
            "backchannel_providers": self.backchannel_providers,
            "backchannel_providers_obj": behind.map(|p| providers::brief(state, p)).collect::<Vec<_>>(),
            "launch_url": launch_url(self, provider),
            "open_in_new_tab": self.open_in_new_tab,
            "meta_launch_url": self.meta_launch_url,
            "meta_icon": null,
            "meta_description": self.meta_description,
            "meta_publisher": self.meta_publisher,
            "policy_engine_mode": self.policy_engine_mode,
            "group": self.group,
        });
        if state.release() >= Release::V2025_12 {
            object["meta_icon"] = json!(self.meta_icon);
            let shown = (!self.meta_icon.is_empty()).then_some(&self.meta_icon);
            object["meta_icon_url"] = json!(shown);
            object["meta_icon_themed_urls"] = Value::Null;
        }
        if state.release() >= Release::V2026_5 {
            object["meta_hide"] = json!(self.meta_hide);
        }
        object
    }

    /// The provider stays.
    fn removed(state: &mut State, gone: &Self) {
        state.policy_bindings.retain(|binding| binding.target != gone.pk);
        for brand in &mut state.brands {
            brand.default_application.take_if(|pk| *pk == gone.pk);
        }
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        let full =
            request.caller.is_superuser && request.http.flag("superuser_full_list") == Some(true);
        let launchable = |row: &Value| {
            let application = state.applications.iter().find(|app| row["pk"] == app.pk.as_str());
            application.is_some_and(|app| may_launch(state, app, request.caller.user))
        };
        let with_url = request.http.flag("only_with_launch_url") == Some(true);
        Listing::new(state, request.http, rows)
            .only(|row| full || launchable(row))
            .only(|row| !with_url || row["launch_url"].as_str().is_some_and(|url| !url.is_empty()))
            .exact(&[
                "name",
                "slug",
                "group",
                "meta_launch_url",
                "meta_description",
                "meta_publisher",
            ])
            .search(&[
                "name",
                "slug",
                "meta_launch_url",
                "meta_description",
                "meta_publisher",
                "group",
            ])
            .page("name")
    }
}

/// Users may list the applications that they may launch.
pub(super) fn collection(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    if request.http.method == Method::POST {
        return all::<Application>(state, request);
    }
    let rows = state.applications.iter().map(|application| application.render(state)).collect();
    Application::list(state, request, rows)
}

fn slug(state: &State, form: &mut Form<'_>, application: &mut Application) {
    let is_2026 = state.release() >= Release::V2025_12;
    let max = if is_2026 { usize::MAX } else { 50 };
    let Some(slug) = form.slug("slug", max, is_2026) else { return };
    if state.applications.iter().any(|other| other.slug == slug && other.pk != application.pk) {
        form.error("slug", "Application with this slug already exists.");
    } else if RESERVED.contains(&slug.as_str()) {
        let text = format!("The slug '{slug}' is reserved and cannot be used for applications.");
        form.error("slug", &text);
    }
    application.slug = slug;
}

fn is_web_url(text: &str) -> bool {
    // `blank://` is for applications without a tile.
    url::Url::parse(text).is_ok_and(|url| ["http", "https", "blank"].contains(&url.scheme()))
}

/// The launch URL that is set, or the first redirect URI without its path.
fn launch_url(application: &Application, provider: Option<&Provider>) -> Option<String> {
    if !application.meta_launch_url.is_empty() {
        return Some(application.meta_launch_url.clone());
    }
    let first = &provider?.redirect_uris.first()?.url;
    let (scheme, rest) = first.split_once("://").map_or(("", first.as_str()), |(s, r)| (s, r));
    let host = if scheme.is_empty() { "" } else { rest.split(['/', '?', '#']).next()? };
    let tail = rest.find(['?', '#']).map_or("", |at| &rest[at..]);
    let separator = if scheme.is_empty() { "" } else { "://" };
    Some(format!("{scheme}{separator}{host}{tail}"))
}
