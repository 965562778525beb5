# Habits. CI runs .ci/run, which does all of this and more.

.PHONY: check test fuzz damage bench soak

check:
	test -z "$$(gofmt -l .)"
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.5.0 run ./...
	go run golang.org/x/vuln/cmd/govulncheck@v1.1.4 ./...
	go test -race -shuffle=on ./...

test:
	go test ./...

# Each fuzz target for a minute; before a release for ten.
FUZZTIME ?= 60s
fuzz:
	for p in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
	    go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$p || exit 1; \
	  done; \
	done

# Flips every bit of a store, one after another, before a release: takes half an hour.
damage:
	go test -tags simulation -run EveryFlippedBit -count=1 -timeout 0 -v ./store

bench:
	go test -run '^$$' -bench . -benchmem -timeout 1h ./...

# Half an hour under load; SOAK=5m for a shorter one.
soak:
	go test -tags soak -run TestSoak -count=1 -timeout 0 -v ./aggregator/command

# The version is the tag of this commit, else the newest one in CHANGELOG.md.
VERSION ?= $(shell git describe --tags --exact-match --match 'v*' 2>/dev/null | sed 's/^v//' | grep . || sed -n 's/^## \[\([0-9.]*\)\].*/\1/p' CHANGELOG.md | head -1)
ARCH ?= amd64
# How the binary of a release is built, static and the same everywhere.
BUILD = CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) go build -trimpath -buildvcs=auto -ldflags '-s -w -buildid= -X fronteras/aggregator/command.release=$(VERSION)'
NOTICES = CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) packaging/notices
NFPM = go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
LICENSE_HEAD = Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: fronteras\n\nFiles: *\nCopyright: the authors of Fronteras\nLicense: MIT\n

.PHONY: deb release version

# One Debian package, byte for byte the same whenever one commit is built.
deb:
	mkdir -p build
	$(BUILD) -o build/fronteras .
	gzip -9nc packaging/man/fronteras.1 > build/fronteras.1.gz
	gzip -9nc packaging/man/fronteras-config.5 > build/fronteras-config.5.gz
	printf '$(LICENSE_HEAD)' > build/copyright
	sed -e '1,2d' -e 's/^$$/./' -e 's/^/ /' LICENSE >> build/copyright
	$(NOTICES) debian >> build/copyright
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) VERSION=$(VERSION) ARCH=$(ARCH) $(NFPM) package -f packaging/nfpm.yaml -p deb -t build/

# What a release is made of: the packages of both architectures, and their checksums.
release:
	$(MAKE) deb ARCH=amd64
	$(MAKE) deb ARCH=arm64
	cd build && sha256sum fronteras_$(VERSION)-1_amd64.deb fronteras_$(VERSION)-1_arm64.deb > SHA256SUMS

version:
	@echo $(VERSION)

# The container image: IMAGE_BUILD is any builder that takes docker build's arguments.
IMAGE_BUILD ?= buildah bud --format docker
.PHONY: image
image:
	rm -rf build/image
	mkdir -p build/image/data
	$(BUILD) -o build/image/fronteras .
	cp /etc/ssl/certs/ca-certificates.crt build/image/
	{ cat LICENSE; echo; $(NOTICES); } > build/image/copyright
	$(IMAGE_BUILD) -f Containerfile -t fronteras:$(VERSION) -t fronteras:latest build/image
