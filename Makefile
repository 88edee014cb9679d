# demo and test are for everyone, lint and bench for whoever changes something.
CORE := authentik-netbird-core

.PHONY: demo test lint bench features

demo:
	cargo run --quiet -p authentik-netbird-examples --example quickstart

test:
	cargo test --workspace --all-features
	cargo test -p $(CORE) --no-default-features

lint: features
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo clippy -p $(CORE) --all-targets -- -D warnings
	cargo clippy -p $(CORE) --no-default-features --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

# What the pure core must not bring along, and what nobody gets.
features:
	@! cargo tree -p $(CORE) --no-default-features -e normal --prefix none \
	  | grep -E '^(reqwest|tokio|hyper|h2|rustls|ring|aws-lc|openssl|native-tls|tracing)' \
	  || { echo "the core pulls these in without the feature client"; exit 1; }
	@! cargo tree --workspace --all-features -e normal --prefix none --target all \
	  | grep -E '^(openssl|native-tls|aws-lc)' \
	  || { echo "TLS is rustls with ring, and nothing else"; exit 1; }

bench:
	cargo bench -p authentik-netbird-benches
