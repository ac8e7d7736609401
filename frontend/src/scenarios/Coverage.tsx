// What the last run has come through, and what it has not.
import type { CoverageShare, TestReport } from '../engine'
import { PathStep, type PathPlace } from '../ui'
import { placeOf } from './places'

const percent = (share: CoverageShare) => (share.of === 0 ? 100 : Math.round((100 * share.covered) / share.of))

export function Coverage({ report, onShow }: { report: TestReport; onShow: (step: PathPlace) => void }) {
  const { blocks, ports, errors, pages, lines, actions, promises } = report.coverage
  const open = actions.filter((a) => !a.run || a.missed.length > 0)
  const rows: [string, CoverageShare][] = [
    ['Blocks', blocks],
    ['Outcomes', ports],
    ['Wired errors', errors],
    ['Pages', pages],
    ['Lines of Actions', lines],
    ['Contracts, from both sides', promises],
  ]
  return (
    <div className="col tests-facts">
      <h2>
        {report.passed} passed, {report.failed} failed
      </h2>
      <h3 className="section-title">Covered</h3>
      <table className="table" aria-label="Coverage">
        <tbody>
          {rows.map(([name, share]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <span className="tests-bar" aria-hidden>
                  <span style={{ width: `${percent(share)}%` }} />
                </span>
              </td>
              <td className="num">{percent(share)} %</td>
              <td className="num faint">
                {share.covered} of {share.of}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {open.length > 0 && (
        <>
          <h3 className="section-title">Lines of Actions that did not run</h3>
          <ul className="bare-list tests-path mono">
            {open.map((a) => (
              <li key={a.file}>
                {a.file}: {a.run ? a.missed.join(', ') : 'not run'}
              </li>
            ))}
          </ul>
        </>
      )}
      {report.missed.length > 0 && (
        <>
          <h3 className="section-title">No test comes to</h3>
          <ul className="bare-list">
            {report.missed.map((name) => (
              <li key={name}>
                <PathStep step={placeOf(name)} onShow={onShow} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
