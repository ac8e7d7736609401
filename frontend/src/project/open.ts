// Opening, creating and leaving a project: what the window loads and lets go of.
import {
  call,
  clearBrowsing,
  clearLeftovers,
  clearCalls,
  clearContracts,
  clearProvider,
  clearTests,
  clearProblems,
  clearRuns,
  loadBrowsing,
  loadLeftovers,
  loadProblems,
  loadRuns,
  setProject,
  useSettings,
  useStudio,
  setting,
  keepSetting,
  type FlowSummary,
  type Project,
  type Template,
} from '../engine'
import { closeAllTabs, flowTab, openFlow, openTab, saveAll, saveAllFiles } from '../document'

/** Loads everything that belongs to the open project. Safe to call again. */
export async function loadProjectState(): Promise<void> {
  await Promise.all([loadProblems(), loadRuns(), loadBrowsing(), loadLeftovers()])
}

async function enter(project: Project): Promise<void> {
  leaveState()
  setProject(project)
  await loadProjectState()
  openFirstTabs(project)
}

function leaveState(): void {
  closeAllTabs()
  clearProblems()
  clearRuns()
  clearBrowsing()
  clearLeftovers()
  clearCalls()
  clearContracts()
  clearProvider()
  clearTests()
}

/** The flow one most likely came for: the last ones, else login, else any. */
export function openFirstTabs(project: Project): void {
  const kept = setting<Record<string, string[]>>(useSettings.getState().values, 'tabs', {})[project.dir]
  const slugs = Array.isArray(kept) ? kept.filter((slug) => project.flows.some((flow) => flow.slug === slug)) : []
  const main = mainFlow(project)
  for (const slug of slugs.length > 0 ? slugs : main ? [main.slug] : []) openTab(flowTab(slug))
  const first = slugs[0]
  if (first) openTab(flowTab(first))
}

/** The flow most people of the project go through. */
export function mainFlow(project: Project): FlowSummary | undefined {
  const logins = project.flows.filter((flow) => flow.trigger === 'login' && flow.enabled && !flow.subflow_only)
  return logins.find((flow) => flow.slug === 'login') ?? logins[0] ?? project.flows[0]
}

/** Remembers which flows are open. */
export function keepTabs(dir: string, slugs: string[]): void {
  const all = setting<Record<string, string[]>>(useSettings.getState().values, 'tabs', {})
  keepSetting('tabs', { ...all, [dir]: slugs })
}

export async function openProject(dir: string): Promise<void> {
  await saveAll()
  await saveAllFiles()
  await enter(await call('project.open', { dir }))
}

/** Makes a project from a template; answers the flow to run first. */
export async function createProject(template: Template, dir: string, name: string): Promise<string | undefined> {
  await saveAll()
  await saveAllFiles()
  const project = await call('project.create', { template: template.name, dir, name })
  await enter(project)
  // What the template is about comes to the front.
  await openFlow(template.main)
  openTab(flowTab(template.main))
  return template.main
}

export async function closeProject(): Promise<void> {
  await saveAll()
  await saveAllFiles()
  await call('project.close')
  leaveState()
  useStudio.setState({ project: null })
}

/** Asks for a folder with the system's own dialog; null where there is none, or nothing was chosen. */
export async function pickFolder(title: string): Promise<string | null> {
  const { dir } = await call('project.pick', { title })
  return dir === '' ? null : dir
}
