//go:build systemd

package trial

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lodging is where the stations live in the container.
const lodging = "/usr/local/lib/trial"

// addresses are those of the stations. They look public, because a desk reads from no
// other; they are on the loopback interface of a network that leads nowhere.
var addresses = map[string]string{"one.example": "25.1.1.1", "two.example": "25.1.1.2"}

// Titles of what the stations publish. The copied one is a story of the first station
// that the second has taken over under another headline.
const (
	original = "Ferry to the islands runs again after the storm"
	copied   = "Islands have their ferry back"
)

var (
	ownOfOne = []string{"Library in the old mill opens on Saturdays", "Bus line to the harbor gets a night service"}
	ownOfTwo = []string{"Council votes for a skate park by the river", "Beekeepers count fewer losses than last winter"}
)

const page = `<!doctype html>
<html lang="en"><head><title>Station One</title>
<link rel="alternate" type="application/rss+xml" title="Station One: News" href="/feed.xml">
</head><body><h1>Station One</h1></body></html>
`

// documents are what each station serves, by host and path.
func documents(now time.Time) map[string]string {
	ferry := `<p>The ferry to the islands runs again. For nine days after the storm the landing in the harbor was closed, and the islands were supplied by fishing boats.</p>` +
		`<p>Divers found one of the piles broken two meters below the water. A crew from the mainland has set a new one, at a cost of 41,000 dollars.</p>`
	var one, two []item
	one = append(one, item{original, "https://one.example/news/ferry", ferry, ""})
	for n, title := range ownOfOne {
		one = append(one, item{title, fmt.Sprintf("https://one.example/news/own-%d", n+1), "<p>" + title + ", say those who have worked for it all year.</p>", ""})
	}
	two = append(two, item{copied, "https://two.example/stories/ferry-back",
		ferry + `<p><em>This story was originally published by <a href="https://one.example/news/ferry">Station One</a>.</em></p>`,
		"https://one.example/news/ferry"})
	for n, title := range ownOfTwo {
		two = append(two, item{title, fmt.Sprintf("https://two.example/stories/own-%d", n+1), "<p>" + title + ": what comes next is still open.</p>", ""})
	}
	return map[string]string{
		"one.example/":         page,
		"one.example/feed.xml": rss("Station One", "https://one.example/", one, now),
		"two.example/feed":     rss("Station Two", "https://two.example/", two, now),
	}
}

type item struct{ title, link, body, canonical string }

func rss(title, link string, items []item, now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n")
	fmt.Fprintf(&b, "<channel><title>%s</title><link>%s</link><description>News</description><language>en</language>\n", title, link)
	for n, i := range items {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid isPermaLink=\"true\">%s</guid><pubDate>%s</pubDate>",
			i.title, i.link, i.link, now.Add(-time.Duration(n+1)*time.Hour).UTC().Format(time.RFC1123Z))
		if i.canonical != "" {
			fmt.Fprintf(&b, `<atom:link rel="canonical" href="%s"/>`, i.canonical)
		}
		fmt.Fprintf(&b, "<content:encoded><![CDATA[%s]]></content:encoded></item>\n", i.body)
	}
	b.WriteString("</channel></rss>\n")
	return b.String()
}

// settle puts the stations into the root: their documents, a server that starts with the
// machine, names, and a certificate authority that only the package ca-certificates makes
// known to programs.
func (m *machine) settle(t *testing.T) {
	for name, text := range documents(time.Now()) {
		if strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		m.write(t, filepath.Join(lodging, "documents", name), text)
	}
	authority, certificate, key := certificates(t)
	m.write(t, "/usr/local/share/ca-certificates/trial.crt", authority)
	m.write(t, lodging+"/certificate.pem", certificate)
	m.write(t, lodging+"/key.pem", key)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m.copyIn(t, self, lodging+"/stations", 0o755)
	unit, hosts := "[Unit]\nDescription=Stations of the trial\n[Service]\nEnvironment=TRIAL_STATIONS="+lodging+"\n", "127.0.0.1 localhost\n"
	for name, address := range addresses {
		unit += "ExecStartPre=/bin/ip address add " + address + "/32 dev lo\n"
		hosts += address + " " + name + "\n"
	}
	unit += "ExecStart=" + lodging + "/stations\n[Install]\nWantedBy=multi-user.target\n"
	m.write(t, "/etc/hosts", hosts)
	m.write(t, "/etc/systemd/system/stations.service", unit)
	wanted := m.path("/etc/systemd/system/multi-user.target.wants/stations.service")
	if err := os.MkdirAll(filepath.Dir(wanted), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/systemd/system/stations.service", wanted); err != nil {
		t.Fatal(err)
	}
}

// certificates makes an authority of one day, and a certificate for the stations.
func certificates(t *testing.T) (authority, certificate, key string) {
	t.Helper()
	fresh := func() *ecdsa.PrivateKey {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	top := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority of the trial"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "stations"}, NotBefore: top.NotBefore, NotAfter: top.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for name := range addresses {
		leaf.DNSNames = append(leaf.DNSNames, name)
	}
	topKey, leafKey := fresh(), fresh()
	signed := func(c *x509.Certificate, of *ecdsa.PrivateKey) string {
		der, err := x509.CreateCertificate(rand.Reader, c, top, &of.PublicKey, topKey)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	der, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		t.Fatal(err)
	}
	return signed(top, topKey), signed(leaf, leafKey), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// serveStations is what the program does in the container: it serves the documents of a
// folder over HTTPS. While there is a file named hang, the second station accepts requests
// and never answers; a file named hung then says that somebody waits.
func serveStations(folder string) error {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(filepath.Join(folder, "hang")); err == nil && r.Host == "two.example" {
			if err := os.WriteFile(filepath.Join(folder, "hung"), nil, 0o644); err != nil {
				log.Print(err)
			}
			<-r.Context().Done()
			return
		}
		name := r.URL.Path
		if strings.HasSuffix(name, "/") {
			name += "index.html"
		} else {
			w.Header().Set("Content-Type", "application/rss+xml")
		}
		http.ServeFile(w, r, filepath.Join(folder, "documents", r.Host, filepath.Clean("/"+name)))
	})
	failed := make(chan error)
	for _, address := range addresses {
		listener, err := net.Listen("tcp", net.JoinHostPort(address, "443"))
		if err != nil {
			return err
		}
		go func() {
			failed <- http.ServeTLS(listener, handler, filepath.Join(folder, "certificate.pem"), filepath.Join(folder, "key.pem"))
		}()
	}
	return <-failed
}
