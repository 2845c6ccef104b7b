# Ingot. `make help` lists the targets.

INGOT := .build/release/ingot
# A command should start in two milliseconds: no shared library but the C library's, few and packed relocations, no exported symbols.
SYMBOLS := -s
LINK = $(SYMBOLS) -O2 --icf=all -z pack-relative-relocs --version-script=$(CURDIR)/.ci/exports.map $(ORDERED) -lgcc_eh
# The functions and variables that short commands use lie together, in the order that `make order` found.
ORDER := .ci/symbols.order
ORDERED = --symbol-ordering-file=$(CURDIR)/$(ORDER) --no-warn-symbol-ordering
# The program itself lies at a fixed address, since moving its tables at each start takes a third of that time; stacks, heap and the C
# library stay at random ones. `make build PIE=1` has all of it at random addresses.
ADDRESS := $(if $(PIE),,-Xswiftc -Xclang-linker -Xswiftc -no-pie)
# Generic types are named by their descriptors; by strings, each start would parse them and look conformances up. Functions have sections of
# their own, so that the linker can order them.
METADATA := $(addprefix -Xswiftc ,-Xfrontend -disable-concrete-type-metadata-mangled-name-accessors -Xfrontend -function-sections)
RELEASE = .ci/static-libraries && PKG_CONFIG_PATH=$(CURDIR)/.build/static swift build -c release --product ingot --disable-local-rpath \
	--static-swift-stdlib -Xswiftc -use-ld=lld $(METADATA) $(ADDRESS) $(addprefix -Xlinker ,-L$(CURDIR)/.build/static $(LINK))

.PHONY: help setup build order demo test test-slow check format bench bench-setup judge judge-moto docs clean

help: ## Lists the targets.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

setup: ## Installs the Debian packages that are missing for building, running and testing.
	@.ci/setup

# What the linker wrote lies in the page cache in small pieces; read anew it lies there in large ones, and starts a fifth faster.
build: setup ## Builds the release binary, .build/release/ingot.
	$(RELEASE)
	@sync $(INGOT) && dd if=$(INGOT) iflag=nocache count=0 status=none && cat $(INGOT) > /dev/null

order: setup ## Finds out anew what of the program short commands use, for the linker; needs valgrind and binutils.
	$(MAKE) build SYMBOLS=
	Tests/Benchmarks/symbol_order.py $(INGOT) $(ORDER)
	$(MAKE) build

demo: build ## Builds the demo pipeline on the embedded base image; needs no network for the job itself.
	$(INGOT) build pipelines/demo.yaml

test: setup ## Builds all and runs the tests.
	swift build --build-tests --explicit-target-dependency-import-check error
	.ci/test

test-slow: setup ## The tests that take long: whole builds killed at many points, real Debian trees from the mirror.
	INGOT_SLOW_TESTS=1 swift test --disable-xctest --filter 'Slow|[Kk]illed'

check: ## Formatting and lint, as CI runs them.
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## Formats all sources.
	swift format --in-place --recursive --parallel Package.swift Sources Tests

bench-setup: setup ## Installs the programs that the benchmarks compare with.
	@.ci/setup bench

bench: build bench-setup ## Measures against ostree, git, buildah, bubblewrap, mke2fs, ripgrep and moto; results as ratios.
	python3 Tests/Benchmarks/bench.py

judge: build ## Judges the hardened server by OpenSCAP and Lynis; takes some ten minutes, and root.
	Tests/Judges/judge.sh

judge-moto: build ## Judges the endpoint by moto's own tests of EC2 and its neighbours; takes some minutes, and PyPI.
	Tests/Judges/moto.sh

docs: build ## Writes docs/cli.md anew from the command declarations.
	$(INGOT) reference > docs/cli.md

clean: ## Removes what was built; images in .ingot stay.
	rm -rf .build
