# demo and test are for everyone, the others are for contributors. `make help` lists them.
CORE := authentik-netbird-core
CAMPAIGNS := faults:: races:: killed::

# What is tested together: in a release build, since the campaigns take five times as long in a debug build, and
# with the whole workspace's features, which the wheel nearly has: it is built on the same dependencies.
TESTED := --release --workspace --all-features
# Unit tests are short, and a debug build of them takes a third of the time.
UNITS := -p $(CORE) -p authentik-simulator --all-features --lib

# Two parts of a target run at once, since each waits a good deal; `make lint test` is what CI does. Parts that build with
# cargo in one folder wait for each other, so a debug build comes beside a release build.
ifneq ($(filter test lint,$(MAKECMDGOALS)),)
MAKEFLAGS += --jobs=2 --output-sync=target --no-print-directory
endif
LINTS := lint-rust lint-python lint-ansible lint-docs lint-workflows
TESTS := test-wheel test-pure test-rust test-ansible test-python test-releases test-fuzz

# Cargo limits its own jobs. It cannot reach make's job server, about which rustc would warn in every run.
export CARGO_MAKEFLAGS :=

.PHONY: demo help test announce soak lint docs bench wheel features build-time $(LINTS) $(TESTS)

demo: ## both modes on built-in simulated servers; needs only Rust
	@cargo build -p authentik-netbird-examples --example quickstart --example connector
	@cargo run --quiet -p authentik-netbird-examples --example quickstart
	@cargo run --quiet -p authentik-netbird-examples --example connector

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand --tabs=20

test: announce $(TESTS) ## every test, about 10 minutes

announce:
	@echo "Two parts are tested at the same time. Each prints its output at its end, the first after some minutes."

test-pure:
	cargo test -p $(CORE) --no-default-features
	cargo test $(UNITS)

test-rust:
	cargo test $(TESTED) --test '*' --examples
	cargo test $(TESTED) --doc

test-releases: test-rust
	$(CORE)/tests/it/releases/run "$(TESTED) --test it" "$(UNITS)"

test-fuzz: test-pure test-releases
	.ci/fuzz

test-wheel:
	bash -c 'source authentik-netbird-py/environments.sh && recent_wheel'

# The campaigns race and count time: nothing that takes both cores runs beside them.
test-python: test-wheel test-rust
	authentik-netbird-py/tests/run

test-ansible: test-wheel test-rust
	examples/ansible/tests/run

# The long campaigns: every pair of faults, many more races, plans edited at every place. Two hours on two
# cores; AUTHENTIK_NETBIRD_CASES=100000..200000 takes a part of the cases of faults, with CAMPAIGNS=faults::.
soak: ## the long campaigns, two hours
	AUTHENTIK_NETBIRD_SOAK=1 cargo test --release -p $(CORE) --all-features --test it -- --nocapture \
	  $(CAMPAIGNS) tampered:: arbitrary:: hostile:: canary::under_faults::
	FUZZ_SECONDS=120 .ci/fuzz
	cargo bench -p authentik-netbird-benches --bench load -- --minutes 10

lint: $(LINTS) ## formatting, clippy, documentation, Python, Ansible, workflows

lint-rust: features
	cargo fmt --all --check
	rustfmt --edition 2024 --check $(CORE)/src/authentik/*.rs # declared by a macro, so not found
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo clippy -p $(CORE) --all-targets -- -D warnings
	cargo clippy -p $(CORE) --no-default-features --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --all-features

lint-docs:
	.ci/docs

lint-workflows:
	.ci/workflows

lint-python: test-wheel
	authentik-netbird-py/lint

lint-ansible: test-wheel
	examples/ansible/tests/lint

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
