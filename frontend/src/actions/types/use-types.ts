// Keeps the language service at the project's newest state, and asks it what is
// wrong with a text a moment after each key.
import type { Diagnostic } from '@codemirror/lint'
import { useEffect, useState } from 'react'
import { actionName, call, useStudio } from '../../engine'
import { ask } from './client'
import type { Finding } from './protocol'

const WAIT_MS = 200

export type TypesState = 'starting' | 'ready' | 'failed'

/** The type errors of an Action, as warnings: the engine strips types and does not check them. */
export function useTypes(path: string, text: string | undefined): { findings: Diagnostic[]; state: TypesState } {
  const project = useStudio((state) => state.project)
  const [known, setKnown] = useState(0)
  const [state, setState] = useState<TypesState>('starting')
  const [findings, setFindings] = useState<Diagnostic[]>([])
  const name = actionName(path)
  const script = !name.endsWith('.json')

  // The project is told anew after each save, its own header included.
  useEffect(() => {
    if (!script) return
    let current = true
    call('actions.types', { action: name })
      .then(({ declarations, modules }) => ask('project', declarations, modules))
      .then(() => current && setKnown((n) => n + 1))
      .catch(() => current && setState('failed'))
    return () => {
      current = false
    }
  }, [name, project, script])

  useEffect(() => {
    if (!script || known === 0 || text === undefined) return
    let current = true
    const timer = setTimeout(() => {
      ask('check', name, text)
        .then((found) => {
          if (!current) return
          setState('ready')
          setFindings(found.map(warning))
        })
        .catch(() => current && setState('failed'))
    }, WAIT_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [name, text, known, script])

  return { findings, state: script ? state : 'ready' }
}

function warning({ from, to, message }: Finding): Diagnostic {
  return { from, to: Math.max(from, to), severity: 'warning', message, source: 'types' }
}
