//! A reverse proxy in front of a simulator: ends TLS, rewrites paths, adds headers, remembers what
//! was sent.

use std::sync::{Arc, Mutex};

use authentik_simulator::Simulator;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::certificate::acceptor;

/// What the proxy does, besides passing on.
#[derive(Clone, Default)]
pub(crate) struct Front {
    /// Speaks TLS, with a certificate for `localhost`.
    pub(crate) tls: bool,
    /// Adds this header.
    pub(crate) header: Option<&'static str>,
    /// Leads paths that begin so elsewhere.
    pub(crate) lead: Option<(&'static str, &'static str)>,
}

/// One that runs.
pub(crate) struct Running {
    /// Its address, without a slash at the end.
    pub(crate) url: String,
    /// The authority of its certificate, PEM.
    pub(crate) authority: String,
    /// Each request as it came, head and body.
    pub(crate) seen: Arc<Mutex<Vec<String>>>,
}

impl Front {
    pub(crate) async fn of(self, simulator: &Simulator) -> Running {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (acceptor, authority) = acceptor(&["localhost"]);
        let url = if self.tls {
            format!("https://localhost:{port}")
        } else {
            format!("http://127.0.0.1:{port}")
        };
        let inside = simulator.url().trim_start_matches("http://").to_owned();
        let inside = inside.split('/').next().unwrap().to_owned();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let seen_here = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (front, acceptor, inside) = (self.clone(), acceptor.clone(), inside.clone());
                let seen = Arc::clone(&seen_here);
                tokio::spawn(async move {
                    if front.tls {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            front.pass(stream, &inside, &seen).await;
                        }
                    } else {
                        front.pass(stream, &inside, &seen).await;
                    }
                });
            }
        });
        Running { url, authority, seen }
    }

    /// Passes one request on, and its answer back.
    async fn pass(
        &self,
        mut outside: impl AsyncRead + AsyncWrite + Unpin,
        inside: &str,
        seen: &Mutex<Vec<String>>,
    ) {
        let mut request = Vec::new();
        let end = loop {
            let mut chunk = [0; 4096];
            let count = outside.read(&mut chunk).await.unwrap_or(0);
            if count == 0 {
                return;
            }
            request.extend_from_slice(&chunk[..count]);
            if let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
                let length = head.split("content-length: ").nth(1);
                let length = length.and_then(|text| text.lines().next()?.parse().ok());
                if request.len() >= end + 4 + length.unwrap_or(0) {
                    break end;
                }
            }
        };
        let text = String::from_utf8(request).unwrap();
        seen.lock().unwrap().push(text.clone());
        let (mut head, body) = (text[..end].to_owned(), &text[end + 4..]);
        if let Some((from, to)) = self.lead {
            head = head.replacen(&format!(" {from}"), &format!(" {to}"), 1);
        }
        for header in self.header.into_iter().chain(["connection: close"]) {
            head.push_str("\r\n");
            head.push_str(header);
        }
        let mut server = TcpStream::connect(inside).await.unwrap();
        server.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = server.read_to_end(&mut answer).await;
        let _ = outside.write_all(&answer).await;
        let _ = outside.shutdown().await;
    }
}
