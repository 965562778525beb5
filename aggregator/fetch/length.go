package fetch

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"strings"

	"fronteras/aggregator/link"
)

// lengthHops is how many addresses are asked on the way to an enclosure: download
// counters stand one before another.
const lengthHops = 6

// Length asks by HEAD how long an enclosure is, in bytes; 0 where its server does
// not say, or says something else. Each request is an errand of its own. Redirects
// lead where a document's may: not from a public address into a private network,
// nor from https to http. Its error is that of ctx.
func (c *Client) Length(ctx context.Context, address string, errand Errand) (int64, error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	via := c.open
	for range lengthHops {
		answer, private, err := c.head(limited, via, address, errand)
		if err != nil {
			return 0, ctx.Err()
		}
		switch answer.StatusCode {
		case http.StatusOK:
			return max(answer.ContentLength, 0), nil
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			target := link.Resolve(address, answer.Header.Get("Location"))
			if strings.HasPrefix(address, "https:") && !strings.HasPrefix(target, "https:") {
				return 0, nil
			}
			if !private {
				via = c.public
			}
			address = target
		default:
			return 0, nil
		}
	}
	return 0, nil
}

// head makes one request of Length, and reports whether it led to a private address.
func (c *Client) head(ctx context.Context, via *http.Transport, address string, errand Errand) (answer *http.Response, private bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return nil, false, err
	}
	request.Header["User-Agent"] = c.headers["User-Agent"]
	request.Header["Accept-Encoding"] = []string{"identity"}
	end, err := errand(ctx, address)
	if err != nil {
		return nil, false, err
	}
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { private = isPrivate(info.Conn.RemoteAddr()) }})
	if answer, err = via.RoundTrip(request.WithContext(traced)); err != nil {
		end(0, nil)
		return nil, false, err
	}
	defer end(answer.StatusCode, answer.Header)
	return answer, private, answer.Body.Close()
}
