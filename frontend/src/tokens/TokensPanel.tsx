// The tokens that the client received: decoded, with a verdict on the signature.
import { BadgeCheck, BadgeX, KeyRound, Play } from 'lucide-react'
import { useState } from 'react'
import { useLeftovers, type TokenView } from '../engine'
import { RunSignIn } from '../commands'
import { clockTime, CopyButton, dateTime, Empty } from '../ui'
import './tokens.css'

const names: Record<TokenView['kind'], string> = { id_token: 'ID token', access_token: 'Access token' }
const about: Record<string, string> = {
  iss: 'Who issued it',
  sub: 'The person',
  aud: 'For whom it is meant',
  exp: 'Until when it is good',
  iat: 'When it was issued',
  auth_time: 'When the person signed in',
  nonce: 'Binds it to the request',
  acr: 'Assurance level',
  amr: 'Methods that were used',
  at_hash: 'Binds it to the access token',
  azp: 'The client it was issued to',
  client_id: 'The client',
  scope: 'What it allows',
  jti: 'Its own id',
  sid: 'The session',
  name: 'The person’s name',
  given_name: 'The first name',
  family_name: 'The family name',
  preferred_username: 'The user name',
  email: 'The mail address',
  email_verified: 'Whether that address was verified',
  phone_number: 'The phone number',
  updated_at: 'When the profile last changed',
  nbf: 'From when it is good',
  alg: 'How it is signed',
  kid: 'The key that signed it',
  typ: 'What it is',
}
const times = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at'])

export function TokensPanel() {
  const tokens = useLeftovers((state) => state.tokens)
  const [kind, setKind] = useState<TokenView['kind']>('id_token')
  if (!tokens || tokens.tokens.length === 0) {
    return (
      <Empty icon={KeyRound} title="No tokens yet" actions={<RunSignIn icon={Play} />}>
        When a sign-in in the browser panel is complete, the client exchanges its code. What it receives is decoded and verified here.
      </Empty>
    )
  }
  const token = tokens.tokens.find((t) => t.kind === kind) ?? tokens.tokens[0]!
  return (
    <div className="col grow">
      <div className="panel-bar">
        <div role="tablist" aria-label="Tokens" className="row" style={{ gap: 2 }}>
          {tokens.tokens.map((t) => (
            <button key={t.kind} type="button" role="tab" aria-selected={t === token} className="pill" onClick={() => setKind(t.kind)}>
              {names[t.kind]}
            </button>
          ))}
        </div>
        <Verdict token={token} />
        <span className="faint small-text ellipsis">
          received {clockTime(tokens.received_at)}, good until {clockTime(token.expires_at)}
        </span>
        <span className="grow" />
        <CopyButton visible text={token.raw} label="Copy raw" />
      </div>
      <div className="token-columns">
        <div className="scroll grow" tabIndex={0}>
          <Claims claims={token.claims} label={`Claims of the ${names[token.kind]}`} />
        </div>
        <div className="scroll token-side">
          <h3 className="section-title">Header</h3>
          <Claims claims={token.header} label={`Header of the ${names[token.kind]}`} />
          {tokens.userinfo && (
            <>
              <h3 className="section-title">Userinfo</h3>
              <Claims claims={tokens.userinfo} label="Userinfo" />
            </>
          )}
          <h3 className="section-title">Raw</h3>
          <p className="token-raw mono" tabIndex={0}>
            {token.raw}
          </p>
        </div>
      </div>
    </div>
  )
}

function Verdict({ token }: { token: TokenView }) {
  const Icon = token.verified ? BadgeCheck : BadgeX
  return (
    <span className={`badge ${token.verified ? 'good' : 'bad'}`} title={token.problem}>
      <Icon size={12} aria-hidden />
      {token.verified ? 'Signature verified' : (token.problem ?? 'Not verified')}
    </span>
  )
}

function Claims({ claims, label }: { claims: Record<string, unknown>; label: string }) {
  // What the flow itself put in comes first: that is what one looks for.
  const entries = Object.entries(claims).sort(([a], [b]) => Number(a in about) - Number(b in about))
  return (
    <table className="table claims" aria-label={label}>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name} className={name in about ? '' : 'own-claim'}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</td>
            <td className="faint">{times.has(name) && typeof value === 'number' ? dateTime(new Date(value * 1000).toISOString()) : (about[name] ?? 'Set by the flow')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
