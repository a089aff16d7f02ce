# make, make test, make demo, make install: see help.

GO      ?= go
PREFIX  ?= /usr/local
DESTDIR ?=
BINDIR  ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
# Of a tagged tree the tag, otherwise empty: then the program tells the version that Go noted in it.
RELEASE ?= $(shell git describe --tags --exact-match 2>/dev/null)
LDFLAGS := -s -w$(if $(RELEASE), -X main.release=$(RELEASE))
# Pinned here, so that go.mod stays short.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
# These are called more than once, so they are built into a folder, one for each version of Go: go-licenses needs the Go that built it.
TOOLS       := dist/tools/$(shell $(GO) env GOVERSION)
NFPM        := $(TOOLS)/nfpm
GO_LICENSES := $(TOOLS)/go-licenses
CYCLONEDX   := $(TOOLS)/cyclonedx-gomod

.PHONY: collection bench help build test race test-ansibles lint demo install uninstall image fidelity fuzz clean ansible stage deb test-deb release test-release vuln

help:
	@echo 'make build       build ./regal-inventory'
	@echo 'make test        every test and check; those that need Ansible are skipped without it'
	@echo 'make test-ansibles  the tests of the playbooks, with each Ansible of Debian (needs apt and patchelf)'
	@echo 'make race        the same tests with the race detector'
	@echo 'make demo        a rollout on this machine, wave by wave, with a failure, a resume and a rollback'
	@echo 'make collection  the Ansible collection regal.release, as a file in dist'
	@echo 'make install     into PREFIX ($(PREFIX)), below DESTDIR: program, completions, man page, schema'
	@echo 'make uninstall   takes all of that away again'
	@echo 'make image       a container image, by podman or docker; the build itself needs no network'
	@echo 'make deb         a Debian package in dist; make test-deb makes it, installs it as root and removes it'
	@echo 'make release     archives, packages, lists of parts and checksums in dist/release; make test-release makes and checks'
	@echo '                 them; nothing is published'
	@echo 'make vuln        look the parts up in the database of known faults (needs the network)'
	@echo 'make fidelity    hold N generated inventories (N=20000) against Ansible'
	@echo 'make bench       whole processes beside the peers: aini, yaml.v3, ansible-inventory'
	@echo 'make fuzz        run every fuzz test for TIME (TIME=10m) each'
	@echo 'make clean       remove what was built'

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o regal-inventory .

# The tests that run Ansible take minutes where the processor is shared.
test: lint
	$(GO) test -timeout 60m ./...

# The same tests, watched for data races; minutes longer.
race:
	CGO_ENABLED=1 $(GO) test -race -timeout 60m ./...

# FULL=1 for all tests, ANSIBLES='2.19 2.22' for some versions; see the script.
test-ansibles: build
	.ci/ansibles dist/ansibles
	.ci/test-ansibles dist/ansibles $(ANSIBLES)

lint:
	@unformatted="$$(gofmt -l .)"; test -z "$$unformatted" || { echo "run gofmt -w on: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) mod verify
	$(GO) run $(STATICCHECK) ./...

# The Ansible collection regal.release, to be installed with ansible-galaxy collection install.
collection: ansible
	mkdir -p dist
	ansible-galaxy collection build --force --output-path dist collection

demo: build ansible
	@./examples/demo

# Debian's Ansible is the one that everything is held against.
ansible:
	@command -v ansible-playbook >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && apt-get install -y --no-install-recommends ansible-core; \
	else \
		echo 'ansible-playbook is missing. Install ansible-core:'; \
		echo '  Debian, Ubuntu   sudo apt-get install ansible-core'; \
		echo '  Fedora           sudo dnf install ansible-core'; \
		echo '  macOS            brew install ansible'; \
		echo '  elsewhere        pipx install ansible-core'; \
		exit 1; \
	fi

install: build
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(DATADIR)/bash-completion/completions' \
		'$(DESTDIR)$(DATADIR)/zsh/site-functions' '$(DESTDIR)$(DATADIR)/fish/vendor_completions.d' \
		'$(DESTDIR)$(DATADIR)/regal-inventory'
	install -m 755 regal-inventory '$(DESTDIR)$(BINDIR)/regal-inventory'
	./regal-inventory completion bash > '$(DESTDIR)$(DATADIR)/bash-completion/completions/regal-inventory'
	./regal-inventory completion zsh > '$(DESTDIR)$(DATADIR)/zsh/site-functions/_regal-inventory'
	./regal-inventory completion fish > '$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/regal-inventory.fish'
	./regal-inventory --schema > '$(DESTDIR)$(DATADIR)/regal-inventory/regal.schema.json'
	@if [ -f regal-inventory.1 ]; then \
		install -d '$(DESTDIR)$(DATADIR)/man/man1' && \
		install -m 644 regal-inventory.1 '$(DESTDIR)$(DATADIR)/man/man1/regal-inventory.1'; \
	fi

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/regal-inventory' \
		'$(DESTDIR)$(DATADIR)/bash-completion/completions/regal-inventory' \
		'$(DESTDIR)$(DATADIR)/zsh/site-functions/_regal-inventory' \
		'$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/regal-inventory.fish' \
		'$(DESTDIR)$(DATADIR)/man/man1/regal-inventory.1'
	rm -rf '$(DESTDIR)$(DATADIR)/regal-inventory'

# The modules are laid beside the source, so that what is built in the container is what was checked outside of it; they do not stay,
# for Go would take them from there from then on.
CONTAINERS ?= $(shell command -v podman || command -v docker || echo podman)
image:
	$(GO) mod verify
	$(GO) mod vendor
	$(CONTAINERS) build --file packaging/Containerfile --build-arg RELEASE='$(RELEASE)' --tag regal-inventory . ; \
		status=$$?; rm -rf vendor; exit $$status

$(TOOLS)/nfpm:
	GOBIN='$(CURDIR)/$(TOOLS)' $(GO) install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
$(TOOLS)/go-licenses:
	GOBIN='$(CURDIR)/$(TOOLS)' $(GO) install github.com/google/go-licenses@v1.6.0
$(TOOLS)/cyclonedx-gomod:
	GOBIN='$(CURDIR)/$(TOOLS)' $(GO) install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0

# What a package holds: what make install installs, the licences of all that is linked, and what Debian asks for.
stage: $(GO_LICENSES)
	rm -rf dist/package
	$(MAKE) install PREFIX=/usr DESTDIR=dist/package
	gzip -9nf dist/package/usr/share/man/man1/regal-inventory.1
	install -d dist/package/usr/share/doc/regal-inventory dist/package/usr/share/lintian/overrides
	packaging/licences $(abspath $(GO_LICENSES)) > dist/package/usr/share/doc/regal-inventory/licences
	cat LICENSE packaging/parts > dist/package/usr/share/doc/regal-inventory/copyright
	install -m 644 README.md dist/package/usr/share/doc/regal-inventory
	gzip -9nc CHANGELOG.md > dist/package/usr/share/doc/regal-inventory/changelog.gz
	install -m 644 packaging/lintian-overrides dist/package/usr/share/lintian/overrides/regal-inventory

# Without a tag the version is one that every release comes after.
DEBVERSION ?= $(if $(RELEASE),$(RELEASE:v%=%),0.0.0~dev)
DEBARCH    := $(shell $(GO) env GOARCH)
deb: stage $(NFPM)
	VERSION='$(DEBVERSION)' ARCH=$(DEBARCH) $(NFPM) package --config nfpm.yaml --packager deb \
		--target dist/regal-inventory_$(DEBARCH).deb

# All that a release consists of, in dist/release. Nothing is published: .github/workflows/release.yml does that.
release: $(NFPM) $(GO_LICENSES) $(CYCLONEDX)
	packaging/release '$(or $(RELEASE),v0.0.0-dev)' $(abspath $(NFPM) $(GO_LICENSES) $(CYCLONEDX))

test-release: release
	packaging/test-release '$(or $(RELEASE),v0.0.0-dev)'

test-deb: deb
	packaging/test-deb dist/regal-inventory_$(DEBARCH).deb

vuln:
	$(GO) run $(GOVULNCHECK) ./...

N ?= 20000
# Ours and the peers' whole processes in one run; BENCH='-hosts 10000 -no-ansible' and the like. Some minutes with Ansible.
bench:
	$(GO) run ./bench $(BENCH)

fidelity:
	REGAL_SEED=$${REGAL_SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')} REGAL_YAML=$(N) REGAL_FIDELITY=$(N) $(GO) test ./inventory/source ./inventory/yaml -run 'TestFidelityGenerated|TestYAMLAgainstLoader' -count=1 -v -timeout 0

TIME ?= 10m
fuzz:
	@set -e; for package in $$($(GO) list ./...); do \
		for fuzz in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$fuzz"; \
			$(GO) test -run '^$$' -fuzz "^$$fuzz\$$" -fuzztime $(TIME) $$package; \
		done; \
	done

clean:
	rm -rf regal-inventory dist vendor examples/scratch
