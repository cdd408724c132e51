/** How the page feels meanwhile: its first frame after the choice, and its longest task. */
export function watchPage(row: string | null) {
  const began = performance.now()
  let firstFrame: number | null = null
  let longestTask = 0
  const count = (entries: PerformanceEntryList) => {
    for (const { duration } of entries) longestTask = Math.max(longestTask, duration)
  }
  const observer = new PerformanceObserver((list) => count(list.getEntries()))
  observer.observe({ type: 'longtask' })

  const look = () => {
    if (document.querySelector(row ?? '') === null) return void requestAnimationFrame(look)
    // This callback belongs to the frame that draws the row; the next task comes when the frame is done.
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      firstFrame = performance.now() - began
      port1.close()
    }
    port2.postMessage(null)
  }
  if (row !== null) requestAnimationFrame(look)

  return {
    async end() {
      // A long task is told after it has ended.
      await new Promise((resolve) => setTimeout(resolve, 50))
      count(observer.takeRecords())
      observer.disconnect()
      return { firstFrame, longestTask }
    },
  }
}
