package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fleetcost/fleetcost/scenarios/whatif"
)

// LockFormats lists the ways of writing what changed since a lock was written, the default first.
func LockFormats() []Format[[]whatif.LockChange] {
	return []Format[[]whatif.LockChange]{{"text", LockText}, {"json", LockJSON}}
}

// LockText writes each change in a paragraph: digests, bytes, and the layers that differ.
func LockText(w io.Writer, changes []whatif.LockChange) error {
	var out strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&out, "%s %s: %s\n", clean(c.Ref), clean(c.Platform), c.What)
		if c.What == "changed" {
			fmt.Fprintf(&out, "  %s to %s\n  %s to %s wire bytes; %s kept, %s bytes to pull\n", c.DigestFrom, c.DigestTo,
				exactBytes(c.BytesFrom), exactBytes(c.BytesTo), count(c.LayersKept, "layer"), exactBytes(c.BytesToPull))
		}
		for _, l := range c.LayersGone {
			fmt.Fprintf(&out, "  - %s %s\n", l.Digest, exactBytes(l.Bytes))
		}
		for _, l := range c.LayersNew {
			fmt.Fprintf(&out, "  + %s %s\n", l.Digest, exactBytes(l.Bytes))
		}
	}
	if len(changes) == 0 {
		out.WriteString("nothing changed upstream\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// LockJSON writes the changes for scripts.
func LockJSON(w io.Writer, changes []whatif.LockChange) error { return writeJSON(w, changes) }
