//! `/propertymappings/provider/scope/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, is_uuid, same_uuid};
use crate::authentik::State;
use crate::authentik::form::{Errors, Form, Rule};
use crate::authentik::listing::Listing;
use crate::authentik::objects::ScopeMapping;
use crate::authentik::responses::Reply;

impl Resource for ScopeMapping {
    const NAME: &'static str = "ScopeMapping";
    const APP: &'static str = "authentik_providers_oauth2";
    const MODEL: &'static str = "scopemapping";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.scope_mappings;
    const IS: fn(&Self, &str) -> bool = |one, key| same_uuid(key, &one.pk);
    const IS_KEY: fn(&str) -> bool = is_uuid;
    const BLANK: fn(&mut State) -> Self = |state| ScopeMapping::new(&mut state.counters, "", "");

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut mapping: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        if let Some(name) = form.text("name", Rule::REQUIRED) {
            if state.scope_mappings.iter().any(|m| m.name == name && m.pk != mapping.pk) {
                form.error("name", "property mapping with this name already exists.");
            }
            mapping.name = name;
        }
        if let Some(expression) = form.text("expression", Rule::REQUIRED) {
            mapping.expression = expression;
        }
        if let Some(scope_name) = form.text("scope_name", Rule::REQUIRED) {
            mapping.scope_name = scope_name;
        }
        if let Some(description) = form.text("description", Rule::OPTIONAL.or_blank()) {
            mapping.description = description;
        }
        form.finish().map(|()| mapping)
    }

    fn render(&self, _state: &State) -> Value {
        json!({
            "pk": self.pk,
            "managed": self.managed,
            "name": self.name,
            "expression": self.expression,
            "component": "ak-property-mapping-provider-scope-form",
            "verbose_name": "Scope Mapping",
            "verbose_name_plural": "Scope Mappings",
            "meta_model_name": "authentik_providers_oauth2.scopemapping",
            "scope_name": self.scope_name,
            "description": self.description,
        })
    }

    fn removed(state: &mut State, gone: &Self) {
        for provider in &mut state.providers {
            provider.property_mappings.retain(|pk| *pk != gone.pk);
        }
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        let unmanaged = request.http.flag("managed__isnull");
        Listing::new(state, request.http, rows)
            .exact(&["name", "scope_name"])
            .named(
                "managed",
                |word| state.scope_mappings.iter().any(|m| m.managed.as_deref() == Some(word)),
                |row, wanted| row["managed"].as_str().is_some_and(|has| wanted.contains(&has)),
            )
            .only(|row| unmanaged.is_none_or(|wanted| row["managed"].is_null() == wanted))
            .search(&["name", "description", "scope_name"])
            .page("scope_name")
    }
}
