package measure

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// errDatabase is a database of packages that cannot be read: its packages are not known.
var errDatabase = errors.New("no database of packages that can be read")

// dpkgFolder is where images without a package manager list their packages, a file each (distroless).
const dpkgFolder = "var/lib/dpkg/status.d/"

// countAPK counts the packages of Alpine's and Wolfi's database: a line P:NAME each.
func countAPK(r io.Reader) (int64, error) {
	return countLines(r, func(line []byte) bool { return bytes.HasPrefix(line, []byte("P:")) })
}

// countDpkg counts the packages of Debian's and Ubuntu's database that are installed: the third word of Status
// (dpkg-query(1), "Package states"). What was removed and left its settings is not.
func countDpkg(r io.Reader) (int64, error) {
	return countLines(r, func(line []byte) bool {
		words := bytes.Fields(line)
		return len(words) == 4 && bytes.Equal(words[0], []byte("Status:")) && bytes.Equal(words[3], []byte("installed"))
	})
}

// countLines counts the lines that fit. Of a long one the beginning decides.
func countLines(r io.Reader, fits func([]byte) bool) (int64, error) {
	in := bufio.NewReaderSize(r, 1<<12)
	n := int64(0)
	for {
		line, more, err := in.ReadLine()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		if fits(line) {
			n++
		}
		for more && err == nil {
			_, more, err = in.ReadLine()
		}
	}
}
