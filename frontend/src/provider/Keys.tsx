// The signing keys: which one signs, which one will, which ones did.
import { RefreshCw } from 'lucide-react'
import { rotateKeys, useProvider, type KeyView } from '../engine'
import { attempt, Button, CopyButton, dateTime, notify } from '../ui'

const about: Record<KeyView['state'], string> = {
  current: 'Signs now',
  next: 'Published, signs after the next rotation',
  retired: 'Published until what it signed has expired',
}

export function Keys() {
  const keys = useProvider((state) => state.keys)
  const rotate = () =>
    attempt(async () => {
      await rotateKeys()
      notify.good('New tokens are signed by the next key.')
    })
  return (
    <div className="scroll grow">
      <div className="row provider-list-head">
        <p className="dim grow">A client that keeps keys must fetch them again when it meets one it does not know. Rotate to see whether yours does.</p>
        <Button icon={RefreshCw} onClick={rotate}>
          Rotate now
        </Button>
      </div>
      <table className="table" aria-label="Signing keys">
        <thead>
          <tr>
            <th>Algorithm</th>
            <th>State</th>
            <th>Key id</th>
            <th>Signs since</th>
            <th>Retired</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.kid}>
              <td>{key.alg}</td>
              <td>
                <span className={`badge ${key.state === 'current' ? 'good' : key.state === 'next' ? 'info' : ''}`}>{key.state}</span> <span className="faint small-text">{about[key.state]}</span>
              </td>
              <td className="mono">
                <span className="row" style={{ gap: 4 }}>
                  {key.kid}
                  <CopyButton text={key.kid} label="Copy the key id" />
                </span>
              </td>
              <td>{key.since ? dateTime(key.since) : ''}</td>
              <td>{key.retired ? dateTime(key.retired) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
