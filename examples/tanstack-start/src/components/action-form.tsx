import { useRouter } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'

interface ActionFormProps {
  action: (form: FormData) => Promise<unknown>
  label: string
  children?: ReactNode
}

/** A form that runs a server function, shows what went wrong and reloads the page's data. */
export function ActionForm({ action, label, children }: ActionFormProps) {
  const router = useRouter()
  const [problem, setProblem] = useState<string>()

  async function run(form: FormData) {
    try {
      await action(form)
      setProblem(undefined)
      await router.invalidate()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'Something went wrong')
    }
  }

  return (
    <form action={run}>
      {children}
      <button type="submit">{label}</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  )
}

export const field = (form: FormData, name: string) => String(form.get(name) ?? '')
