package store

import "fronteras/aggregator/news"

// noteEvent keeps what recipients of notices are to hear of.
func noteEvent(_ txn, _ news.Event) error { return nil }
