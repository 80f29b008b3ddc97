package hostprobereceiver

import (
	"cmp"
	"path"

	"github.com/failuredetector/failuredetector/hostprobereceiver/internal/host/figure"
	"github.com/failuredetector/failuredetector/internal/probe"
)

// entities are what conditions are about.
type entities struct {
	// host is the machine, own the cgroup of the Collector.
	host, own probe.Entity
	mounts    map[string]*probe.Entity
}

func newEntities(id *figure.Identity, cgroup *figure.Cgroup) entities {
	name := cmp.Or(id.Name, "this host")
	host := probe.Entity{
		ID: "host:" + cmp.Or(id.ID, id.Name, "unknown"), Name: name, Scope: "host",
		Captures: []probe.Attribute{{Key: "host", Value: name}, {Key: "process", Value: name}},
	}
	for _, a := range []probe.Attribute{{Key: "host.name", Value: id.Name}, {Key: "host.id", Value: id.ID}} {
		if a.Value != "" {
			host.Attributes = append(host.Attributes, a)
		}
	}
	return entities{host: host, own: ownEntity(&host, cgroup), mounts: map[string]*probe.Entity{}}
}

// ownEntity is the container of the Collector, or its cgroup where it runs in none.
func ownEntity(host *probe.Entity, cgroup *figure.Cgroup) probe.Entity {
	own := *host
	switch {
	case cgroup.ContainerID != "":
		short := cgroup.ContainerID[:min(len(cgroup.ContainerID), 12)]
		own.ID, own.Name, own.Scope = host.ID+"/"+cgroup.ContainerID, "container "+short+" of "+host.Name, "container"
		own.Attributes = append(append([]probe.Attribute(nil), host.Attributes...), probe.Attribute{Key: "container.id", Value: cgroup.ContainerID})
	case cgroup.InContainer:
		own.ID, own.Name, own.Scope = host.ID+"/container", "the container of "+host.Name, "container"
	default:
		own.ID, own.Name, own.Scope = host.ID+"/cgroup", "cgroup "+path.Base(cgroup.Path)+" of "+host.Name, "cgroup"
	}
	return own
}

// mount is a filesystem of the host.
func (e *entities) mount(fs *figure.Filesystem) *probe.Entity {
	if known := e.mounts[fs.Mountpoint]; known != nil {
		return known
	}
	if len(e.mounts) >= maxMounts {
		clear(e.mounts)
	}
	entity := e.host
	entity.ID, entity.Name = e.host.ID+path.Clean("/"+fs.Mountpoint), fs.Mountpoint+" of "+e.host.Name
	entity.Attributes = append(append([]probe.Attribute(nil), e.host.Attributes...),
		probe.Attribute{Key: mountPoint, Value: fs.Mountpoint},
		probe.Attribute{Key: "system.filesystem.type", Value: fs.Type},
		probe.Attribute{Key: "system.device", Value: fs.Device},
	)
	entity.Captures = []probe.Attribute{{Key: "path", Value: fs.Mountpoint}, {Key: "host", Value: e.host.Name}}
	e.mounts[fs.Mountpoint] = &entity
	return &entity
}

// mountPoint is the attribute that names a filesystem.
const mountPoint = "system.filesystem.mountpoint"

// maxMounts bounds the memory for filesystems that come and go.
const maxMounts = 1000
