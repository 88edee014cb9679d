//! The stub issuers that the recorded server was given.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::json;

/// Where they were when the recordings were made.
pub(super) const RECORDED: &str = "http://127.0.0.1:9600";

/// Starts them on a free port, until the test process ends.
pub(super) fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                let (status, body) = answer(path);
                let length = body.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
            });
        }
    });
    url
}

fn answer(path: &str) -> (&'static str, String) {
    let base = path.strip_suffix(".well-known/openid-configuration").unwrap_or_default();
    let document = |issuer: &str| ("200 OK", json!({ "issuer": issuer }).to_string());
    match base {
        "/html/" => ("200 OK", "<html>not a document</html>".to_owned()),
        "/500/" => ("500 Internal Server Error", "boom".to_owned()),
        "/noissuer/" => ("200 OK", "{}".to_owned()),
        "/mismatch/" => document("https://other.company/application/o/netbird/"),
        "/noslash/" => document(&format!("{RECORDED}/noslash")),
        "/slow/" => {
            thread::sleep(Duration::from_secs(60));
            document("")
        }
        _ if base.starts_with("/ok/") => document(&format!("{RECORDED}{base}")),
        _ => ("404 Not Found", "<html>not found</html>".to_owned()),
    }
}
