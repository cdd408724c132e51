'use server'

export async function submit(form: FormData): Promise<void> {
  console.log(form.getAll('photos').join())
}
