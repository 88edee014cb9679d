//! A server, spoken to without the code under test.

use serde_json::{Value, json};

/// A server and its token.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) token: String,
    http: reqwest::Client,
}

/// Every list that a run may touch, and some that it must not.
const LISTS: [&str; 10] = [
    "core/brands/",
    "flows/instances/",
    "core/groups/",
    "propertymappings/provider/scope/",
    "crypto/certificatekeypairs/",
    "providers/oauth2/",
    "core/applications/",
    "core/users/",
    "core/tokens/",
    "policies/bindings/",
];

/// Fields that authentik changes by itself, or that repeat what is in another list.
const VOLATILE: [&str; 7] = [
    "cache_count",
    "last_login",
    "last_updated",
    "users_obj",
    "user_obj",
    "is_superuser",
    "expires",
];

impl Server {
    pub(crate) fn new(url: &str, token: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if url.starts_with("http://") {
            // To read the operating system's certificates takes longer than many a case.
            http = http.tls_certs_only([]);
        }
        Self {
            url: url.trim_end_matches('/').to_owned(),
            token: token.to_owned(),
            http: http.build().unwrap(),
        }
    }

    fn address(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/api/v3/{path}", self.url)
        }
    }

    /// The JSON at a path of the API, or at a whole URL.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.get_as(&self.token, path).await.1
    }

    pub(crate) async fn get_as(&self, token: &str, path: &str) -> (u16, Value) {
        answer(self.http.get(self.address(path)).bearer_auth(token)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = method.parse().unwrap();
        let mut request = self.http.request(method, self.address(path)).bearer_auth(&self.token);
        if !body.is_null() {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        answer(request).await
    }

    pub(crate) async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.http.post(url).body(body);
        answer(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// The first entry of a list whose field is this text, by the filter of the same name.
    pub(crate) async fn find(&self, list: &str, field: &str, value: &str) -> Option<Value> {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).append_pair(field, value).finish();
        let found = self.get(&format!("{list}?{query}&superuser_full_list=true")).await;
        let entries = found["results"].as_array().cloned().unwrap_or_default();
        entries.into_iter().find(|entry| match &entry[field] {
            Value::String(text) => text == value,
            Value::Bool(truth) => truth.to_string() == value,
            // A filter through another object, such as `user__username`.
            _ => true,
        })
    }

    /// The whole configuration, without what authentik changes by itself.
    pub(crate) async fn everything(&self) -> Value {
        let mut all = json!({});
        for list in LISTS {
            let answer = self.get(&format!("{list}?page_size=1000&superuser_full_list=true")).await;
            let mut entries = answer["results"].clone();
            assert!(entries.is_array(), "{list}: {answer}");
            strip(&mut entries);
            let entries = entries.as_array_mut().unwrap();
            entries.sort_by_key(|entry| entry["pk"].to_string() + &entry["brand_uuid"].to_string());
            all[list] = json!(entries);
        }
        all
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !VOLATILE.contains(&name.as_str()));
            fields.values_mut().for_each(strip);
        }
        Value::Array(values) => values.iter_mut().for_each(strip),
        _ => {}
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap();
    let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
    (status, serde_json::from_slice(&body).unwrap_or_else(|_| text()))
}
