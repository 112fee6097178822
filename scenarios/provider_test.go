package scenarios

import "testing"

func TestIsRegion(t *testing.T) {
	for _, c := range []struct {
		cloud, region string
		want          bool
	}{
		{"aws", "eu-central-1", true}, {"aws", "westeurope", false}, {"azure", "westeurope", true}, {"gcp", "europe-west3", true},
		{"none", "eu-central-1", false}, {"", "", false},
	} {
		if got := IsRegion(c.cloud, c.region); got != c.want {
			t.Errorf("%s %s: %t", c.cloud, c.region, got)
		}
	}
}
