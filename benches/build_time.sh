#!/usr/bin/env bash
# How long a clean release build of the core takes, beside that of a bare program with reqwest and
# serde, of the same features and the same crypto provider, on the same machine, by turns.
# Usage: benches/build_time.sh [ROUNDS]; with CRYPTO=aws-lc-rs the bare program has that provider.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
crypto=${CRYPTO:-ring}
work=target/build-time
bare=$work/bare
mkdir -p "$bare/src"
cat > "$bare/Cargo.toml" <<TOML
[package]
name = "bare"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider", "http2"] }
rustls = { version = "0.23", default-features = false, features = ["$crypto", "std", "tls12"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["rt", "time", "macros"] }
TOML
cat > "$bare/src/main.rs" <<'RUST'
#[derive(serde::Deserialize)]
struct Answer {
    version_current: String,
}
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).unwrap_or_default();
    let text = reqwest::Client::builder().build()?.get(url).send().await?.text().await?;
    println!("{}", serde_json::from_str::<Answer>(&text)?.version_current);
    Ok(())
}
RUST
cp Cargo.lock "$bare/Cargo.lock"
(cd "$bare" && cargo fetch --quiet)
cargo fetch --quiet
# Runs a clean build; prints wall seconds, then processor seconds, which other work on the machine
# disturbs less.
seconds() {
  local TIMEFORMAT='%R %U %S'
  { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.1f %.1f", $1, $2 + $3 }'
}
for ((round = 1; round <= rounds; round++)); do
  rm -rf "$work/a" "$work/b"
  a=$(seconds env CARGO_TARGET_DIR="$PWD/$work/a" cargo build --release --manifest-path "$bare/Cargo.toml")
  b=$(seconds env CARGO_TARGET_DIR="$PWD/$work/b" cargo build --release -p authentik-netbird-core)
  awk -v n="$round" -v crypto="$crypto" -v a="$a" -v b="$b" 'BEGIN {
    split(a, x, " "); split(b, y, " ")
    printf "round %s: bare (%s) %s s, core %s s, ratio %.2f; processor %s s, %s s, ratio %.2f\n",
      n, crypto, x[1], y[1], y[1] / x[1], x[2], y[2], y[2] / x[2] }'
done
ls -l "$work/a/release/bare" | awk '{ print "bare program: " $5 " bytes" }'
