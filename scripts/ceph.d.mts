export interface RunningStorage {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  stop(): Promise<void>
}
export function cephAvailable(): boolean
export function startCeph(options?: { port?: number }): Promise<RunningStorage>
