// One test: what it is, and why it failed.
import type { TestCase, TestResult } from '../engine'
import { PathStep, type PathPlace } from '../ui'
import { placesOf } from './places'

interface DetailProps {
  test: TestCase
  result: TestResult | undefined
  onShow: (step: PathPlace) => void
}

export function TestDetail({ test, result, onShow }: DetailProps) {
  return (
    <div className="col tests-facts">
      <h2>{test.name.slice(test.name.indexOf(' / ') + 3)}</h2>
      {test.about && <p className="dim">{test.about}</p>}
      {test.skip && <p>It is skipped: {test.skip}</p>}
      {!result && !test.skip && <p className="faint">It has not been run yet.</p>}
      {result && (result.failures?.length ?? 0) > 0 && (
        <>
          <h3 className="section-title">{result.step ? `Failed at step ${result.step}` : 'Not as expected'}</h3>
          <ul className="bare-list tests-failures">
            {result.failures?.map((text) => <li key={text}>{text}</li>)}
          </ul>
        </>
      )}
      {result?.page && (
        <>
          <h3 className="section-title">Where the person stood</h3>
          <p className="mono tests-wrap">{result.page}</p>
          {result.page_text && <p className="dim">{result.page_text.slice(0, 400)}</p>}
        </>
      )}
      {(result?.path?.length ?? 0) > 0 && (
        <>
          <h3 className="section-title">The path</h3>
          <ol className="bare-list">
            {placesOf(result?.path ?? []).map((step, i) => (
              <li key={`${i}-${step.flow}-${step.block}`}>
                <PathStep step={step} onShow={onShow} />
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  )
}
