package command

import (
	"net"

	"golang.org/x/sys/unix"
)

// limitUnsent bounds the bytes of a connection that wait in the kernel until they are sent. More
// would take memory that nothing else bounds, and would hide how fast a reader reads. If the kernel
// does not do it, readers are measured less exactly.
func limitUnsent(c net.Conn, bytes int) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return
	}
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, bytes)
		})
	}
}
