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
  proveContracts,
  setting,
  keepSetting,
  type FlowSummary,
  type ImportReport,
  type Project,
  type Template,
} from '../engine'
import { closeAllTabs, fileTab, flowTab, keepAllDrafts, openFlow, openTab, saveAll, saveAllFiles, tabOf, useTabs } from '../document'
import { notify } from '../ui'

/** Loads everything that belongs to the open project. Safe to call again. */
export async function loadProjectState(): Promise<void> {
  void proveContracts().catch(() => undefined) // said again after the next change
  await Promise.all([loadProblems(), loadRuns(), loadBrowsing(), loadLeftovers()])
}

async function enter(project: Project): Promise<void> {
  leaveState()
  setProject(project)
  await loadProjectState()
  openFirstTabs(project)
  await openUnwritten()
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

/** Documents of a project that were open: their keys, and the one in front. */
interface Kept {
  open: string[]
  front: string | null
}

function kept(dir: string): Kept {
  const value = setting<Record<string, unknown>>(useSettings.getState().values, 'tabs', {})[dir]
  if (value === null || typeof value !== 'object') return { open: [], front: null }
  const { open, front } = value as Partial<Kept>
  return { open: Array.isArray(open) ? open.filter((key) => typeof key === 'string') : [], front: typeof front === 'string' ? front : null }
}

/** What was open the last time and is still there, else the flow one most likely came for. */
export function openFirstTabs(project: Project): void {
  const { open, front } = kept(project.dir)
  const there = [...project.flows.map((flow) => flowTab(flow.slug)), ...[...project.actions, ...project.pages].map((file) => fileTab(file.path))]
  const tabs = open.flatMap((key) => there.find((tab) => tab.key === key) ?? [])
  const main = mainFlow(project)
  if (tabs.length === 0 && main) tabs.push(flowTab(main.slug))
  for (const tab of tabs) openTab(tab)
  const first = tabs.find((tab) => tab.key === front) ?? tabs[0]
  if (first) openTab(first)
}

/** Brings what could not be written the last time into sight: it is the person's to choose. */
export async function openUnwritten(): Promise<void> {
  const tabs = (await call('drafts.list')).map(tabOf)
  const { active } = useTabs.getState()
  for (const tab of tabs) openTab(tab)
  if (tabs.some((tab) => tab.key === active)) useTabs.setState({ active })
  if (tabs.length === 0) return
  const names = tabs.map((tab) => tab.name).join(', ')
  notify.info(`What was not written before the studio ended is here again: ${names}.`)
}

/** The flow most people of the project go through. */
export function mainFlow(project: Project): FlowSummary | undefined {
  const logins = project.flows.filter((flow) => flow.trigger === 'login' && flow.enabled && !flow.subflow_only)
  return logins.find((flow) => flow.slug === 'login') ?? logins[0] ?? project.flows[0]
}

/** Remembers which documents are open. */
export function keepTabs(dir: string, open: string[], front: string | null): void {
  const all = setting<Record<string, unknown>>(useSettings.getState().values, 'tabs', {})
  keepSetting('tabs', { ...all, [dir]: { open, front } })
}

/** Before a project is left: what can be written is, the rest is kept. */
async function writeAll(): Promise<void> {
  await saveAll()
  await saveAllFiles()
  await keepAllDrafts()
}

export async function openProject(dir: string): Promise<void> {
  await writeAll()
  await enter(await call('project.open', { dir }))
}

/** Makes a project from a template; answers the flow to run first. */
export async function createProject(template: Template, dir: string, name: string): Promise<string | undefined> {
  await writeAll()
  const project = await call('project.create', { template: template.name, dir, name })
  await enter(project)
  // What the template is about comes to the front.
  await openFlow(template.main)
  openTab(flowTab(template.main))
  return template.main
}

/** Makes a project of flows of Agama and opens it; answers what is left to do. */
export async function importAgama(file: string, dir: string, login: string): Promise<ImportReport> {
  await writeAll()
  const { project, report } = await call('project.import_agama', { file, dir, login })
  await enter(project)
  return report
}

export async function closeProject(): Promise<void> {
  await writeAll()
  await call('project.close')
  leaveState()
  useStudio.setState({ project: null })
}

/** Asks for a folder with the system's own dialog; null where there is none, or nothing was chosen. */
export async function pickFolder(title: string): Promise<string | null> {
  const { dir } = await call('project.pick', { title })
  return dir === '' ? null : dir
}
