package news

import (
	"reflect"
	"testing"
	"time"
)

// Visits are equal that have all in common: of which field the other's is other, they
// are not.
func TestVisitsAreEqual(t *testing.T) {
	for n, path := range leaves(reflect.TypeFor[FeedState]()) {
		var a, b FeedState
		if !a.Equal(&b) {
			t.Fatal("two empty visits are not equal")
		}
		change(reflect.ValueOf(&b).Elem().FieldByIndex(path))
		if name := reflect.TypeFor[FeedState]().FieldByIndex(path).Name; a.Equal(&b) || b.Equal(&a) {
			t.Errorf("visits with another %s (%d) are equal", name, n)
		}
		a = b
		if !a.Equal(&b) {
			t.Error("a visit is not equal to its copy")
		}
	}
}

// leaves are the fields of a record, those of the records in it apart.
func leaves(of reflect.Type) (paths [][]int) {
	for n := range of.NumField() {
		field := of.Field(n).Type
		if field.Kind() != reflect.Struct || field == reflect.TypeFor[time.Time]() {
			paths = append(paths, []int{n})
			continue
		}
		for _, inner := range leaves(field) {
			paths = append(paths, append([]int{n}, inner...))
		}
	}
	return paths
}

// change gives a field another value.
func change(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
	case v.Kind() == reflect.String:
		v.SetString("other")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case v.Kind() == reflect.Array:
		v.Index(0).SetUint(7)
	default:
		panic("a field of a kind that the test does not know: " + v.Type().String())
	}
}
