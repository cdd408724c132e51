/** Bytes that are only told of: whose, from where to where. Real files cost a schedule most of its time. */
export class ModelBlob {
  constructor(
    /** The name of the file they are of; every file of a run has its own. */
    readonly source: string,
    readonly start: number,
    readonly end: number,
  ) {}
  get size(): number {
    return this.end - this.start
  }
  slice = (start: number, end: number): ModelBlob => new ModelBlob(this.source, this.start + start, this.start + end)
  arrayBuffer = (): Promise<ArrayBuffer> => Promise.resolve(new ArrayBuffer(this.size))
}

export class ModelFile extends ModelBlob {
  readonly type = 'application/pdf'
  readonly lastModified = 1
  constructor(
    readonly name: string,
    size: number,
  ) {
    super(name, 0, size)
  }
}

export const asFile = (file: ModelFile): File => file as unknown as File
export const asModel = (blob: Blob): ModelBlob => blob as unknown as ModelBlob
