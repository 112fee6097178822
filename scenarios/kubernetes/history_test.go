package kubernetes

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// TestDeploys measures deploys on histories whose rate is counted by hand.
func TestDeploys(t *testing.T) {
	base := func() (*cluster, *appsv1.Deployment) {
		c := &cluster{}
		c.node("n", "eu-central-1a", "containerd://2.2.1", 200)
		d, _ := c.deployment("x", "app", runs("app=acme/app:1", "log=acme/log:1"), "n")
		c.sets = nil
		return c, d
	}
	for _, k := range []struct {
		name   string
		change func(c *cluster, d *appsv1.Deployment)
		app    float64 // deploys a day
		log    float64
		from   string // the comment of app
	}{
		// The first of five revisions opens a window of 40 days; the four behind it brought a new app, and none
		// brought a new log.
		{"five revisions", func(c *cluster, d *appsv1.Deployment) {
			for i, days := range []float64{40, 30, 20, 10, 1} {
				c.replicaSet(d, i+1, days, runs(fmt.Sprintf("app=acme/app:%d", i), "log=acme/log:1"))
			}
		}, 0.1, 0, "measured: 4 deploys in 40d, 4 with another image"},
		// Of the same four one kept the image: 3 in 40 days.
		{"one of them of configuration", func(c *cluster, d *appsv1.Deployment) {
			for i, days := range []float64{40, 30, 20, 10, 1} {
				c.replicaSet(d, i+1, days, runs(fmt.Sprintf("app=acme/app:%d", []int{1, 2, 2, 3, 4}[i]), "log=acme/log:1"))
			}
		}, 0.075, 0, "measured: 4 deploys in 40d, 3 with another image"},
		// A tag that is moved: every revision brings another image under it.
		{"always pulled", func(c *cluster, d *appsv1.Deployment) {
			for i, days := range []float64{40, 20, 10} {
				c.replicaSet(d, i+1, days, runs("app=acme/app:latest", "log=acme/log:1"))
			}
		}, 0.05, 0, "measured: 2 deploys in 40d, 2 with another image"},
		// Revisions 1 and 2, then back to 1, which is now revision 3: two deploys in 20 days.
		{"a rollback", func(c *cluster, d *appsv1.Deployment) {
			first := c.replicaSet(d, 3, 20, runs("app=acme/app:1", "log=acme/log:1"))
			first.Annotations[historyKey] = "1"
			c.replicaSet(d, 2, 10, runs("app=acme/app:2", "log=acme/log:1"))
		}, 0.1, 0, "measured: 2 deploys in 20d, 2 with another image"},
		{"one revision", func(c *cluster, d *appsv1.Deployment) {
			c.replicaSet(d, 1, 100, runs("app=acme/app:1", "log=acme/log:1"))
		}, 0, 0, "measured: 0 deploys in 100d, 0 with another image"},
		// One in 20,000 days is fewer than a scenario can say, and is written as none.
		{"since the clock's own beginning", func(c *cluster, d *appsv1.Deployment) {
			c.replicaSet(d, 1, 20_000, runs("app=acme/app:1", "log=acme/log:1"))
			c.replicaSet(d, 2, 10, runs("app=acme/app:2", "log=acme/log:1"))
		}, 0, 0, "measured: 1 deploy in 20000d, 1 with another image"},
		// Half a day tells nothing; the default is one a day.
		{"half a day", func(c *cluster, d *appsv1.Deployment) {
			c.replicaSet(d, 1, 0.5, runs("app=acme/app:1", "log=acme/log:1"))
			c.replicaSet(d, 2, 0.2, runs("app=acme/app:2", "log=acme/log:1"))
		}, 1, 1, "default: its history is shorter than a day"},
		{"no revisions", func(*cluster, *appsv1.Deployment) {}, 1, 1, "default: no revisions of it in the dump"},
		// 3,001 revisions in two days are 1,500 a day; a scenario may say 1,440.
		{"without end", func(c *cluster, d *appsv1.Deployment) {
			for i := range 3001 {
				c.replicaSet(d, i+1, 2-float64(i)/3001, runs(fmt.Sprintf("app=acme/app:%d", i), "log=acme/log:1"))
			}
		}, 1440, 0, "measured: 3000 deploys in 2d, 3000 with another image; no more can be said"},
	} {
		t.Run(k.name, func(t *testing.T) {
			c, d := base()
			k.change(c, d)
			s, made := imported(t, c, Options{})
			if got := byName(t, s, "x.app").DeploysPerDay; math.Abs(got-k.app) > 1e-9 {
				t.Errorf("app: %v a day, want %v", got, k.app)
			}
			if got := byName(t, s, "x.app.log").DeploysPerDay; math.Abs(got-k.log) > 1e-9 {
				t.Errorf("log: %v a day, want %v", got, k.log)
			}
			if !strings.Contains(string(made.YAML), "# "+k.from+"\n") {
				t.Errorf("no comment %q in\n%s", k.from, made.YAML)
			}
		})
	}
}

// TestOtherControllers measures the deploys of DaemonSets and StatefulSets.
func TestOtherControllers(t *testing.T) {
	c := &cluster{}
	c.node("n", "eu-central-1a", "containerd://2.2.1", 200)
	daemon := c.daemonSet("x", "daemon", runs("d=acme/d:1"), "n")
	daemon.Annotations[generationKey] = "26"             // 25 changes in 100 days
	c.statefulSet("x", "still", runs("s=acme/s:1"), "n") // generation 1
	moved := c.statefulSet("x", "moved", runs("m=acme/m:1"), "n")
	moved.Generation = 9 // it may have been scaled
	kept := c.statefulSet("x", "kept", runs("k=acme/k:3"), "n")
	for i, days := range []float64{50, 30, 10} {
		yes := true
		r := &appsv1.ControllerRevision{
			TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "ControllerRevision"}, ObjectMeta: c.meta("x", fmt.Sprintf("kept-%d", i), days),
			Revision: int64(i + 1),
			Data: runtime.RawExtension{Raw: fmt.Appendf(nil,
				`{"spec":{"template":{"$patch":"replace","spec":{"containers":[{"name":"k","image":"acme/k:%d"}]}}}}`, i+1)},
		}
		r.OwnerReferences = []metav1.OwnerReference{{Kind: "StatefulSet", Name: kept.Name, UID: kept.UID, Controller: &yes}}
		c.revisions = append(c.revisions, r)
	}
	s, _ := imported(t, c, Options{})
	for name, want := range map[string]float64{
		"x.daemon": 0.25, "x.still": 0, "x.moved": 1, "x.kept": 0.04, // 2 in 50 days
	} {
		if got := byName(t, s, name).DeploysPerDay; got != want {
			t.Errorf("%s: %v a day, want %v", name, got, want)
		}
	}
}

// TestRestarts: 5 restarts of two pods of 10 days each are a quarter a day.
func TestRestarts(t *testing.T) {
	c := &cluster{}
	c.node("n", "eu-central-1a", "containerd://2.2.1", 200)
	c.deployment("x", "app", runs("app=acme/app:1", "init:first=acme/first:1"), "n", "n")
	c.pods[0].Status.ContainerStatuses[0].RestartCount = 3
	c.pods[1].Status.ContainerStatuses[0].RestartCount = 2
	_, made := imported(t, c, Options{})
	for _, want := range []string{
		"restartsPerDay: 0.25 # measured: 5 restarts in 20d of its instances together\n",
		"restartsPerDay: 0 # an init container runs once for each pod\n",
	} {
		if !strings.Contains(string(made.YAML), want) {
			t.Errorf("no %q in\n%s", want, made.YAML)
		}
	}
}

// TestNodeLife tells lives from ages, in days.
func TestNodeLife(t *testing.T) {
	for _, k := range []struct {
		name string
		ages []float64
		mean float64 // 0: none
	}{
		{"all from the beginning", []float64{100, 100, 99, 95}, 0},
		// One of four came in the last 30 days: a life of 120.
		{"two joined", []float64{100, 100, 50, 30}, 120},
		// A fleet of nodes that live 30 days, replaced one a day: 8 of 30 are 8 days old at most.
		{"in turn", []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30}, 30},
		// Half the fleet comes in the morning and leaves at night: half of the nodes in a day.
		{"by day and night", []float64{100, 100, 100, 0.1, 0.1, 0.1}, 2},
		// Two of four came in the last eighth of a day, and none is as old as a day.
		{"hours", []float64{0.5, 0.25, 0.125, 0.125}, 0.25},
		{"one node", []float64{100}, 0},
		{"none", nil, 0},
	} {
		var nodes []*node
		for _, a := range k.ages {
			nodes = append(nodes, &node{created: ago(a).Time})
		}
		if got := nodeLife(nodes, now).mean.Hours() / 24; math.Abs(got-k.mean) > 0.01 {
			t.Errorf("%s: %v days, want %v", k.name, got, k.mean)
		}
	}
}

// TestLifeIsWritten writes lives by pool, and says why there are none.
func TestLifeIsWritten(t *testing.T) {
	c := &cluster{}
	spot := func(n *corev1.Node) { n.Labels["karpenter.sh/capacity-type"] = "spot" }
	for i, days := range []float64{0.5, 0.25, 0.125, 0.125} { // two of four in 3 hours
		c.node(fmt.Sprint("s", i), "eu-central-1a", "containerd://2.2.1", days, spot)
	}
	c.node("o", "eu-central-1a", "containerd://2.2.1", 200)
	c.pod(nil, "", "x", "a", "o", runs("a=acme/a:1"))
	s, made := imported(t, c, Options{})
	pools := s.Datacenters[0].Pools
	if pools[0].Name != "m6i.large" || pools[0].Replace != nil {
		t.Errorf("%s: %v", pools[0].Name, pools[0].Replace)
	}
	if pools[1].Name != "m6i.large-spot" || time.Duration(pools[1].Replace.Every)*time.Second != 6*time.Hour {
		t.Errorf("%s: %v", pools[1].Name, pools[1].Replace)
	}
	if want := "# replace: none was seen: all nodes are as old as the pool, 200d\n"; !strings.Contains(string(made.YAML), want) {
		t.Errorf("no %q", want)
	}
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.1: "0.1", 1: "1", 12.345: "12.3", 1234.5: "1234", 0.0123456: "0.0123", 1e-12: "0", 100: "100", math.NaN(): "0",
	} {
		if got := number(x); got != want {
			t.Errorf("%v: %s, want %s", x, got, want)
		}
	}
}
