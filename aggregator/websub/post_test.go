package websub

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// X89: of an answer that does not end no more than its beginning is read.
func TestX89AnswersWithoutEnd(t *testing.T) {
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
	r, err := http.NewRequest(http.MethodPost, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	status, _, body, err := ask(t.Context(), http.DefaultTransport, r, "fronteras/test")
	if err != nil || status != http.StatusOK || len(body) != answerSize+1 || time.Since(begun) > exchangeTime {
		t.Errorf("%d, %d bytes, %v after %v", status, len(body), err, time.Since(begun))
	}
	if sent := <-ended; sent >= 1<<30 {
		t.Errorf("%d bytes were taken", sent)
	}
}
