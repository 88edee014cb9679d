//! A person on a real authentik: created, logged in by the flow executor as a browser's page does it, deleted.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};
use url::Url;

use super::walk::Person;

const PASSWORD: &str = "a-password-of-a-live-test-4711";
const MAX_STEPS: usize = 12;
const CSRF: &str = "authentik_csrf";

pub(crate) struct RealPerson {
    url: Url,
    token: String,
    id: u64,
    username: String,
    cookies: Mutex<BTreeMap<String, String>>,
    http: reqwest::Client,
}

impl RealPerson {
    /// Creates the person, who can log in with a password.
    pub(crate) async fn create(
        url: &str,
        token: &str,
        username: &str,
        name: &str,
        email: &str,
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let mut created = Self {
            url: url.parse().unwrap(),
            token: token.to_owned(),
            id: 0,
            username: username.to_owned(),
            cookies: Mutex::default(),
            http: http.build().unwrap(),
        };
        let body = json!({"username": username, "name": name, "email": email, "path": "users"});
        let user = created.api("POST", "core/users/", Some(&body)).await;
        created.id = user["pk"].as_u64().unwrap_or_else(|| panic!("{user}"));
        let path = format!("core/users/{}/set_password/", created.id);
        created.api("POST", &path, Some(&json!({"password": PASSWORD}))).await;
        created
    }

    pub(crate) async fn delete(self) {
        self.api("DELETE", &format!("core/users/{}/", self.id), None).await;
    }

    /// A call of authentik's API with the administrator's token.
    async fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = self.url.join(&format!("/api/v3/{path}")).unwrap();
        let request = self.http.request(method.parse().unwrap(), url).bearer_auth(&self.token);
        let text = body.map(Value::to_string).unwrap_or_default();
        let request = request.header("content-type", "application/json").body(text);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{method} {path}: {}", response.status());
        serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default()
    }

    /// What the person's browser sends. Returns where it is led, or the body.
    async fn browse(&self, url: Url, body: Option<&Value>) -> Result<Url, String> {
        let method = if body.is_some() { reqwest::Method::POST } else { reqwest::Method::GET };
        let mut request =
            self.http.request(method, url.clone()).header("accept", "application/json");
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
            request = request.header("referer", self.url.as_str());
        }
        {
            let cookies = self.cookies.lock().unwrap();
            let all: Vec<String> =
                cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let csrf = cookies.get(CSRF).cloned().unwrap_or_default();
            request = request.header("cookie", all.join("; ")).header("x-authentik-csrf", csrf);
        }
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        match response.headers().get("location") {
            Some(to) => Ok(url.join(to.to_str().unwrap()).unwrap()),
            None => Err(response.text().await.unwrap()),
        }
    }

    /// A flow from its first stage to where it leads.
    async fn flow(&self, slug: &str, query: &str) -> Result<Url, String> {
        let mut executor = self.url.join(&format!("/api/v3/flows/executor/{slug}/")).unwrap();
        executor.query_pairs_mut().append_pair("query", query);
        let mut said = self.browse(executor.clone(), None).await;
        for _ in 0..MAX_STEPS {
            let text = match said {
                Ok(next) => {
                    said = self.browse(next, None).await;
                    continue;
                }
                Err(text) => text,
            };
            let stage: Value = serde_json::from_str(&text).map_err(|_| text)?;
            let component = stage["component"].as_str().unwrap_or_default();
            let mut response = match component {
                "xak-flow-redirect" => {
                    return Ok(self.url.join(stage["to"].as_str().unwrap()).unwrap());
                }
                "ak-stage-identification" => json!({"uid_field": self.username}),
                "ak-stage-password" => json!({"password": PASSWORD}),
                "ak-stage-user-login" => json!({"remember_me": false}),
                "ak-stage-consent" => json!({"token": stage["token"]}),
                _ => return Err(stage.to_string()),
            };
            response["component"] = component.into();
            said = self.browse(executor.clone(), Some(&response)).await;
        }
        Err(format!("the flow {slug} does not end"))
    }
}

impl Person for RealPerson {
    async fn authorize(&self, at: &Url) -> Result<Url, String> {
        let mut next = at.clone();
        for _ in 0..MAX_STEPS {
            if next.origin() != self.url.origin() {
                return Ok(next);
            }
            let flow =
                next.path().strip_prefix("/if/flow/").map(|slug| slug.trim_matches('/').to_owned());
            next = match flow {
                Some(slug) => self.flow(&slug, next.query().unwrap_or_default()).await?,
                None => self.browse(next, None).await?,
            };
        }
        Err("too many redirects".to_owned())
    }
}
