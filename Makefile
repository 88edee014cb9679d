# demo and test are for everyone, the others for whoever changes something.
CORE := authentik-netbird-core
CAMPAIGNS := faults:: races:: killed::

# What cargo test tests: a release build, since the campaigns take five times as long in a debug build, and
# with the whole workspace's features, which the wheel nearly has: it is built on the same dependencies.
TESTED := --release --workspace --all-features

.PHONY: demo test soak lint docs bench wheel features build-time
.PHONY: test-rust test-pure test-releases test-fuzz test-wheel test-python test-ansible

demo:
	cargo run --quiet -p authentik-netbird-examples --example quickstart
	cargo run --quiet -p authentik-netbird-examples --example connector

# Two parts at once, since each waits a good deal.
test:
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
soak:
	AUTHENTIK_NETBIRD_SOAK=1 cargo test --release -p $(CORE) --all-features --test it -- --nocapture \
	  $(CAMPAIGNS) tampered:: arbitrary:: hostile:: canary::under_faults::
	FUZZ_SECONDS=120 .ci/fuzz
	cargo bench -p authentik-netbird-benches --bench load -- --minutes 10

lint: features
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

# The documentation site, into target/site.
docs:
	.ci/docs

# The release's wheel for Linux x86_64: built, checked, tried. Twice, since it has to be the same.
wheel:
	.ci/manylinux --twice

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
