// The window with a project open: rail, side, tabs, canvas, browser, inspector,
// panel.
import { FileCode2, PanelRightClose, PanelRightOpen, Search } from 'lucide-react'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { type Project } from '../engine'
import { CommandButton } from '../commands'
import { activeFlow, goToBlock, useTabs } from '../document'
import { attempt, Boundary, CommandKey, Empty, IconButton, Splitter } from '../ui'
import { BrowserPanel } from '../browser'
import { BundlesPage } from '../bundles'
import { addNear, useView, viewHandle } from '../canvas'
import { ContractsPage } from '../contracts'
import { DebugDialogs, RunControls } from '../debug'
import { Inspector } from '../inspector'
import { Palette } from '../palette'
import { ActionList, FlowList, PageList, TextList } from '../project'
import { ProviderPage } from '../provider'
import { TestsPage } from '../scenarios'
import { SessionsPage, UsersPage } from '../sessions'
import { BottomPanel } from './BottomPanel'
import { DocumentTabs } from './DocumentTabs'
import { FlowView } from './FlowView'
import { defaultSizes, dockBrowser, hideBrowser, inspectorShown, makeRoom, openInspector, openName, resize, toggleInspector, useLayout } from './layout'
import { fillNativeMenus } from './native-menus'
import { ProjectSheets } from './ProjectSheets'
import { Rail } from './Rail'
import { StatusBar } from './StatusBar'
import { TitleBar } from './TitleBar'
import { useProjectEvents } from './use-project-events'

// The code editors weigh as much as all the rest: they come when one is opened.
const ActionEditor = lazy(async () => ({ default: (await import('../actions')).ActionEditor }))
const PageEditor = lazy(async () => ({ default: (await import('../pages')).PageEditor }))
const TextEditor = lazy(async () => ({ default: (await import('../editor')).TextEditor }))

export function Studio({ project }: { project: Project }) {
  const section = useLayout((state) => state.section)
  useProjectEvents()
  useEffect(fillNativeMenus, [])
  useEffect(() => {
    useView.setState({ onOpenSettings: openInspector, onRename: openName })
    window.addEventListener('resize', makeRoom)
    return () => window.removeEventListener('resize', makeRoom)
  }, [])
  return (
    <div className="studio">
      <TitleBar project={project} />
      <div className="studio-middle">
        <Rail />
        {section === 'users' ? (
          <Page>
            <UsersPage />
          </Page>
        ) : section === 'sessions' ? (
          <Page>
            <SessionsPage />
          </Page>
        ) : section === 'provider' ? (
          <Page>
            <ProviderPage />
          </Page>
        ) : section === 'tests' ? (
          <Page>
            <TestsPage onShow={showBlock} />
          </Page>
        ) : section === 'contracts' ? (
          <Page>
            <ContractsPage onShow={showBlock} />
          </Page>
        ) : section === 'bundles' ? (
          <Page>
            <BundlesPage />
          </Page>
        ) : (
          <Workspace section={section} />
        )}
      </div>
      <StatusBar />
      <ProjectSheets project={project} />
      <DebugDialogs />
    </div>
  )
}

/** From a page that fills the window to a block on the canvas. */
function showBlock({ flow, block }: { flow: string; block: string }): void {
  useLayout.setState({ section: 'flows' })
  attempt(() => goToBlock(flow, block))
}

function Page({ children }: { children: ReactNode }) {
  return (
    <main className="full-page col">
      <Boundary name="This page">{children}</Boundary>
    </main>
  )
}

function Workspace({ section }: { section: 'flows' | 'actions' | 'pages' }) {
  const layout = useLayout()
  const { sizes } = layout
  const slug = useTabs((state) => activeFlow(state))
  const showInspector = inspectorShown(layout) && slug !== null
  const max = Math.round(window.innerWidth * 0.5)
  return (
    <>
      {layout.sideOpen && (
        <>
          <aside className="side col" style={{ width: sizes.side }} aria-label="Explorer" data-region="side">
            {section === 'flows' ? (
              <>
                <FlowList />
                <div className="side-title side-line">
                  <h2>Blocks</h2>
                </div>
                <Palette disabled={slug === null} onAdd={(type) => slug !== null && addNear(slug, type, viewHandle()?.middle() ?? { x: 200, y: 200 })} />
              </>
            ) : section === 'actions' ? (
              <ActionList />
            ) : (
              <div className="grow scroll">
                <PageList />
                <TextList />
              </div>
            )}
          </aside>
          <Splitter label="explorer" direction="row" grows="before" size={sizes.side} min={180} max={400} onSize={(n) => resize('side', n)} onReset={() => resize('side', defaultSizes.side)} />
        </>
      )}
      <main className="centre col grow">
        <div className="centre-row grow">
          <div className="centre-column col grow">
            <div className="tab-row">
              <DocumentTabs />
              <RunControls canRun={slug !== null} />
              {slug !== null && (
                <IconButton
                  icon={showInspector ? PanelRightClose : PanelRightOpen}
                  label={showInspector ? 'Hide the inspector' : 'Show the inspector'}
                  command="view.inspector"
                  onClick={toggleInspector}
                />
              )}
            </div>
            <Boundary name="The document">
              <Front />
            </Boundary>
          </div>
          {layout.browserOpen && layout.browserDock === 'right' && (
            <>
              <Splitter label="browser" direction="row" grows="after" size={sizes.browser} min={300} max={max} onSize={(n) => resize('browser', n)} onReset={() => resize('browser', defaultSizes.browser)} />
              <div className="col" style={{ width: sizes.browser, flex: 'none' }} data-region="browser">
                <Boundary name="The browser">
                  <BrowserPanel dock="right" onDock={dockBrowser} onClose={hideBrowser} />
                </Boundary>
              </div>
            </>
          )}
          {showInspector && (
            <>
              <Splitter label="inspector" direction="row" grows="after" size={sizes.inspector} min={260} max={520} onSize={(n) => resize('inspector', n)} onReset={() => resize('inspector', defaultSizes.inspector)} />
              <aside className="inspector scroll" style={{ width: sizes.inspector }} aria-label="Inspector" data-region="inspector" tabIndex={-1}>
                <Boundary name="The inspector">
                  <Inspector slug={slug} />
                </Boundary>
              </aside>
            </>
          )}
        </div>
        {layout.panelOpen && (
          <Splitter
            label="panel"
            direction="column"
            grows="after"
            size={sizes.panel}
            min={120}
            max={Math.round(window.innerHeight * 0.65)}
            onSize={(n) => resize('panel', n)}
            onReset={() => resize('panel', defaultSizes.panel)}
          />
        )}
        <div className="col" style={{ height: layout.panelOpen ? sizes.panel : 34, flex: 'none' }}>
          <BottomPanel />
        </div>
      </main>
    </>
  )
}

/** The document in front. */
/** By what stands in it. */
function FileEditor({ path }: { path: string }) {
  if (path.endsWith('.html')) return <PageEditor key={path} path={path} />
  return path.startsWith('actions/') ? <ActionEditor key={path} path={path} /> : <TextEditor key={path} path={path} />
}

function Front() {
  const tab = useTabs((state) => state.tabs.find((t) => t.key === state.active))
  if (!tab) {
    return (
      <Empty icon={FileCode2} title="Nothing is open" actions={<CommandButton command="file.goto" icon={Search}>Go to…</CommandButton>}>
        Choose a flow on the left, or press <CommandKey command="file.goto" /> and type its name.
      </Empty>
    )
  }
  if (tab.kind === 'flow') return <FlowView key={tab.name} slug={tab.name} />
  return (
    <Suspense fallback={<Empty title="Opening…" />}>
      <FileEditor path={tab.name} />
    </Suspense>
  )
}
