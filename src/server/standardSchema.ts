/** The part of Standard Schema (https://standardschema.dev) that we use: any validator that speaks it checks the context. */

/** A schema of valibot, zod, arktype or any other that has `~standard`. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }

/** The value as the schema gives it, or where it does not fit: the path alone, since a message may repeat the value. */
export async function readBy<Output>(
  schema: StandardSchema<Output>,
  value: unknown,
): Promise<{ readonly value: Output } | { readonly wrongAt: string }> {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return { value: result.value }
  const path = result.issues[0]?.path ?? []
  return { wrongAt: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.') }
}
