package schemagen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Comments reads the comments of types ("Type") and of their fields ("Type.Field") in a folder's Go
// files, tests left out.
func Comments(dir string) (map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if types, ok := decl.(*ast.GenDecl); ok && types.Tok == token.TYPE {
				collect(types, out)
			}
		}
	}
	return out, nil
}

func collect(types *ast.GenDecl, out map[string]string) {
	for _, spec := range types.Specs {
		named := spec.(*ast.TypeSpec)
		out[named.Name.Name] = text(named.Doc, types.Doc)
		structure, ok := named.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range structure.Fields.List {
			for _, name := range field.Names {
				out[named.Name.Name+"."+name.Name] = text(field.Comment, field.Doc)
			}
		}
	}
}

// text is the first of two comments that is there, on one line.
func text(a, b *ast.CommentGroup) string {
	if a.Text() == "" {
		a = b
	}
	return strings.Join(strings.Fields(a.Text()), " ")
}
