// What the studio is and which project is open: the first facts the window asks
// for, and asks for again whenever the line comes back.
import { create } from 'zustand'
import { call, on } from './client'
import type { AppInfo, Catalogue, Descriptor, Project } from './types'

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
    useStudio.setState({ info, catalogue, descriptors, project, phase: 'ready', failure: null })
  } catch (failure) {
    useStudio.setState((state) => (state.phase === 'ready' ? state : { phase: 'failed', failure }))
  }
}

export function setProject(project: Project | null): void {
  useStudio.setState({ project })
}

on('project', (project) => {
  const before = useStudio.getState().project
  if (before && before.dir !== project.dir) return
  setProject(project)
})

/** The descriptor of a block type, if this build knows it. */
export function descriptorOf(type: string): Descriptor | undefined {
  return useStudio.getState().descriptors.get(type)
}
