/** A line that is lost: every connection breaks, and none can be made until it is back. */
export function createLoss() {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  let isLost = false
  return {
    /** Whether a connection can be made now. @param {import('node:net').Socket} socket */
    admits(socket) {
      if (isLost) {
        socket.resetAndDestroy()
        return false
      }
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      return true
    },
    /** @param {number} ms */
    lose(ms) {
      isLost = true
      for (const socket of sockets) socket.resetAndDestroy()
      setTimeout(() => {
        isLost = false
      }, ms)
    },
  }
}
