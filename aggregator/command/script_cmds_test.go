package command

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// get fetches an address of a daemon and puts the answer into the files "headers" and "body":
//
//	get STATUS ADDRESS [HEADER: VALUE]...
func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: get STATUS ADDRESS [HEADER: VALUE]...")
	}
	request, err := http.NewRequest(http.MethodGet, args[1], nil)
	ts.Check(err)
	for _, h := range args[2:] {
		name, value, _ := strings.Cut(h, ":")
		request.Header.Set(name, strings.TrimSpace(value))
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	ts.Check(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	ts.Check(err)
	if have := strconv.Itoa(response.StatusCode); have != args[0] {
		ts.Fatalf("%s answered %s, want %s:\n%s", args[1], have, args[0], body)
	}
	ts.Check(os.WriteFile(ts.MkAbs("body"), body, 0o644))
	var headers strings.Builder
	ts.Check(response.Header.WriteSubset(&headers, nil))
	ts.Check(os.WriteFile(ts.MkAbs("headers"), []byte(strings.ReplaceAll(headers.String(), "\r", "")), 0o644))
}

// await waits until an address answers with a status, and with a text in it:
//
//	await STATUS ADDRESS [TEXT]
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: await STATUS ADDRESS [TEXT]")
	}
	text := strings.Join(args[2:], "")
	last := "nothing"
	if eventually(func() bool {
		request, err := http.NewRequest(http.MethodGet, args[1], nil)
		ts.Check(err)
		response, err := http.DefaultTransport.RoundTrip(request) // a redirect is an answer
		if err != nil {
			return false
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		last = strconv.Itoa(response.StatusCode)
		return last == args[0] && strings.Contains(string(body), text)
	}) {
		return
	}
	ts.Fatalf("%s answered %s at last, want %s %s", args[1], last, args[0], text)
}

// items waits until a desk's feed has a number of items:
//
//	items COUNT DESK
func items(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: items COUNT DESK")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	have := 0
	if !eventually(func() bool {
		ids, err := idsServed(args[1])
		have = len(ids)
		return err == nil && have == want
	}) {
		ts.Fatalf("%s has %d items at last, want %d", args[1], have, want)
	}
}

// sendHangup sends SIGHUP to what runs in the background:
//
//	hangup
func sendHangup(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: hangup")
	}
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(syscall.SIGHUP))
	}
}

// queryJSON compares a value of a JSON document with a text. The path is parted by dots; numbers
// count from 0, and len is the length of a list:
//
//	json FILE PATH WANT
func queryJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	var value any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &value))
	for step := range strings.SplitSeq(args[1], ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			if step == "len" {
				value = len(v)
				continue
			}
			n, err := strconv.Atoi(step)
			ts.Check(err)
			if n >= len(v) {
				ts.Fatalf("%s: %s: only %d values", args[0], args[1], len(v))
			}
			value = v[n]
		default:
			ts.Fatalf("%s: %s: nothing at %s", args[0], args[1], step)
		}
	}
	if have := fmt.Sprint(value); have == args[2] == neg {
		ts.Fatalf("%s: %s is %q, want %q", args[0], args[1], have, args[2])
	}
}
