package memory

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// The metrics of cAdvisor that are read.
const (
	metricRSS   = "container_memory_rss"
	metricCache = "container_memory_cache"
)

// Metrics reads the running containers of a node from the text of cAdvisor's metrics, which the kubelet serves
// as /metrics/cadvisor. node names the node where the series do not: those that a Prometheus server joined have
// a label node or instance. The sandboxes of pods and groups that are no containers are left out.
func Metrics(node string, r io.Reader) ([]Container, error) {
	text, err := ofMemory(r)
	if err != nil {
		return nil, fmt.Errorf("reading metrics: %w", err)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("reading metrics: they are not in Prometheus' text format: %w", err)
	}
	if families[metricRSS] == nil {
		return nil, fmt.Errorf("reading metrics: there is no %s in them; give what cAdvisor serves as /metrics or the kubelet as /metrics/cadvisor", metricRSS)
	}
	found := map[[2]string]*Container{}
	var keys [][2]string
	for _, name := range []string{metricRSS, metricCache} {
		for _, m := range families[name].GetMetric() {
			key, c, ok := series(node, m)
			if !ok {
				continue
			}
			if found[key] == nil {
				found[key] = &c
				keys = append(keys, key)
			}
			if bytes := value(m); name == metricRSS {
				found[key].RSS = bytes
			} else {
				found[key].Cache = bytes
			}
		}
	}
	var containers []Container
	for _, k := range keys {
		containers = append(containers, *found[k])
	}
	order(containers)
	return containers, nil
}

// ofMemory keeps the lines of the metrics that are read; the others are a hundred times as many.
func ofMemory(r io.Reader) ([]byte, error) {
	const longest = 1 << 20
	var kept bytes.Buffer
	limited := &io.LimitedReader{R: r, N: maxText + 1}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, longest)
	for lines.Scan() {
		line := lines.Bytes()
		name := bytes.TrimPrefix(bytes.TrimPrefix(line, []byte("# HELP ")), []byte("# TYPE "))
		if bytes.HasPrefix(name, []byte(metricRSS)) || bytes.HasPrefix(name, []byte(metricCache)) {
			kept.Write(line)
			kept.WriteByte('\n')
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("a line is longer than %d bytes; give what cAdvisor serves as /metrics or the kubelet as /metrics/cadvisor", longest)
	}
	if limited.N == 0 {
		return nil, fmt.Errorf("they are longer than %d MiB; give one node's", maxText>>20)
	}
	return kept.Bytes(), lines.Err()
}

// maxText is the longest text of metrics that is read, in bytes: a busy node's has some 10 MB.
const maxText = 1 << 30

// series tells whose a series is; false where it is no container's.
func series(node string, m *dto.Metric) (key [2]string, c Container, ok bool) {
	l := map[string]string{}
	for _, p := range m.GetLabel() {
		l[p.GetName()] = p.GetValue()
	}
	first := func(names ...string) string {
		for _, n := range names {
			if l[n] != "" {
				return l[n]
			}
		}
		return ""
	}
	pod, container, image := first("pod", "pod_name"), first("container", "container_name"), l["image"]
	if image == "" || isPause(image) || container == "POD" || pod != "" && container == "" {
		return key, c, false
	}
	c = Container{ID: l["id"], Name: l["name"], Image: reference(image), Node: node}
	c.ID = c.ID[strings.LastIndexByte(c.ID, '/')+1:]
	if pod != "" {
		c.Name = strings.Trim(l["namespace"]+"/"+pod+"/"+container, "/")
	}
	if n := first("node", "instance", "kubernetes_io_hostname"); n != "" {
		c.Node = n
	}
	return [2]string{c.Node, l["id"] + "\x00" + c.Name}, c, true
}

// value is a series' value in bytes; what is none is 0.
func value(m *dto.Metric) int64 {
	v := m.GetUntyped().GetValue()
	if m.Gauge != nil {
		v = m.GetGauge().GetValue()
	}
	if math.IsNaN(v) || v < 0 || v >= math.MaxInt64 {
		return 0
	}
	return int64(v)
}
