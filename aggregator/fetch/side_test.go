package fetch

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestOfAnAnswerWithoutEndTheBeginningIsRead(t *testing.T) {
	ended := make(chan int, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent := 0
		for sent < 1<<30 {
			n, err := w.Write(make([]byte, 1<<20))
			if sent += n; err != nil {
				break
			}
		}
		ended <- sent
	}))
	defer s.Close()
	begun := time.Now()
	answer, err := newClient(t).Send(t.Context(), SideRequest{Method: http.MethodPost, URL: s.URL})
	if err != nil || answer.Status != http.StatusOK || len(answer.Body) != 4097 || time.Since(begun) > 10*time.Second {
		t.Errorf("%d, %d bytes, %v after %v", answer.Status, len(answer.Body), err, time.Since(begun))
	}
	if sent := <-ended; sent >= 1<<30 {
		t.Errorf("%d bytes were taken", sent)
	}
}
