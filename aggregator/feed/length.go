package feed

import (
	"context"
	"net/http"

	"fronteras/aggregator/link"
)

// lengthHops is how many addresses are asked on the way to an enclosure: download
// counters stand one before another.
const lengthHops = 6

// Length asks by HEAD how long an enclosure is, in bytes; 0 where its server does
// not say, or says something else. Its error is that of ctx.
func (c *Client) Length(ctx context.Context, address string) (int64, error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	for range lengthHops {
		answer, err := c.head(limited, address)
		if err != nil {
			return 0, ctx.Err()
		}
		switch answer.StatusCode {
		case http.StatusOK:
			return max(answer.ContentLength, 0), nil
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			address = link.Resolve(address, answer.Header.Get("Location"))
		default:
			return 0, nil
		}
	}
	return 0, nil
}

// head makes one request of Length, through the guard.
func (c *Client) head(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header["User-Agent"] = c.headers["User-Agent"]
	request.Header["Accept-Encoding"] = []string{"identity"}
	answer, err := c.open.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	return answer, answer.Body.Close()
}
