// What the studio is and which project is open: the first facts the window asks
// for, and asks for again whenever the line comes back.
import { useMemo } from 'react'
import { create } from 'zustand'
import { call, on } from './client'
import type { ActionSummary, AppInfo, Catalogue, Descriptor, Project } from './types'
import { withHeader } from './headers'

interface StudioState {
  info: AppInfo | null
  catalogue: Catalogue | null
  descriptors: Map<string, Descriptor>
  project: Project | null
  /** `starting` until the first answers are here. */
  phase: 'starting' | 'ready' | 'failed'
  failure: unknown
  /** False while the line to Go is down. */
  linked: boolean
}

export const useStudio = create<StudioState>()(() => ({
  info: null,
  catalogue: null,
  descriptors: new Map(),
  project: null,
  phase: 'starting',
  failure: null,
  linked: true,
}))

/** Asks for everything the shell needs. Safe to call again. */
export async function loadStudio(): Promise<void> {
  try {
    const [info, catalogue, project] = await Promise.all([call('app.info'), call('catalogue.get'), call('project.current')])
    const descriptors = new Map(catalogue.blocks.map((block) => [block.id, block]))
    useStudio.setState((before) => ({ info, catalogue, descriptors, project: kept(before.project, project), phase: 'ready', failure: null }))
  } catch (failure) {
    useStudio.setState((state) => (state.phase === 'ready' ? state : { phase: 'failed', failure }))
  }
}

export function setProject(project: Project | null): void {
  useStudio.setState((before) => ({ project: kept(before.project, project) }))
}

/** The project with the Actions of before where nothing of them changed, so that nothing is drawn anew for them. */
function kept(before: Project | null, now: Project | null): Project | null {
  if (!before || !now || before.dir !== now.dir) return now
  const old = new Map(before.actions.map((action) => [action.path, action]))
  const actions = now.actions.map((action) => (sameHeader(old.get(action.path), action) ? old.get(action.path)! : action))
  const same = actions.length === before.actions.length && actions.every((action, i) => action === before.actions[i])
  return { ...now, actions: same ? before.actions : actions }
}

function sameHeader(a: ActionSummary | undefined, b: ActionSummary): boolean {
  return a !== undefined && JSON.stringify({ ...a, size: 0 }) === JSON.stringify({ ...b, size: 0 })
}

on('project', (project) => {
  const before = useStudio.getState().project
  if (before && before.dir !== project.dir) return
  setProject(project)
})

/** The descriptor of a block type, if this build knows it; with its config, as it is for that block: an Action adds what its header names. */
export function descriptorOf(type: string, config?: Record<string, unknown>): Descriptor | undefined {
  return described(useStudio.getState(), type, config)
}

function described(state: StudioState, type: string, config: Record<string, unknown> | undefined): Descriptor | undefined {
  return withHeader(state.descriptors.get(type), config, state.project?.actions ?? [])
}

/** The same for components: another function as soon as it would answer otherwise. */
export function useLookup(): (type: string, config?: Record<string, unknown>) => Descriptor | undefined {
  const descriptors = useStudio((state) => state.descriptors)
  const actions = useStudio((state) => state.project?.actions)
  return useMemo(() => (type, config) => withHeader(descriptors.get(type), config, actions ?? []), [descriptors, actions])
}

/** The descriptor of one block, for components. */
export function useDescriptor(type: string, config?: Record<string, unknown>): Descriptor | undefined {
  return useStudio((state) => described(state, type, config))
}
