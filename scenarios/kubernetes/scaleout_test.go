package kubernetes

import (
	"fmt"
	"os"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/yaml"
)

// TestScaleOutJob reads the Indexed Job of docs/scale-out.md as a cluster would, strictly, and holds its
// number of pods to the number of shards.
func TestScaleOutJob(t *testing.T) {
	page, err := os.ReadFile("../../docs/scale-out.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```yaml\n")
	manifest, _, _ := strings.Cut(rest, "```")
	var job batchv1.Job
	if err := yaml.UnmarshalStrict([]byte(manifest), &job); err != nil {
		t.Fatal(err)
	}
	s := job.Spec
	if job.Kind != "Job" || job.APIVersion != "batch/v1" || s.CompletionMode == nil || *s.CompletionMode != batchv1.IndexedCompletion {
		t.Errorf("%s %s, %v", job.APIVersion, job.Kind, s.CompletionMode)
	}
	args := s.Template.Spec.Containers[0].Args
	if s.Completions == nil || !strings.Contains(args[0], fmt.Sprintf(`--shard "$((JOB_COMPLETION_INDEX + 1))/%d"`, *s.Completions)) {
		t.Errorf("completions %v, args %s", s.Completions, args)
	}
}
