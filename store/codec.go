package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/fxamacker/cbor/v2"
)

// Records are CBOR (RFC 8949), in maps by the names of their fields as JSON has
// them. Files of format 1 hold them as JSON, and a file keeps such until each is
// written again; so both are read. The two cannot be taken for each other: all
// records are objects, in JSON they begin with a brace, which no map in CBOR does.
//
// What the store says of itself is always JSON: a program needs it of any file, to
// know whether it can read the rest.

// toCBOR and fromCBOR write and read what JSON would, but for texts that are not
// UTF-8: JSON put U+FFFD there, CBOR keeps the bytes.
var toCBOR, fromCBOR = cborModes()

func cborModes() (cbor.EncMode, cbor.DecMode) {
	to, err := cbor.EncOptions{
		Sort:        cbor.SortBytewiseLexical, // equal records are equal bytes
		Time:        cbor.TimeRFC3339Nano,     // with its zone
		OmitEmpty:   cbor.OmitEmptyGoValue,
		ByteArray:   cbor.ByteArrayToByteSlice,
		NaNConvert:  cbor.NaNConvertReject,
		InfConvert:  cbor.InfConvertReject,
		IndefLength: cbor.IndefLengthForbidden,
		TagsMd:      cbor.TagsForbidden,
	}.EncMode()
	if err != nil {
		panic(err)
	}
	from, err := cbor.DecOptions{
		UTF8:              cbor.UTF8DecodeInvalid,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		MaxArrayElements:  math.MaxInt32, // what was written is read
		MaxMapPairs:       math.MaxInt32,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return to, from
}

// encode writes a record.
func encode(value any) ([]byte, error) { return toCBOR.Marshal(value) }

// decode reads a record. There is always one to read.
func decode(text []byte, value any) error {
	var err error
	switch {
	case text == nil:
		return fmt.Errorf("%w: it is missing", ErrRecord)
	case isJSON(text):
		err = json.Unmarshal(text, value)
	case len(text) == 0 || text[0]>>5 != cborMap:
		return fmt.Errorf("%w: it is neither CBOR nor JSON", ErrRecord)
	default:
		err = fromCBOR.Unmarshal(text, value)
	}
	if err != nil {
		return fmt.Errorf("%w: %v", ErrRecord, err)
	}
	return nil
}

// cborMap is the major type of maps, the upper three bits of their first byte.
const cborMap = 5

func isJSON(text []byte) bool { return len(text) > 0 && text[0] == '{' }

// unchanged reports whether a T's record says what the one does that is there
// already, which may be JSON.
func unchanged[T any](old, text []byte) bool {
	if !isJSON(old) {
		return old != nil && bytes.Equal(old, text)
	}
	var before T
	if decode(old, &before) != nil {
		return false
	}
	again, err := encode(&before)
	return err == nil && bytes.Equal(again, text)
}
