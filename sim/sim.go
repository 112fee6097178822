// Package sim simulates how container images reach a fleet's nodes: which layers move, over which
// links, and how long it takes.
//
// It is pure: a Model in, a Result out. It reads no files, opens no connections, looks at no clock
// and prints nothing; money, YAML and registries are other packages' business. The same Model gives
// the same Result on any machine and any number of cores.
package sim
