//! A proxy whose password is in the environment. It is read in a process of its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use authentik_netbird_core::{Client, ConnectionOptions};

use super::messages::Messages;
use super::record;

const PASSWORD: &str = "canary-of-the-proxy";
const URL: &str = "https://authentik.company";

#[test]
fn a_proxys_password_is_not_said() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = proxy.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in proxy.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
            let _ = connection.write_all(refusal.as_bytes());
        }
    });
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [address, closed] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "canary::proxy::behind_a_proxy", "--ignored", "--nocapture"])
            .env("HTTPS_PROXY", format!("http://jane:{PASSWORD}@{address}"))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(said.contains("cannot read the server"), "{said}");
        // Plain, and as a header carries it: base64 of jane: and the password.
        for text in [PASSWORD, "amFuZTpjYW5hcnk"] {
            assert!(!said.contains(text), "{text} is in {said}");
        }
    }
}

#[tokio::test]
#[ignore = "started by the test above, with a proxy in its environment"]
async fn behind_a_proxy() {
    record::start();
    let wanted = crate::support::as_in_guide(URL, "netbird.company").build().unwrap();
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let builder = Client::builder(URL).token("t").options(options);
    let messages = Messages::default();
    messages.debug(&builder);
    let client = builder.build().unwrap();
    messages.debug(&client);
    messages.error(&client.plan(&wanted).await.unwrap_err());
    println!("{}\n{}", messages.0.into_inner().unwrap(), record::all());
}
