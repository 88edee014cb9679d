//! Stands between a client and the simulator, and changes answers by their structure.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::Value;

use authentik_netbird_properties::{Choices, mutated};

pub(crate) struct Proxy {
    url: String,
    address: SocketAddr,
    changed: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
}

impl Proxy {
    /// In front of this server; what it changes follows from `case`.
    pub(crate) fn start(server: &str, case: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let upstream = server.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let (changed, stopped) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let proxy = Self { url: format!("http://{address}"), address, changed, stopped };
        let (changed, stopped) = (Arc::clone(&proxy.changed), Arc::clone(&proxy.stopped));
        std::thread::spawn(move || {
            for (number, client) in listener.incoming().enumerate() {
                if stopped.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(client) = client else { continue };
                let (upstream, changed) = (upstream.clone(), Arc::clone(&changed));
                let seed = case << 16 | number as u64;
                std::thread::spawn(move || {
                    // A client that has gone is no matter here.
                    let _ = serve(client, &upstream, seed, &changed);
                });
            }
        });
        proxy
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many answers were changed.
    pub(crate) fn changed(&self) -> usize {
        self.changed.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

/// Bytes that look random, and are the same each time.
fn bytes(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    std::iter::repeat_with(next).take(96).collect()
}

/// One connection: each request of it.
fn serve(
    client: TcpStream,
    upstream: &str,
    seed: u64,
    changed: &AtomicUsize,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut writer = client;
    for number in 0_u64.. {
        let Some((head, body)) = message(&mut reader)? else { break };
        let mut server = TcpStream::connect(upstream)?;
        server.write_all(head.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n").as_bytes())?;
        server.write_all(&body)?;
        let Some((head, body)) = message(&mut BufReader::new(server))? else { break };
        let bytes = bytes(seed << 8 | number);
        let choices = &mut Choices::new(&bytes);
        // One answer in ten: the others lead on.
        let body = if choices.below(10) == 0 {
            changed.fetch_add(1, Ordering::Relaxed);
            let document = serde_json::from_slice(&body).unwrap_or(Value::Null);
            mutated(&document, choices)
        } else {
            body
        };
        let lines = head.lines().filter(|line| {
            let line = line.to_ascii_lowercase();
            !line.is_empty()
                && !line.starts_with("content-length")
                && !line.starts_with("connection")
        });
        let mut answer = lines.collect::<Vec<_>>().join("\r\n");
        // A bare 204 has no length.
        if !answer.contains(" 204 ") {
            answer.push_str(&format!("\r\ncontent-length: {}", body.len()));
        }
        answer.push_str("\r\n\r\n");
        writer.write_all(answer.as_bytes())?;
        if !answer.contains(" 204 ") {
            writer.write_all(&body)?;
        }
    }
    Ok(())
}

/// Head and body of a request or an answer; `None` at the end of the connection.
fn message(reader: &mut impl BufRead) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let before = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Ok(None);
        }
        let line = head[before..].to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some((head, body)))
}
