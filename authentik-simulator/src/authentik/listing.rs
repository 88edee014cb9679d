//! Lists: filters, search, ordering and pages, over objects that are rendered already.
//!
//! Unknown filters, orderings and page sizes are ignored silently, as authentik does.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::form::uuid;
use super::{Release, State};
use crate::authentik::responses::Reply;
use crate::host::Request;
use crate::host::Response;

const PAGE_SIZE: usize = 100;

pub(super) struct Listing<'a> {
    release: Release,
    request: &'a Request,
    rows: Vec<Value>,
    error: Option<Response>,
}

impl<'a> Listing<'a> {
    pub(super) fn new(
        state: &State,
        request: &'a Request,
        rows: impl IntoIterator<Item = Value>,
    ) -> Self {
        Self { release: state.release, request, rows: rows.into_iter().collect(), error: None }
    }

    /// Filters that compare a field exactly.
    pub(super) fn exact(mut self, fields: &[&str]) -> Self {
        for field in fields {
            if let Some(wanted) = self.request.parameter(field) {
                self.rows.retain(|row| text(&row[*field]).as_deref() == Some(wanted));
            }
        }
        self
    }

    /// Filters on yes and no; other words are ignored.
    pub(super) fn flags(mut self, fields: &[&str]) -> Self {
        for field in fields {
            if let Some(wanted) = self.request.flag(field) {
                self.rows.retain(|row| row[*field].as_bool() == Some(wanted));
            }
        }
        self
    }

    /// Filters that take one of a few words.
    pub(super) fn choice(self, field: &str, choices: &[&str]) -> Self {
        self.choice_of(field, field, choices)
    }

    /// The same, where the parameter and the field have different names.
    pub(super) fn choice_of(mut self, parameter: &str, field: &str, choices: &[&str]) -> Self {
        let wanted: Vec<String> =
            self.request.parameters(parameter).into_iter().map(str::to_owned).collect();
        if let Some(wrong) = wanted.iter().find(|word| !choices.contains(&word.as_str())) {
            self.fail(parameter, &invalid_choice(wrong));
        } else if !wanted.is_empty() {
            self.rows.retain(|row| {
                row[field].as_str().is_some_and(|has| wanted.iter().any(|w| w == has))
            });
        }
        self
    }

    /// Filters that take the key of another object.
    pub(super) fn uuids(self, fields: &[&str]) -> Self {
        fields.iter().fold(self, |list, field| list.uuid(field, field))
    }

    /// The same, where the parameter and the field have different names.
    pub(super) fn uuid(mut self, parameter: &str, field: &str) -> Self {
        if let Some(wanted) = self.request.parameter(parameter) {
            match uuid(wanted) {
                Some(wanted) => self.rows.retain(|row| row[field].as_str() == Some(&wanted)),
                None => self.fail(parameter, "Enter a valid UUID."),
            }
        }
        self
    }

    /// `attributes={"name": value}`: each of these attributes has that value. `a__b` is the `b` within `a`.
    pub(super) fn attributes(mut self) -> Self {
        let Some(text) = self.request.parameter("attributes") else { return self };
        let wanted = match serde_json::from_str(text) {
            Ok(Value::Object(wanted)) => wanted,
            Ok(_) => return self.refuse("filter: value must be key:value mapping"),
            Err(_) => return self.refuse("filter: failed to parse JSON"),
        };
        self.rows.retain(|row| {
            wanted.iter().all(|(path, value)| {
                let mut parts = path.split("__");
                parts.try_fold(&row["attributes"], |at, part| at.get(part)) == Some(value)
            })
        });
        self
    }

    /// A filter that names, perhaps repeatedly, values that must exist.
    pub(super) fn named(
        mut self,
        parameter: &str,
        exists: impl Fn(&str) -> bool,
        keep: impl Fn(&Value, &[&str]) -> bool,
    ) -> Self {
        let wanted = self.request.parameters(parameter);
        if let Some(unknown) = wanted.iter().find(|word| !exists(word)) {
            self.fail(parameter, &invalid_choice(unknown));
        } else if !wanted.is_empty() {
            self.rows.retain(|row| keep(row, &wanted));
        }
        self
    }

    /// Any other condition.
    pub(super) fn only(mut self, keep: impl Fn(&Value) -> bool) -> Self {
        self.rows.retain(keep);
        self
    }

    /// `search=`: every word must be part of one of the fields, in any case.
    pub(super) fn search(mut self, fields: &[&str]) -> Self {
        if let Some(wanted) = self.request.parameter("search") {
            let words: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
            self.rows.retain(|row| {
                words.iter().all(|word| {
                    fields.iter().any(|field| {
                        text(&row[*field]).is_some_and(|has| has.to_lowercase().contains(word))
                    })
                })
            });
        }
        self
    }

    fn refuse(mut self, text: &str) -> Self {
        self.error.get_or_insert(Response::json(400, &json!([text])));
        self
    }

    fn fail(&mut self, field: &str, text: &str) {
        let answer = Response::json(400, &json!({ field: [text] }));
        self.error.get_or_insert(answer);
    }

    /// Orders by `field` unless the caller asks for another order, and cuts out the page.
    pub(super) fn page(self, field: &str) -> Reply {
        self.page_with(field, json!({}))
    }

    /// The same, with what the search bar offers; null where there is none.
    pub(super) fn page_with(mut self, field: &str, autocomplete: Value) -> Reply {
        if let Some(error) = self.error {
            return Err(error);
        }
        let known = |term: &&str| {
            let name = term.trim_start_matches('-');
            self.rows.iter().all(|row| !row[name].is_null() && !row[name].is_object())
        };
        let asked: Vec<&str> = self
            .request
            .parameter("ordering")
            .map_or_else(Vec::new, |terms| terms.split(',').map(str::trim).filter(known).collect());
        let terms = if asked.is_empty() { vec![field] } else { asked };
        self.rows.sort_by(|a, b| {
            terms.iter().fold(Ordering::Equal, |so_far, term| {
                let name = term.trim_start_matches('-');
                let order = compare(&a[name], &b[name]);
                so_far.then(if term.starts_with('-') { order.reverse() } else { order })
            })
        });
        self.cut(autocomplete)
    }

    fn cut(self, autocomplete: Value) -> Reply {
        let size = self.request.parameter("page_size").and_then(|size| size.parse().ok());
        let size: usize = size.filter(|size| *size > 0).unwrap_or(PAGE_SIZE);
        let count = self.rows.len();
        let pages = count.div_ceil(size).max(1);
        let current = match self.request.parameter("page") {
            None => 1,
            Some("last") => pages,
            Some(page) => page.parse().unwrap_or(0),
        };
        if current < 1 || current > pages {
            return Err(Response::detail(404, "Invalid page."));
        }
        let start = (current - 1) * size;
        let rows: Vec<Value> = self.rows.into_iter().skip(start).take(size).collect();
        let mut page = json!({
            "pagination": {
                "next": if current < pages { current + 1 } else { 0 },
                "previous": current - 1,
                "count": count,
                "current": current,
                "total_pages": pages,
                "start_index": if count == 0 { 0 } else { start + 1 },
                "end_index": start + rows.len(),
            },
            "results": rows,
        });
        if !autocomplete.is_null() && self.release >= Release::V2025_10 {
            page["autocomplete"] = autocomplete;
        }
        Ok(Response::ok(&page))
    }
}

fn invalid_choice(word: &str) -> String {
    format!("Select a valid choice. {word} is not one of the available choices.")
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.as_i64().cmp(&b.as_i64()),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}
