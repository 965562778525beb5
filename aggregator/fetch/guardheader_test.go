package fetch

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestARefusalNamesTheBotGuardThatItIsFrom(t *testing.T) {
	for _, c := range []struct {
		status              int
		header, value, says string
	}{
		{403, "Cf-Mitigated", "challenge", "403 Forbidden, from a bot guard, Cloudflare"},
		{403, "X-Datadome", "protected", "403 Forbidden, from a bot guard, DataDome"},
		{405, "X-Amzn-Waf-Action", "captcha", "405 Method Not Allowed, from a bot guard, AWS WAF"},
		{403, "Server", "AkamaiGHost", "403 Forbidden, from a bot guard, Akamai"},
		{403, "Server", "nginx", "403 Forbidden"},
		{403, "Cf-Ray", "1", "403 Forbidden"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(c.header, c.value)
			w.WriteHeader(c.status)
		}))
		client := NewClient(Options{PrivateNetworks: true, Timeout: time.Minute, MaxSize: 1 << 20})
		_, err := client.Fetch(context.Background(), Request{URL: s.URL})
		if err == nil || !strings.HasSuffix(err.Error(), c.says) {
			t.Errorf("%v, want %s", err, c.says)
		}
		client.CloseIdleConnections()
		s.Close()
	}
}
