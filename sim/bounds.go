package sim

// calculate adds what a calculator says of one deploy to one site: the whole image for every node that runs the
// service, as it is laid now. On ephemeral nodes every instance is a machine of its own.
func (e *engine) calculate(s *site, service int, v *version) {
	l := s.running[service].layout
	for _, part := range e.partsOf(s, l.nodesOf(0, l.total)) {
		c := part.cohort
		machines := part.nodes.count()
		if c.spec().Ephemeral {
			machines = 0
			for _, sp := range part.nodes {
				machines += l.on(sp, 0, l.total)
			}
		}
		e.naive.add(c.image(v).bytes, int64(machines))
	}
}
