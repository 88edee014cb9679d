# demo and test are for everyone, lint and bench for whoever changes something.
CORE := authentik-netbird-core

.PHONY: demo test lint bench features build-time

demo:
	cargo run --quiet -p authentik-netbird-examples --example quickstart

test:
	cargo test --workspace --all-features
	cargo test -p $(CORE) --no-default-features
	$(CORE)/tests/releases/run
	.ci/fuzz
	authentik-netbird-py/tests/run
	examples/ansible/tests/run

lint: features
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo clippy -p $(CORE) --all-targets -- -D warnings
	cargo clippy -p $(CORE) --no-default-features --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features
	authentik-netbird-py/lint
	examples/ansible/tests/lint

# What the pure core must not bring along, and what nobody gets.
features:
	.ci/features

bench:
	cargo bench -p authentik-netbird-benches
	benches/python/run

# How long a clean build takes, beside a bare program with reqwest and serde.
build-time:
	benches/build_time.sh
