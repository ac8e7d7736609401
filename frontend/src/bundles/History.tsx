// The bundles that were exported from this project on this machine.
import { History as Clock, PackageSearch } from 'lucide-react'
import type { Release } from '../engine'
import { bytes, Button, CopyButton } from '../ui'
import { issueWords, Part } from './parts'

export function History({ list, onLook }: { list: Release[]; onLook: (path: string) => void }) {
  return (
    <Part icon={Clock} title="Exported before">
      {list.length === 0 ? (
        <p className="faint bundle-none">None yet. What is exported is kept beside the project, so that it can be compared with.</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>When</th>
              <th>What</th>
              <th>Digest</th>
              <th>Size</th>
              <th>Signed</th>
              <th aria-label="Actions" />
            </tr>
          </thead>
          <tbody>
            {list.map((release) => (
              <tr key={release.at}>
                <td>{new Date(release.at).toLocaleString()}</td>
                <td>
                  {release.name} {release.version}
                  <div className="faint">{issueWords(release)}</div>
                </td>
                <td className="mono">
                  <span className="row">
                    {release.digest.replace('sha256:', '').slice(0, 12)}
                    <CopyButton text={release.digest} label="Copy digest" />
                  </span>
                </td>
                <td className="num">{bytes(release.size)}</td>
                <td>{release.signed_by ? 'Yes' : 'No'}</td>
                <td>
                  <Button size="small" icon={PackageSearch} disabled={!release.readable} onClick={() => onLook(release.readable ?? '')}>
                    Look at it
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Part>
  )
}
