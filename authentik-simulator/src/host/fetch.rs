//! [`Fetch`]: a request of a simulated server to another server.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::Method;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::Url;

/// A request, before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
    /// `http://host:port` to connect to in place of the URL's own host, which stays in the Host header.
    pub(crate) through: Option<Url>,
    /// How long all of it may take.
    pub(crate) timeout: Duration,
}

/// The result of a request to another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fetched {
    /// A response, whatever its status.
    Response {
        /// HTTP status.
        status: u16,
        /// Where a redirect leads.
        location: Option<String>,
        /// Body.
        body: String,
    },
    /// No response.
    Failed(FetchError),
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The name of the host is unknown.
    UnknownHost,
    /// Nobody listens at that address.
    Refused {
        /// Address and port.
        address: String,
    },
    /// The connection ended before the response did.
    Broken,
    /// It took too long.
    TimedOut,
    /// TLS, which is not simulated: no certificate is trusted.
    Untrusted,
}

impl Fetch {
    /// Sends it, on a new connection.
    pub(crate) async fn send(&self) -> Fetched {
        let exchanged = tokio::time::timeout(self.timeout, self.exchange()).await;
        match exchanged {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => Fetched::Failed(error),
            Err(_) => Fetched::Failed(FetchError::TimedOut),
        }
    }

    async fn exchange(&self) -> Result<Fetched, FetchError> {
        let target = self.through.as_ref().unwrap_or(&self.url);
        let host = target.host_str().ok_or(FetchError::UnknownHost)?;
        let port = target.port_or_known_default().unwrap_or(80);
        let addresses = tokio::net::lookup_host((host, port)).await;
        let mut addresses = addresses.map_err(|_| FetchError::UnknownHost)?;
        let address = addresses.next().ok_or(FetchError::UnknownHost)?;
        let stream = TcpStream::connect(address).await;
        let stream = stream.map_err(|_| FetchError::Refused { address: address.to_string() })?;
        if target.scheme() != "http" {
            return Err(FetchError::Untrusted);
        }
        let broken = |_: hyper::Error| FetchError::Broken;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        let request = self.request().map_err(|_| FetchError::Broken)?;
        let exchange = async {
            let response = sender.send_request(request).await.map_err(broken)?;
            let status = response.status().as_u16();
            let location = response.headers().get("location");
            let location = location.and_then(|to| to.to_str().ok()).map(str::to_owned);
            let body = response.into_body().collect().await.map_err(broken)?.to_bytes();
            let body = String::from_utf8_lossy(&body).into_owned();
            Ok(Fetched::Response { status, location, body })
        };
        // The connection does the reading and writing, and ends with the exchange.
        let (mut exchange, mut connection) = (std::pin::pin!(exchange), std::pin::pin!(connection));
        tokio::select! {
            exchanged = &mut exchange => exchanged,
            _ = &mut connection => exchange.await,
        }
    }

    fn request(&self) -> Result<hyper::Request<Full<Bytes>>, hyper::http::Error> {
        let path = match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        };
        let host = self.url.host_str().unwrap_or_default();
        let authority = match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let mut request = hyper::Request::builder()
            .method(self.method.clone())
            .uri(path)
            .header("host", authority)
            .header("x-forwarded-proto", self.url.scheme())
            .header("user-agent", "Go-http-client/1.1");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request.body(Full::new(Bytes::from(self.body.clone())))
    }
}
