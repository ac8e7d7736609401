# Authflow Studio. `make run` opens the studio, `make test` checks everything;
# both install what they need (Debian and Ubuntu; Go, Node and a C compiler must
# be there).

PROJECT ?= my-project
TAGS    := desktop,production,webkit2_41
LINK    := -buildvcs=false -ldflags="-s -w"
FRONT   := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
           frontend/index.html frontend/package.json frontend/tsconfig.json frontend/vite.config.ts
SUITE   := .build/suite

.PHONY: help run test lint bench bench-studio build desktop deb guide clean toolchain suite modules dist
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

run: toolchain ## open the studio on PROJECT (default my-project, made from the starter if it is not there)
	@build/run.sh "$(PROJECT)"

test: toolchain suite ## every check and test, cheap ones first (ONLY="name name" for some of them)
	@$(SUITE) $(ONLY)

lint: toolchain suite ## formatters and linters only
	@$(SUITE) format vet staticcheck tidy modules typecheck eslint

bench: build desktop ## the benchmarks behind docs/benchmarks.md
	go test -run '^$$' -bench . -benchmem $(shell grep -rl --include='*_test.go' 'func Benchmark' engine app projects | xargs -n 1 dirname | sort -u | sed 's|^|./|')
	AUTHFLOW_POSTGRES="$$(build/setup.sh postgres)" go test -tags clustertest -run '^$$' -bench . -benchtime 200x -timeout 30m ./build/clustertest
	@build/setup.sh screen
	AUTHFLOW_BIN=$(CURDIR)/.build/authflow AUTHFLOW_DESKTOP=$(CURDIR)/.build/authflow-desktop AUTHFLOW_ARTIFACTS=$(CURDIR)/.build/artifacts \
	CHROMIUM="$$(build/setup.sh browser)" go test -tags windowtest -run '^$$' -bench . -benchtime 5x -timeout 30m ./build/windowtest

bench-studio: build ## the canvas beside plain React Flow, in one run (SIZES="50 500 2000 5000")
	cd frontend && CHROMIUM="$$($(CURDIR)/build/setup.sh browser)" npx playwright test -c bench/playwright.config.ts

build: dist ## the front end, and the program without a window: .build/authflow
	CGO_ENABLED=0 go build $(LINK) -o .build/authflow .

desktop: dist ## the program with the window: .build/authflow-desktop
	@build/setup.sh webview
	go build $(LINK) -tags $(TAGS) -o .build/authflow-desktop .

deb: build ## a Debian package of the server: .build/authflow_*.deb
	@build/package/deb.sh

guide: build ## the pictures of docs/guide, its table of keys, and the looks that the tests hold screens against: look at them
	rm -rf docs/guide/pictures frontend/e2e/looks
	cd frontend && CHROMIUM="$$(../build/setup.sh browser)" AUTHFLOW_GUIDE_OUT=$(CURDIR)/docs/guide/pictures npx playwright test e2e/tour.spec.ts --update-snapshots
	cd frontend && AUTHFLOW_UPDATE=1 npx vitest run tests/guide.test.ts

clean: ## remove what was built
	rm -rf .build frontend/dist/* frontend/node_modules build/judges/node_modules

toolchain:
	@build/setup.sh toolchain

suite:
	@go build -buildvcs=false -o $(SUITE) ./build/suite

modules: frontend/node_modules/.package-lock.json
dist: frontend/dist/index.html

# npm writes this file at the end of an installation.
%/node_modules/.package-lock.json: %/package-lock.json %/package.json
	cd $* && npm ci
	@touch $@

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(FRONT)
	cd frontend && npm run build
	@touch $@
