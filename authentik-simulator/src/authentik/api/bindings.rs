//! `/policies/bindings/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, groups, is_uuid, same_uuid};
use crate::authentik::State;
use crate::authentik::form::{Errors, Form};
use crate::authentik::listing::Listing;
use crate::authentik::objects::PolicyBinding;
use crate::authentik::responses::Reply;

impl Resource for PolicyBinding {
    const NAME: &'static str = "PolicyBinding";
    const APP: &'static str = "authentik_policies";
    const MODEL: &'static str = "policybinding";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.policy_bindings;
    const IS: fn(&Self, &str) -> bool = |one, key| same_uuid(key, &one.pk);
    const IS_KEY: fn(&str) -> bool = is_uuid;
    const BLANK: fn(&mut State) -> Self = |state| PolicyBinding::new(&mut state.counters, "");

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        binding: Self,
    ) -> Result<Self, Errors> {
        read(state, fields, partial, true, binding)
    }

    fn render(&self, state: &State) -> Value {
        let group = self.group.as_ref();
        let group = group.and_then(|pk| state.groups.iter().find(|group| group.pk == *pk));
        let user = self.user.and_then(|pk| state.users.iter().find(|user| user.pk == pk));
        json!({
            "pk": self.pk,
            "policy": self.policy,
            "group": self.group,
            "user": self.user,
            "policy_obj": null,
            "group_obj": group.map(|group| groups::in_binding(state, group)),
            "user_obj": user.map(|user| user.render(state)),
            "target": self.target,
            "negate": self.negate,
            "enabled": self.enabled,
            "order": self.order,
            "timeout": self.timeout,
            "failure_result": self.failure_result,
        })
    }

    fn list(state: &State, request: &ApiRequest<'_>, rows: Vec<Value>) -> Reply {
        let without_policy = request.http.flag("policy__isnull");
        let targets = request.http.parameters("target_in");
        let targets: Vec<&str> = targets.iter().flat_map(|list| list.split(',')).collect();
        Listing::new(state, request.http, rows)
            .exact(&["order", "timeout"])
            .flags(&["enabled"])
            .uuids(&["target", "policy"])
            .only(|row| {
                let target = row["target"].as_str().unwrap_or_default();
                targets.is_empty() || targets.contains(&target)
            })
            .only(|row| without_policy.is_none_or(|wanted| row["policy"].is_null() == wanted))
            .page("order")
    }
}

pub(super) fn read(
    state: &State,
    fields: &Map<String, Value>,
    partial: bool,
    needs_target: bool,
    mut binding: PolicyBinding,
) -> Result<PolicyBinding, Errors> {
    let mut form = Form::new(fields, partial);
    if needs_target {
        let is_target = |key: &str| {
            state.applications.iter().any(|app| app.pk == key)
                || state.flows.iter().any(|flow| flow.policybindingmodel_ptr_id == key)
        };
        if let Some(target) = form.key("target", true, is_target) {
            binding.target = target;
        }
    }
    // The simulator has no policies.
    form.key_or_null("policy", &mut binding.policy, |_| false);
    form.key_or_null("group", &mut binding.group, |pk| state.groups.iter().any(|g| g.pk == pk));
    let is_user = |pk| state.users.iter().any(|user| user.pk == pk);
    form.number_or_null("user", &mut binding.user, is_user);
    for (field, place) in [
        ("negate", &mut binding.negate),
        ("enabled", &mut binding.enabled),
        ("failure_result", &mut binding.failure_result),
    ] {
        if let Some(flag) = form.flag(field) {
            *place = flag;
        }
    }
    if let Some(order) = form.integer("order", true) {
        binding.order = order;
    }
    if let Some(timeout) = form.integer("timeout", false) {
        binding.timeout = timeout;
    }
    form.finish()?;
    let named = [binding.policy.is_some(), binding.group.is_some(), binding.user.is_some()];
    let text = match named.into_iter().filter(|named| *named).count() {
        0 => "One of 'policy', 'group' or 'user' must be set.",
        1 => return Ok(binding),
        _ => "Only one of 'policy', 'group' or 'user' can be set.",
    };
    Err(Errors::from_iter([("non_field_errors".to_owned(), json!([text]))]))
}
