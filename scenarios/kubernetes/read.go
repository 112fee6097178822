package kubernetes

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxItemBytes bounds one object of a dump. A cluster stores none of more than 1.5 MiB (etcd's limit of a
// request).
const maxItemBytes = 32 << 20

// maxLists bounds lists in lists.
const maxLists = 4

// Read reads a file of objects as JSON or as YAML; name is the file's, which errors show and which tells the
// kind of objects that do not say it themselves. An error is the file's fault or that of r; what is no error
// but was not understood is counted, see NotUnderstood.
func (d *Dump) Read(ctx context.Context, name string, r io.Reader) error {
	in := &reader{ctx: ctx, dump: d, name: name, hint: kindOfPath(name)}
	if err := in.read(r); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// A reader reads one file.
type reader struct {
	ctx   context.Context
	dump  *Dump
	name  string
	hint  string // the kind that the file's name tells, or ""
	items int    // found so far
}

func (in *reader) read(r io.Reader) error {
	buf := bufio.NewReaderSize(&interruptible{in.ctx, r}, 1<<20)
	first, err := firstByte(buf)
	if errors.Is(err, io.EOF) {
		return errors.New("it is empty; write kubectl's output to it with -o json")
	}
	if err != nil {
		return err
	}
	if first == '{' || first == '[' {
		return in.json(buf)
	}
	return in.yaml(buf)
}

// firstByte finds the first byte that is not white space, without taking it. It takes a byte order mark and
// refuses text in other encodings than UTF-8.
func firstByte(buf *bufio.Reader) (byte, error) {
	mark, err := buf.Peek(3)
	switch {
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return 0, errors.New("it is in UTF-16, as old PowerShells write it; write it in UTF-8, e.g. with Out-File -Encoding utf8")
	case bytes.HasPrefix(mark, []byte("\x1f\x8b")), bytes.HasPrefix(mark, []byte("PK\x03")):
		return 0, errors.New("it is compressed; unpack it first")
	case string(mark) == "\xef\xbb\xbf":
		_, _ = buf.Discard(len(mark))
	case err != nil && !errors.Is(err, io.EOF):
		return 0, err
	}
	for {
		b, err := buf.ReadByte()
		if err != nil {
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			return b, buf.UnreadByte()
		}
	}
}

// item takes one object of the file, or a list of objects, and what came of decoding it. depth counts the
// lists around it but one.
func (in *reader) item(o *object, err error, hint string, depth int) {
	in.items++
	_, partly := errors.AsType[*json.UnmarshalTypeError](err)
	kind := o.Kind
	switch {
	case err != nil && !partly:
		in.dump.odd("broken object")
		return
	case strings.HasSuffix(kind, "List") && depth < maxLists:
		for _, raw := range o.Items {
			inner := &object{}
			err := json.Unmarshal(raw, inner)
			in.item(inner, err, strings.TrimSuffix(kind, "List"), depth+1)
		}
		return
	case kind == "" && hint != "":
		kind = hint
	case kind == "":
		kind = kindOfShape(o)
	}
	switch {
	case !isRead(kind):
		in.dump.odd(oddKind(kind))
	case o.Metadata.Name == "":
		in.dump.odd(kind + " without a name")
	default:
		if partly {
			in.dump.odd(kind + " read in part")
		}
		in.dump.add(o, kind)
	}
}

// clip shortens what is shown of an input.
func clip(text string) string {
	const most = 60
	clean := strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(clean); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return clean
}

// An interruptible reader ends with its context.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}
