// Trying an Action: what each is tried on, and what came of it the last time. It
// stays while one looks at another file.
import { create } from 'zustand'
import { actionName, call, useStudio, type ActionEvent, type Tried } from '../engine'
import { useFiles, useTabs } from '../document'
import { announce } from '../ui'
import { parseObject } from './json'
import { wordsOf } from './outcome'

export interface Trial {
  events: ActionEvent[]
  /** Id of the event that was chosen. */
  chosen: string
  event: string
  /** The event, or the outputs before it, are no longer as they were chosen. */
  edited: boolean
  step: string
  config: Record<string, unknown>
  busy: boolean
  tried: Tried | null
  failure: unknown
}

const fresh: Trial = { events: [], chosen: '', event: '{}', edited: false, step: '{}', config: {}, busy: false, tried: null, failure: null }

export const useTrials = create<Record<string, Trial>>()(() => ({}))

export function trialOf(state: Record<string, Trial>, path: string): Trial {
  return state[path] ?? fresh
}

export function patchTrial(path: string, change: Partial<Trial>): void {
  useTrials.setState((state) => ({ [path]: { ...trialOf(state, path), ...change } }))
}

/** Asks what there is to try on; the last run may be a new one. */
export async function loadEvents(path: string): Promise<void> {
  const events = await call('actions.events', { action: actionName(path) })
  const trial = trialOf(useTrials.getState(), path)
  patchTrial(path, { events })
  const first = events.find((event) => event.id === 'us_user') ?? events[0]
  if (trial.chosen === '' && first) chooseEvent(path, first.id)
  else if (!trial.edited && events.some((event) => event.id === trial.chosen)) chooseEvent(path, trial.chosen)
}

export function chooseEvent(path: string, id: string): void {
  const found = trialOf(useTrials.getState(), path).events.find((event) => event.id === id)
  if (!found) return
  patchTrial(path, { chosen: id, event: JSON.stringify(found.event, null, 2), edited: false, step: JSON.stringify(found.step ?? {}, null, 2) })
}

/** Runs the text in the editor, saved or not. Nothing it asks for is carried out. */
export async function tryAction(path: string): Promise<void> {
  const trial = trialOf(useTrials.getState(), path)
  const event = parseObject(trial.event)
  const step = parseObject(trial.step)
  if (trial.busy || !event.ok || !step.ok) return
  patchTrial(path, { busy: true, failure: null })
  try {
    const source = useFiles.getState().open[path]?.text
    const tried = await call('actions.try', { action: actionName(path), source, event: event.value, step: step.value, config: trial.config })
    patchTrial(path, { busy: false, tried })
    announce(wordsOf(tried).title)
  } catch (failure) {
    patchTrial(path, { busy: false, tried: null, failure })
  }
}

/** The Action in front, if one that can be run is. */
export function activeAction(): string | null {
  const { tabs, active } = useTabs.getState()
  const tab = tabs.find((t) => t.key === active)
  const known = tab?.kind === 'file' ? useStudio.getState().project?.actions.find((action) => action.path === tab.name) : undefined
  return known?.runs ? known.path : null
}
