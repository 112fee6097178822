package whatif

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compiledSchema is ResultSchema, ready to check results.
var compiledSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("result", doc); err != nil {
		return nil, err
	}
	return c.Compile("result")
})

// maxMissing is how many mistakes of a result are told: more are of one kind.
const maxMissing = 5

// complete finds what a saved result lacks of its schema: figures that are not there would be read as 0.
func complete(data []byte) error {
	s, err := compiledSchema()
	if err != nil {
		panic(err) // it is part of the program
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](s.Validate(doc))
	if !ok {
		return nil
	}
	var mistakes []string
	for _, unit := range invalid.BasicOutput().Errors {
		if unit.Error != nil {
			mistakes = append(mistakes, fmt.Sprintf("%s: %s", "/"+strings.TrimPrefix(unit.InstanceLocation, "/"), unit.Error))
		}
	}
	if more := len(mistakes) - maxMissing; more > 0 {
		mistakes = append(mistakes[:maxMissing], fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("it is not whole: %s; save it anew with run -o json", strings.Join(mistakes, "; "))
}
