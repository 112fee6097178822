package measure

import "encoding/binary"

// sqliteMagic begins an SQLite database, the form that rpm has used since 2020.
const sqliteMagic = "SQLite format 3\x00"

// countSQLite counts the rows of rpm's table Name, one for each package, by SQLite's file format:
// https://www.sqlite.org/fileformat2.html
func countSQLite(data []byte) (int64, error) {
	db, err := openSQLite(data)
	if err != nil {
		return 0, err
	}
	root := uint64(0)
	err = db.walk(1, func(payload []byte) {
		row := record(payload) // type, name, tbl_name, rootpage, sql
		if len(row) > 3 && string(row[0]) == "table" && string(row[1]) == "Name" {
			root = bigEndian(row[3])
		}
	})
	if err != nil || root == 0 {
		return 0, errDatabase
	}
	n := int64(0)
	err = db.walk(root, func(payload []byte) {
		if row := record(payload); len(row) > 0 && string(row[0]) != rpmKey {
			n++
		}
	})
	return n, err
}

// An sqlite is the pages of a database.
type sqlite struct {
	data     []byte
	pageSize uint64
}

func openSQLite(data []byte) (*sqlite, error) {
	const header = 100
	if len(data) < header {
		return nil, errDatabase
	}
	size := uint64(binary.BigEndian.Uint16(data[16:]))
	if size == 1 {
		size = 1 << 16
	}
	if size < 512 || size&(size-1) != 0 {
		return nil, errDatabase
	}
	return &sqlite{data, size}, nil
}

// page is a page by its number, from 1, and where its own header begins.
func (db *sqlite) page(number uint64) (page []byte, header uint64) {
	if number == 0 || number > uint64(len(db.data))/db.pageSize {
		return nil, 0
	}
	if number == 1 {
		header = 100
	}
	return db.data[(number-1)*db.pageSize : number*db.pageSize], header
}

// walk calls back for every row of a table, with as much of it as stands in its leaf.
func (db *sqlite) walk(root uint64, visit func(payload []byte)) error {
	const interior, leaf = 5, 13
	seen := map[uint64]bool{} // a page is in one place of one tree
	for todo := []uint64{root}; len(todo) > 0; {
		number := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		page, header := db.page(number)
		if page == nil || seen[number] {
			return errDatabase
		}
		seen[number] = true
		kind, cells := page[header], uint64(binary.BigEndian.Uint16(page[header+3:]))
		pointers := header + 8
		switch kind {
		case interior:
			pointers = header + 12
			todo = append(todo, uint64(binary.BigEndian.Uint32(page[header+8:])))
		case leaf:
		default:
			return errDatabase
		}
		if pointers+2*cells > db.pageSize {
			return errDatabase
		}
		for i := range cells {
			at := uint64(binary.BigEndian.Uint16(page[pointers+2*i:]))
			if at+4 > db.pageSize {
				return errDatabase
			}
			if kind == interior {
				todo = append(todo, uint64(binary.BigEndian.Uint32(page[at:])))
				continue
			}
			cell := page[at:]
			_, cell = varint(cell) // the payload's length
			_, cell = varint(cell) // the row's number
			visit(cell)
		}
	}
	return nil
}

// record cuts a row into its first few columns, as far as they are there.
func record(payload []byte) [][]byte {
	const most = 5
	size, rest := varint(payload)
	used := uint64(len(payload) - len(rest))
	if size < used || size > uint64(len(payload)) {
		return nil
	}
	kinds, body := payload[used:size], payload[size:]
	var out [][]byte
	for len(kinds) > 0 && len(out) < most {
		var kind uint64
		kind, kinds = varint(kinds)
		n := width(kind)
		if n > uint64(len(body)) {
			return out
		}
		out = append(out, body[:n])
		body = body[n:]
	}
	return out
}

// width is how many bytes a column of a kind takes.
func width(kind uint64) uint64 {
	switch {
	case kind <= 4:
		return kind
	case kind == 5:
		return 6
	case kind <= 7:
		return 8
	case kind < 12:
		return 0
	}
	return (kind - 12) / 2
}

// varint reads a number of up to nine bytes, and returns what follows; 0 and nothing where it is cut off.
func varint(b []byte) (uint64, []byte) {
	n := uint64(0)
	for i := range min(9, len(b)) {
		if i == 8 {
			return n<<8 | uint64(b[i]), b[i+1:]
		}
		n = n<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return n, b[i+1:]
		}
	}
	return 0, nil
}

func bigEndian(b []byte) uint64 {
	n := uint64(0)
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}
