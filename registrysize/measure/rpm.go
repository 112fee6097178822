package measure

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Where rpm keeps its database, and under which names: the newest form first.
var (
	rpmFolders = []string{"var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"}
	rpmFiles   = []string{"rpmdb.sqlite", "Packages.db", "Packages"}
)

// rpmKey is the name under which rpm lists keys among packages.
const rpmKey = "gpg-pubkey"

// countRPM counts the packages of an rpm database in any of its three forms. What is read are table rows,
// slots and hash pages: this is no database engine, and a broken file ends in errDatabase.
func countRPM(r io.Reader) (int64, error) {
	data, err := io.ReadAll(r)
	switch {
	case err != nil:
		return 0, err
	case bytes.HasPrefix(data, []byte(sqliteMagic)):
		return countSQLite(data)
	case bytes.HasPrefix(data, []byte(ndbMagic)):
		return countNDB(data)
	}
	return countBDB(data)
}

// headerName is the name of the package that an rpm header is of (rpm, "Header Structure"); "": it has none.
func headerName(blob []byte) string {
	const (
		preamble = 8 // the number of entries, the bytes of data
		width    = 16
		nameTag  = 1000
		text     = 6
		most     = 1 << 16
		first    = 64 // entries are sorted by tags, and few are before the name
	)
	if len(blob) < preamble {
		return ""
	}
	entries := int(binary.BigEndian.Uint32(blob))
	if entries > most || len(blob) < preamble+entries*width {
		return ""
	}
	data := blob[preamble+entries*width:]
	for i := range min(entries, first) {
		e := blob[preamble+i*width:]
		if binary.BigEndian.Uint32(e) != nameTag || binary.BigEndian.Uint32(e[4:]) != text {
			continue
		}
		at := binary.BigEndian.Uint32(e[8:])
		if uint64(at) >= uint64(len(data)) {
			return ""
		}
		name, _, _ := bytes.Cut(data[at:], []byte{0})
		return string(name)
	}
	return ""
}

// ndbMagic begins SUSE's form of the database.
const ndbMagic = "RpmP"

// countNDB counts the slots that are taken (rpm, lib/backend/ndb/rpmpkg.c): pages of slots after a header, each
// with the place of a package's blob.
func countNDB(data []byte) (int64, error) {
	const (
		header, page, slot, block = 32, 4096, 16, 16
		slotMagic                 = "Slot"
	)
	if len(data) < header {
		return 0, errDatabase
	}
	pages := uint64(binary.LittleEndian.Uint32(data[12:]))
	if pages*page > uint64(len(data)) {
		return 0, errDatabase
	}
	n := int64(0)
	for at := uint64(header); at < pages*page; at += slot {
		s := data[at : at+slot]
		if string(s[:4]) != slotMagic {
			return 0, errDatabase
		}
		if binary.LittleEndian.Uint32(s[4:]) == 0 {
			continue // free
		}
		blob := uint64(binary.LittleEndian.Uint32(s[8:]))*block + block // behind its own header
		if blob > uint64(len(data)) {
			return 0, errDatabase
		}
		if headerName(data[blob:]) != rpmKey {
			n++
		}
	}
	return n, nil
}
