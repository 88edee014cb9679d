# demo and test are for everyone, the others are for contributors. `make help` lists them.
CORE := authentik-netbird-core
CAMPAIGNS := faults:: races:: killed::

# What cargo test tests: a release build, since the campaigns take five times as long in a debug build, and
# with the whole workspace's features, which the wheel nearly has: it is built on the same dependencies.
TESTED := --release --workspace --all-features

# Cargo limits its own jobs. It cannot reach make's job server, about which rustc would warn in every run.
export CARGO_MAKEFLAGS :=

.PHONY: demo help test soak lint docs bench wheel features build-time
.PHONY: test-rust test-pure test-releases test-fuzz test-wheel test-python test-ansible

demo: ## both modes on built-in simulated servers; needs only Rust
	@cargo build -p authentik-netbird-examples --example quickstart --example connector
	@cargo run --quiet -p authentik-netbird-examples --example quickstart
	@cargo run --quiet -p authentik-netbird-examples --example connector

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand --tabs=20

# Two parts at once, since each waits a good deal.
test: ## every test, about 10 minutes
	@echo "Two parts are tested at the same time. Each prints its output at its end, the first after some minutes."
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-rust test-pure test-releases \
	  test-wheel test-python test-ansible test-fuzz

test-rust:
	cargo test $(TESTED)

test-pure:
	cargo test -p $(CORE) --no-default-features

test-releases: test-rust
	$(CORE)/tests/it/releases/run $(TESTED)

test-fuzz: test-pure test-releases
	.ci/fuzz

test-wheel: test-rust
	bash -c 'source authentik-netbird-py/environments.sh && recent_wheel'

test-python: test-wheel
	authentik-netbird-py/tests/run

test-ansible: test-wheel
	examples/ansible/tests/run

# The long campaigns: every pair of faults, many more races, plans edited at every place. Two hours on two
# cores; AUTHENTIK_NETBIRD_CASES=100000..200000 takes a part of the cases of faults, with CAMPAIGNS=faults::.
soak: ## the long campaigns, two hours
	AUTHENTIK_NETBIRD_SOAK=1 cargo test --release -p $(CORE) --all-features --test it -- --nocapture \
	  $(CAMPAIGNS) tampered:: arbitrary:: hostile:: canary::under_faults::
	FUZZ_SECONDS=120 .ci/fuzz
	cargo bench -p authentik-netbird-benches --bench load -- --minutes 10

lint: features ## formatting, clippy, documentation, Python, Ansible, workflows
	cargo fmt --all --check
	rustfmt --edition 2024 --check $(CORE)/src/authentik/*.rs # declared by a macro, so not found
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo clippy -p $(CORE) --all-targets -- -D warnings
	cargo clippy -p $(CORE) --no-default-features --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features
	authentik-netbird-py/lint
	examples/ansible/tests/lint
	.ci/docs
	.ci/workflows

docs: ## the documentation site, into target/site
	.ci/docs

# Twice, since it has to be the same.
wheel: ## the release's wheel for Linux x86_64: built, checked, tried
	.ci/manylinux --twice

features: ## which dependencies the pure core must not have, and which nothing may have
	.ci/features

bench: ## the figures, into target/bench.json
	rm -f target/bench.json
	cargo bench -p authentik-netbird-benches
	benches/campaigns
	benches/python/run

build-time: ## how long a clean build takes, beside a bare program with reqwest and serde
	benches/build_time.sh
