# demo and test are for everyone, the others for whoever changes something.
CORE := authentik-netbird-core
CAMPAIGNS := --test faults --test races --test killed

.PHONY: demo test soak lint bench features build-time

demo:
	cargo run --quiet -p authentik-netbird-examples --example quickstart

test:
	cargo test --workspace --all-features
	cargo test -p $(CORE) --no-default-features
	cargo test --release -p $(CORE) --all-features --test faults -- --nocapture
	$(CORE)/tests/releases/run
	.ci/fuzz
	authentik-netbird-py/tests/run
	examples/ansible/tests/run

# The long campaigns: every pair of faults, many more races, plans edited at every place. Two hours on two
# cores; AUTHENTIK_NETBIRD_CASES=100000..200000 takes a part of the cases of faults, with `--test faults`.
soak:
	AUTHENTIK_NETBIRD_SOAK=1 cargo test --release -p $(CORE) --all-features $(CAMPAIGNS) \
	  --test tampered --test arbitrary --test hostile --test canary_faults -- --nocapture
	FUZZ_SECONDS=120 .ci/fuzz
	cargo bench -p authentik-netbird-benches --bench load -- --minutes 10

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
	rm -f target/bench.json
	cargo bench -p authentik-netbird-benches
	benches/campaigns
	benches/python/run

# How long a clean build takes, beside a bare program with reqwest and serde.
build-time:
	benches/build_time.sh
