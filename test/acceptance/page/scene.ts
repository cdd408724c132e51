/** What a test asks the page to show: plain data, since it goes from the test's process into the browser. */

export interface FileToAdd {
  readonly name: string
  /** Bytes that the file says it has. @default 240 KiB */
  readonly size?: number
  readonly type?: string
}

export interface Scene {
  readonly locale?: 'en' | 'ko' | undefined
  readonly dir?: 'ltr' | 'rtl' | undefined
  readonly scheme?: 'light' | 'dark' | undefined
  /** CSS pixels. @default as wide as the page */
  readonly width?: number | undefined
  /** Around the field: a form with a text input before and two buttons behind; a modal dialog. */
  readonly around?: 'form' | 'dialog' | undefined
  /** A second field beside it. */
  readonly second?: boolean | undefined
  readonly unstyled?: boolean | undefined
  /** The server's HTML is there first, and React takes it over. */
  readonly hydrated?: boolean | undefined
  /** The host's `validate` never ends for files whose names begin so. */
  readonly endlessCheck?: string | undefined
  readonly label?: string | undefined
  /** Props of the field that are plain data. */
  readonly props?: Readonly<Record<string, unknown>> | undefined
  /** Options of the backend in memory. */
  readonly backend?: Readonly<Record<string, unknown>> | undefined
  /** Steps that are held, with the names of the files; without one for all. */
  readonly hold?: readonly (readonly [step: string, name?: string])[] | undefined
  /** Steps that fail: why (a code, or a whole failure), for which name, how often. */
  readonly fail?:
    | readonly (readonly [
        step: string,
        why: string | object,
        o?: { readonly name?: string; readonly times?: number },
      ])[]
    | undefined
  /** Shares of files that are sent. */
  readonly progress?: readonly (readonly [name: string, share: number])[] | undefined
}

/** What the live region said, and when, ms on the page's clock. */
export interface Heard {
  readonly text: string
  readonly at: number
}

/** What the page lets a test do. */
export interface Stage {
  show(scene: Scene): void
  /** Chooses files through the field's input, which is emptied by the field. */
  choose(files: readonly FileToAdd[]): void
  drop(files: readonly FileToAdd[]): void
  paste(files: readonly FileToAdd[]): void
  hold(step: string, name?: string): void
  release(step?: string, name?: string): void
  progress(name: string, share: number): void
  readonly heard: Heard[]
  /** What React and the field told on the console. */
  readonly warnings: string[]
}

declare global {
  interface Window {
    stage: Stage
  }
}
