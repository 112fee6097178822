package measure

import "encoding/binary"

// countBDB counts the packages of a Berkeley DB hash, the form of rpm until 2020 (Berkeley DB,
// src/dbinc/db_page.h): a value that lies on pages of its own is a package's header.
func countBDB(data []byte) (int64, error) {
	db, err := openBDB(data)
	if err != nil {
		return 0, err
	}
	const unsortedHash, hash = 2, 13
	n := int64(0)
	for number := range db.pages() {
		page := db.page(number)
		if kind := page[25]; kind != unsortedHash && kind != hash {
			continue
		}
		entries := uint64(db.order.Uint16(page[20:]))
		if entries%2 != 0 || bdbHeader+2*entries > db.pageSize {
			return 0, errDatabase
		}
		for i := uint64(1); i < entries; i += 2 { // keys and values take turns
			blob, elsewhere, err := db.value(page, uint64(db.order.Uint16(page[bdbHeader+2*i:])))
			if err != nil {
				return 0, err
			}
			if elsewhere && headerName(blob) != rpmKey {
				n++
			}
		}
	}
	return n, nil
}

// bdbHeader is how long the header of a page is.
const bdbHeader = 26

// A bdb is the pages of a Berkeley DB, in the order of the machine that wrote it.
type bdb struct {
	data     []byte
	pageSize uint64
	order    binary.ByteOrder
	left     int // bytes of values that may still be read: all lie on pages of their own
}

func openBDB(data []byte) (*bdb, error) {
	const hashMagic, metadata = 0x00061561, 72
	if len(data) < metadata {
		return nil, errDatabase
	}
	db := &bdb{data: data, order: binary.LittleEndian, left: len(data)}
	if binary.BigEndian.Uint32(data[12:]) == hashMagic {
		db.order = binary.BigEndian
	}
	db.pageSize = uint64(db.order.Uint32(data[20:]))
	if db.order.Uint32(data[12:]) != hashMagic || db.pageSize < 512 || db.pageSize > 1<<16 || db.pageSize&(db.pageSize-1) != 0 {
		return nil, errDatabase
	}
	return db, nil
}

func (db *bdb) pages() uint64 { return uint64(len(db.data)) / db.pageSize }

func (db *bdb) page(number uint64) []byte {
	return db.data[number*db.pageSize : (number+1)*db.pageSize]
}

// value reads a value that lies on pages of its own; false: it lies on this one.
func (db *bdb) value(page []byte, at uint64) (blob []byte, elsewhere bool, err error) {
	const offPage, overflow = 3, 7
	if at+12 > db.pageSize || page[at] != offPage {
		return nil, false, nil
	}
	next := uint64(db.order.Uint32(page[at+4:]))
	for next != 0 {
		if next >= db.pages() || db.page(next)[25] != overflow || db.left <= 0 { // the last ends circles
			return nil, false, errDatabase
		}
		p := db.page(next)
		blob = append(blob, p[bdbHeader:]...)
		db.left -= len(p)
		next = uint64(db.order.Uint32(p[16:]))
	}
	return blob, true, nil
}
