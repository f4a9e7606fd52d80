# The targets that a person needs. `make demo` and `make test` need Go alone; Node.js adds the self-contained module.

GO   ?= go
NODE := $(shell command -v npm 2>/dev/null)

# Platforms that everything has to build for.
PLATFORMS := darwin/arm64 darwin/amd64 windows/amd64 linux/arm64

.PHONY: help demo site test wasm build-web test-web check-web conform bench bench-web size check fmt generate cross clean

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The page is built where there is npm, and served with the edge worker unless the demo ends at once.
PAGE := $(if $(NODE),$(if $(findstring --once,$(ARGS)),,--page web/demo/dist --edge "node web/edge/src/main.js"))

demo: build/ossconf.wasm $(if $(PAGE),site) ## the main job, step by step, against a mock OSS; then keeps serving, with npm the builder page too (ARGS=--once ends it)
	$(GO) run ./cmd/ossconf demo --module build/ossconf.wasm $(PAGE) $(ARGS)

site: web/node_modules/.package-lock.json build/ossconf-selfcontained.wasm ## build the builder page as a static site into web/demo/dist
	cd web && npm run --silent build -w ossconf -w demo

test: ## all tests (those in JavaScript if npm is there)
	$(GO) test $(TESTFLAGS) ./...

# Without npm the tests in JavaScript are left out, unless OSSCONF_REQUIRE_NODE says that they have to run.
ifneq ($(NODE)$(OSSCONF_REQUIRE_NODE),)
test: test-web
check: check-web
endif

wasm: ## build both forms of the WebAssembly module into build/ (only the plain one without Node.js)
	$(GO) run ./wasm/wasmbuild/cmd/wasmbuild $(if $(NODE),,-plain)

build-web: web/node_modules/.package-lock.json build/ossconf-selfcontained.wasm ## build the npm packages in web
	cd web && npm run --silent build

test-web: build-web check-web ## the tests in JavaScript
	cd web && npm test --silent

check-web: web/node_modules/.package-lock.json
	cd web && npm run --silent check

conform: wasm $(if $(NODE),web/node_modules/.package-lock.json) ## compare the bytes of every runtime; results in build/conform.html, .xml, .json
	$(GO) run ./cmd/ossconf conform --module build/ossconf.wasm --html build/conform.html --junit build/conform.xml --json build/conform.json $(ARGS)

bench: ## benchmarks beside encoding/xml and the SDK, as ratios
	$(GO) test -run '^$$' -bench . -benchmem -count 10 -benchtime 0.1s ./httpsconfig ./signer/... ./host ./harness/mockoss | $(GO) run ./internal/benchratio

bench-web: build-web ## the npm package in Node.js beside ali-oss, smithy, aws4fetch and fast-xml-parser, as ratios
	cd web/bench && npm ci --silent && npm test --silent -- --test-reporter=dot && npm run --silent bench

size: ## what the module weighs beside an empty Go reactor
	$(GO) run ./wasm/wasmbuild/cmd/wasmbuild -size

check: fmt generate cross ## format, vet, static checks, known vulnerabilities, generated files, other platforms
	$(GO) mod tidy -diff
	$(GO) vet ./...
	GOOS=wasip1 GOARCH=wasm $(GO) vet ./wasm
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	.ci/vulncheck

fmt:
	@test -z "$$(gofmt -l $$(find . -name node_modules -prune -o -name "*.go" -print) | tee /dev/stderr)" || { echo "gofmt would change the files above" >&2; exit 1; }

generate:
	.ci/fresh

cross:
	@for p in $(PLATFORMS); do echo "build for $$p"; GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -o /dev/null ./... || exit 1; done

clean: ## remove what was built
	rm -rf build .cache web/drivers/nodes/node_modules wasm/selfcontained/node_modules harness/mockoss/testdata/node/node_modules web/node_modules web/*/node_modules web/*/dist

# Make does not know what a Go package depends on; Go does, and is quick when nothing changed.
.PHONY: build/ossconf.wasm
build/ossconf.wasm:
	$(GO) run ./wasm/wasmbuild/cmd/wasmbuild -plain

# A folder too many costs a build, one too few would leave an old module in the packages.
build/ossconf-selfcontained.wasm: go.mod go.sum $(shell find core httpsconfig internal jsoncodec signer source wasm xmlcodec \
		-type f -not -name '*_test.go' -not -path '*/node_modules/*')
	$(GO) run ./wasm/wasmbuild/cmd/wasmbuild

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --silent
	@touch $@
