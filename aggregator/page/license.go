package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
)

// readRights takes the license that the page names, and what it says of rights.
func (f *findings) readRights() {
	license := ""
	for _, n := range f.links["license"] {
		if f.isLicenseOfPart(n) {
			continue
		}
		if license = f.linkTo(attribute(n, "href")); license != "" {
			break
		}
	}
	e := &f.fields.entry
	e.License = f.choose("license",
		choice{f.jsonLicense(), fromJSONLD},
		choice{license, fromHTML},
		choice{f.linkTo(f.propAddress("license")), fromMicrodata},
		choice{f.linkTo(f.meta("dcterms.license", "dc.rights.license")), fromMeta},
	)
	e.Rights = f.choose("rights",
		choice{f.article.line("copyrightNotice"), fromJSONLD},
		choice{markupLine(f.meta("dcterms.rights", "dc.rights"), maxTitle), fromMeta},
	)
}

// isLicenseOfPart reports whether a link to a license stands at a picture, or in another story. That
// of a site stands at the foot of its pages.
func (f *findings) isLicenseOfPart(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if isElement(p, "figure", "figcaption", "aside", "ps-promo") ||
			isElement(p, "article") && !f.around[p] && f.story != nil {
			return true
		}
	}
	return false
}

// propAddress is the address that the first of the story's elements of an itemprop leads to.
func (f *findings) propAddress(name string) string {
	for _, n := range f.own(f.props[name]) {
		for _, at := range [...]string{"href", "src", "content"} {
			if address := attribute(n, at); address != "" {
				return address
			}
		}
	}
	return ""
}

// jsonLicense is the license of JSON-LD: an address, or of an object.
func (f *findings) jsonLicense() string {
	for _, o := range [...]object{f.article, f.page} {
		for _, address := range f.data.addresses(o["license"], 1) {
			if address = f.linkTo(address); address != "" && strings.Contains(address, "://") {
				return address
			}
		}
	}
	return ""
}

// linkTo is a link as it may be published, "" if it is none.
func (f *findings) linkTo(written string) string {
	if strings.TrimSpace(written) == "" {
		return ""
	}
	if address := link.Clean(f.base, written); len(address) <= maxAddress {
		return address
	}
	return ""
}
