// The project's scenarios: run them, see why one fails, see what they cover, and
// make one of a run.
import { Bug, CircleCheck, CircleDashed, CircleMinus, CircleX, ListChecks, Play, Repeat2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { debugTest, loadTests, paintCoverage, runTests, useTests, type TestCase, type TestResult } from '../engine'
import { runCommand, RunSignIn } from '../commands'
import { openText } from '../editor'
import { attempt, Button, Empty, Filed, FiledList, FiledRow, PageHead, Switch, Unreadable, type PathPlace } from '../ui'
import { Coverage } from './Coverage'
import { RecordTest } from './RecordTest'
import { Revise } from './Revise'
import { Search } from './Search'
import { TestDetail } from './TestDetail'
import { Working } from './Working'
import './tests.css'

export function TestsPage({ onShow }: { onShow: (step: PathPlace) => void }) {
  const { cases, unreadable, results, running, painted, report } = useTests()
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => attempt(loadTests), [])
  const files = [...new Set(cases.map((c) => c.file))]
  const test = cases.find((c) => c.name === chosen)
  return (
    <div className="col grow">
      <PageHead title="Tests" text="Whole sign-ins as scenarios: who comes from where, what they do, and what must and must not come of it. They stand below scenarios/ of the project; authflow test runs the same.">
        <label className="row tests-paint">
          <Switch label="Paint coverage on the canvas" checked={painted} disabled={report === null} onChange={paintCoverage} />
          <span>Paint coverage on the canvas</span>
        </label>
        {running ? (
          <Working />
        ) : (
          <Button look="primary" icon={Play} disabled={cases.length === 0} onClick={() => runCommand('tests.run')}>
            Run all
          </Button>
        )}
      </PageHead>
      <RecordTest />
      <Unreadable texts={unreadable} />
      {cases.length === 0 ? (
        <Empty icon={ListChecks} title="No test yet" actions={<RunSignIn icon={Play} />}>
          Run a flow and sign in, then record the run here: it becomes a scenario that does the same, with passwords by name and codes by where they come from.
        </Empty>
      ) : (
        <Filed
          label="Scenarios"
          sideLabel="The test"
          side={
            test ? (
              <>
                <div className="row tests-orders">
                  <Button size="small" icon={Repeat2} disabled={running} onClick={() => attempt(() => runTests([test.name]))}>
                    Run this one
                  </Button>
                  <Button size="small" icon={Bug} disabled={running || test.skip !== undefined} onClick={() => debug(test.name)}>
                    Debug
                  </Button>
                  {results[test.name]?.passed === false && <Revise name={test.name} disabled={running} />}
                </div>
                <TestDetail test={test} result={results[test.name]} onShow={onShow} />
              </>
            ) : (
              <>
                {report ? <Coverage report={report} onShow={onShow} /> : <p className="faint">Choose a test to see what it did. After a run, what all of them cover stands here.</p>}
                <Search onShow={onShow} />
              </>
            )
          }
        >
          {files.map((file) => (
            <FiledList key={file} file={file} onEdit={() => openText(file)} orders={<RunFile file={file} disabled={running} />}>
              {cases
                .filter((c) => c.file === file)
                .map((c) => (
                  <Row key={c.name} test={c} result={results[c.name]} chosen={c.name === chosen} onChoose={() => setChosen(c.name === chosen ? null : c.name)} />
                ))}
            </FiledList>
          ))}
        </Filed>
      )}
    </div>
  )
}

/** The run is looked at beside its graph. */
function debug(name: string): void {
  runCommand('view.section.flows')
  attempt(() => debugTest(name))
}

function Row({ test, result, chosen, onChoose }: { test: TestCase; result: TestResult | undefined; chosen: boolean; onChoose: () => void }) {
  const title = test.name.slice(test.name.indexOf(' / ') + 3)
  return (
    <FiledRow mark={<State test={test} result={result} />} name={title} chosen={chosen} onChoose={onChoose}>
      {result && !result.skipped && <span className="faint num">{Math.max(1, Math.round(result.took / 1e6))} ms</span>}
    </FiledRow>
  )
}

function RunFile({ file, disabled }: { file: string; disabled: boolean }) {
  const run = () => runTests(useTests.getState().cases.filter((c) => c.file === file).map((c) => c.name))
  return (
    <Button size="small" icon={Play} disabled={disabled} aria-label={`Run ${file}`} onClick={() => attempt(run)}>
      Run
    </Button>
  )
}

function State({ test, result }: { test: TestCase; result: TestResult | undefined }) {
  if (test.skip) return <CircleMinus size={16} className="faint" aria-label="skipped" />
  if (!result) return <CircleDashed size={16} className="faint" aria-label="not run" />
  if (result.passed) return <CircleCheck size={16} className="mark-good" aria-label="passed" />
  return <CircleX size={16} className="mark-bad" aria-label="failed" />
}
