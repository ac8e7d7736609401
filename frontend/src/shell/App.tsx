// The whole window: what is shown before a project is open, and after.
import { PlugZap, RotateCw } from 'lucide-react'
import { useEffect } from 'react'
import { describe, loadStudio, useStudio } from '../engine'
import { CommandPalette, listenToKeys, Shortcuts } from '../commands'
import { autocheck, autosave, keepDrafts } from '../document'
import { CompareDialog } from '../compare'
import { SuppressDialog } from '../problems'
import { Boundary, Button, Empty, MenuAt, Notices, Questions, TipProvider } from '../ui'
import { Hints } from '../hints'
import { Gallery, ImportDialog } from '../project'
import { AboutDialog } from './AboutDialog'
import { FindBlock, GoTo } from './GoTo'
import { runFlow } from './running'
import { Studio } from './Studio'
import { closeSheet, openSheet, useSheet } from './sheets'
import './shell.css'

export function App() {
  const phase = useStudio((state) => state.phase)
  const project = useStudio((state) => state.project)
  const failure = useStudio((state) => state.failure)
  useEffect(() => {
    const stops = [listenToKeys(), autosave(), keepDrafts(), autocheck()]
    return () => stops.forEach((stop) => stop())
  }, [])
  return (
    <TipProvider delayDuration={500} skipDelayDuration={200}>
      {phase === 'starting' && <div className="starting" aria-busy="true" />}
      {phase === 'failed' && (
        <div className="starting col">
          <Empty
            icon={PlugZap}
            title={describe(failure).message}
            actions={
              <Button icon={RotateCw} look="primary" onClick={() => void loadStudio()}>
                Try again
              </Button>
            }
          >
            {describe(failure).hint}
          </Empty>
        </div>
      )}
      {phase === 'ready' && (
        <Boundary name="The studio">{project ? <Studio project={project} /> : <Gallery onRun={runFlow} onImport={() => openSheet('import-agama')} />}</Boundary>
      )}
      <Boundary name="This dialog">
        <Sheets />
        <CompareDialog />
        <SuppressDialog />
      </Boundary>
      {phase === 'ready' && <Hints />}
      <Questions />
      <MenuAt />
      <Notices />
    </TipProvider>
  )
}

function Sheets() {
  const sheet = useSheet()
  switch (sheet) {
    case 'commands':
      return <CommandPalette onClose={closeSheet} />
    case 'goto':
      return <GoTo onClose={closeSheet} />
    case 'find':
      return <FindBlock onClose={closeSheet} />
    case 'shortcuts':
      return <Shortcuts onClose={closeSheet} />
    case 'import-agama':
      return <ImportDialog onClose={closeSheet} />
    case 'about':
      return <AboutDialog onClose={closeSheet} />
    default:
      return null
  }
}
