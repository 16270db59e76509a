# Thin on purpose: each target is a script or a cargo call.
.PHONY: run test test-long sim bench check

# Gets Postgres if there is none, builds, and serves http://127.0.0.1:8080 with demo data.
run:
	infra/get-postgres
	cargo run -- serve --demo

# Every test, browser included; gets what is missing.
test:
	infra/test

# What takes too long for every change.
test-long:
	FELAG_TEST_LONG=1 infra/test

# The platform simulation for long: so many seeds, real processes killed at the first three hits of every crash point,
# and every planted fault found within 200 seeds.
SEEDS ?= 200
sim:
	infra/sim $(SEEDS)

# Ratios against nginx and against slower ways of doing the same; writes var/bench/.
bench:
	infra/bench

# Formatting and lints.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
