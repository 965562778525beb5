package fields

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/page/tree"
)

// licenseOf takes the license that the page names.
func licenseOf(f *findings) choice {
	license := ""
	for _, n := range f.links["license"] {
		if isLicenseOfPart(f.survey, n) {
			continue
		}
		if license = linkTo(f.Base, tree.Attribute(n, "href")); license != "" {
			break
		}
	}
	return firstOf(
		choice{jsonLicense(f), fromJSONLD},
		choice{license, fromHTML},
		choice{linkTo(f.Base, propAddress(f.survey, "license")), fromMicrodata},
		choice{linkTo(f.Base, f.meta("dcterms.license", "dc.rights.license")), fromMeta},
	)
}

// rightsOf takes what the page says of rights.
func rightsOf(f *findings) choice {
	return firstOf(
		choice{f.article.line("copyrightNotice"), fromJSONLD},
		choice{markupLine(f.meta("dcterms.rights", "dc.rights"), maxTitle), fromMeta},
	)
}

// isLicenseOfPart reports whether a link to a license stands at a picture, or in another story. That
// of a site stands at the foot of its pages.
func isLicenseOfPart(s *survey, n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if tree.IsElement(p, "figure", "figcaption", "aside", "ps-promo") ||
			tree.IsElement(p, "article") && !s.around[p] && s.story != nil {
			return true
		}
	}
	return false
}

// propAddress is the address that the first of the story's elements of an itemprop leads to.
func propAddress(s *survey, name string) string {
	for _, n := range s.own(s.props[name]) {
		for _, at := range [...]string{"href", "src", "content"} {
			if address := tree.Attribute(n, at); address != "" {
				return address
			}
		}
	}
	return ""
}

// jsonLicense is the license of JSON-LD: an address, or of an object.
func jsonLicense(f *findings) string {
	for _, o := range [...]object{f.article, f.page} {
		for _, address := range f.data.addresses(o["license"], 1) {
			if address = linkTo(f.Base, address); address != "" && strings.Contains(address, "://") {
				return address
			}
		}
	}
	return ""
}

// linkTo is a link as it may be published, "" if it is none.
func linkTo(base string, written string) string {
	if strings.TrimSpace(written) == "" {
		return ""
	}
	if address := link.Clean(base, written); len(address) <= MaxAddress {
		return address
	}
	return ""
}
