package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetcost/fleetcost/cmd/fleetcost/internal/report"
	"github.com/fleetcost/fleetcost/scenarios"
)

// pricesFlags are the flags of fleetcost prices.
type pricesFlags struct {
	output string
	region string
}

func newPrices(s streams) *cobra.Command {
	var f pricesFlags
	cmd := &cobra.Command{
		Use:   "prices [BOOK]",
		Short: "The price books, rule by rule, with sources",
		Long: `Print a price book: what each rule counts and who pays, its tiers, and where and
when its figures were read. BOOK is the name of a built-in book, or a file with
one of your own. Without it the built-in books are listed.`,
		Example: `  fleetcost prices
  fleetcost prices aws --region eu-central-1
  fleetcost prices hosted -o json`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return f.run(args, s) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.output, "output", "o", "text", "format: text or json")
	flags.StringVar(&f.region, "region", "", "print the rates of this `REGION`")
	return cmd
}

func (f *pricesFlags) run(args []string, s streams) error {
	if f.output != "text" && f.output != "json" {
		return inputError{fmt.Errorf("-o %s: no such format; write text or json", f.output)}
	}
	if len(args) == 0 {
		return listBooks(s)
	}
	book, err := scenarios.OpenBook(args[0])
	if err != nil {
		return inputError{err}
	}
	list := report.PriceList{Book: book, Region: f.region}
	if f.output == "json" {
		return list.JSON(s.out)
	}
	return list.Text(s.out)
}

func listBooks(s streams) error {
	for _, name := range scenarios.BookNames() {
		book, err := scenarios.Book(name)
		if err != nil {
			return err
		}
		what := "no prices: volumes and times only"
		switch {
		case name == scenarios.BookHosted:
			what = fmt.Sprintf("%d rules, registries on the internet; part of every other book", len(book.Rules))
		case len(book.Rules) > 0:
			own := 0
			for _, r := range book.Rules {
				if r.Provider == name {
					own++
				}
			}
			what = fmt.Sprintf("%d rules, %s", own, book.Providers[0].Name)
		}
		if _, err := fmt.Fprintf(s.out, "%-13s %s\n", name, what); err != nil {
			return err
		}
	}
	return nil
}
