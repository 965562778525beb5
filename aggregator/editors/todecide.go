package editors

import "net/http"

// showToDecide answers with the open cases.
func showToDecide(s *Site, w http.ResponseWriter, r *request) {
	s.show(w, r, page{template: "todecide", title: "To decide", current: rootPath})
}
