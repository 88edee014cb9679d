//! Logins without a browser and without the code under test: NetBird's client, Dex, authentik and back.

use authentik_simulator::Simulator;
use serde_json::Value;
use url::{Url, form_urlencoded};

const CLIENT: &str = "netbird-cli";
const REDIRECT_URI: &str = "http://localhost:53000/";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-of-a-client";
const MAX_HOPS: usize = 10;

/// Whoever logs in to authentik.
pub(crate) trait Person {
    /// Where the authorization endpoint leads in the end, or why it does not.
    async fn authorize(&self, at: &Url) -> Result<Url, String>;
}

/// A user of a simulated authentik.
pub(crate) struct Simulated<'a>(pub(crate) &'a Simulator, pub(crate) &'a str);

impl Person for Simulated<'_> {
    async fn authorize(&self, at: &Url) -> Result<Url, String> {
        let to = self.0.edit(|state| state.authorize(at, self.1));
        to.map(|to| to.parse().unwrap())
    }
}

/// A NetBird, real or simulated, and its token.
pub(crate) struct Netbird {
    url: Url,
    /// What it calls itself.
    public: Url,
    token: String,
    http: reqwest::Client,
}

/// What a page is answered with.
struct Answer {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Netbird {
    pub(crate) async fn new(url: &str, token: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if url.starts_with("http://") {
            // To read the operating system's certificates takes longer than many a case.
            http = http.tls_certs_only([]);
        }
        let (url, http): (Url, _) = (url.parse().unwrap(), http.build().unwrap());
        let document = url.join("/oauth2/.well-known/openid-configuration").unwrap();
        let document: Value = serde_json::from_str(&send(http.get(document)).await.body).unwrap();
        let public = document["issuer"].as_str().unwrap().parse().unwrap();
        Self { url, public, token: token.to_owned(), http }
    }

    /// Where its Dex receives people from a connector.
    pub(crate) fn callback(&self) -> String {
        self.public.join("/oauth2/callback").unwrap().into()
    }

    /// A page as this machine reaches it.
    fn reachable(&self, mut page: Url) -> Url {
        if page.origin() == self.public.origin() {
            page = self.url.join(&page[url::Position::BeforePath..]).unwrap();
        }
        page
    }

    /// A call of its API with its own token, or with a person's.
    pub(crate) async fn api(&self, method: &str, path: &str, person: Option<&str>) -> (u16, Value) {
        let url = self.url.join(&format!("/api/{path}")).unwrap();
        let authorization = match person {
            Some(token) => format!("Bearer {token}"),
            None => format!("Token {}", self.token),
        };
        let request = self.http.request(method.parse().unwrap(), url);
        let answer = send(request.header("authorization", authorization)).await;
        (answer.status, serde_json::from_str(&answer.body).unwrap_or(Value::String(answer.body)))
    }

    /// A person logs in through a connector. Returns the access token of NetBird's client, or the status and the
    /// page on which it ends.
    pub(crate) async fn log_in(
        &self,
        person: &impl Person,
        connector: &str,
    ) -> Result<String, (u16, String)> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", CLIENT)
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("response_type", "code")
            .append_pair("scope", "openid profile email groups offline_access")
            .append_pair("state", "state-of-the-client")
            .append_pair("code_challenge", VERIFIER)
            .append_pair("code_challenge_method", "plain")
            .append_pair("connector_id", connector)
            .finish();
        let mut next = self.url.join(&format!("/oauth2/auth?{query}")).unwrap();
        for _ in 0..MAX_HOPS {
            if next.as_str().starts_with(REDIRECT_URI) {
                let code = next.query_pairs().find(|(name, _)| name == "code");
                return self.exchange(&code.map(|(_, code)| code.into_owned()).unwrap()).await;
            }
            if next.path() == "/application/o/authorize/" {
                next = person.authorize(&next).await.map_err(|title| (0, title))?;
                continue;
            }
            next = self.reachable(next);
            let answer = send(self.http.get(next.clone())).await;
            let Some(to) = answer.location else { return Err((answer.status, answer.body)) };
            next = next.join(&to).unwrap();
        }
        Err((0, "too many redirects".to_owned()))
    }

    async fn exchange(&self, code: &str) -> Result<String, (u16, String)> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", CLIENT)
            .append_pair("code", code)
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("code_verifier", VERIFIER)
            .finish();
        let request = self.http.post(self.url.join("/oauth2/token").unwrap()).body(form);
        let answer =
            send(request.header("content-type", "application/x-www-form-urlencoded")).await;
        let tokens: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let token = tokens["access_token"].as_str();
        token.map(str::to_owned).ok_or((answer.status, answer.body))
    }
}

async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let location = response.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    Answer { status, location, body: String::from_utf8_lossy(&body).into_owned() }
}
