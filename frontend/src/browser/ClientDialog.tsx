// What an app of one's own needs to sign in here.
import type { Harness } from '../engine'
import { CopyButton, Dialog } from '../ui'

export function ClientDialog({ harness, onClose }: { harness: Harness; onClose: () => void }) {
  const samples: [string, string][] = [
    ['Environment', `OIDC_ISSUER=${harness.issuer}\nOIDC_CLIENT_ID=${harness.client_id}`],
    [
      'JavaScript (openid-client)',
      `import * as client from 'openid-client'\n\nconst config = await client.discovery(\n  new URL('${harness.issuer}'),\n  '${harness.client_id}',\n  undefined,\n  client.None(),\n  { execute: [client.allowInsecureRequests] }, // loopback http\n)`,
    ],
    [
      'Go (coreos/go-oidc)',
      `provider, err := oidc.NewProvider(ctx, "${harness.issuer}")\nconfig := oauth2.Config{\n\tClientID:    "${harness.client_id}",\n\tEndpoint:    provider.Endpoint(),\n\tRedirectURL: "http://127.0.0.1:8080/callback",\n\tScopes:      []string{oidc.ScopeOpenID, "profile", "email"},\n}`,
    ],
  ]
  return (
    <Dialog
      wide
      title="Use my app as the client"
      description="A public client with PKCE. Any redirect URI on this machine's loopback address is accepted, on any port."
      onClose={onClose}
    >
      <dl className="facts client-facts">
        <dt>Issuer</dt>
        <dd className="row">
          <code className="grow">{harness.issuer}</code>
          <CopyButton text={harness.issuer} label="Copy issuer" />
        </dd>
        <dt>Client id</dt>
        <dd className="row">
          <code className="grow">{harness.client_id}</code>
          <CopyButton text={harness.client_id} label="Copy client id" />
        </dd>
        <dt>Demo client</dt>
        <dd className="row">
          <code className="grow">{harness.demo_url}</code>
          <CopyButton text={harness.demo_url} label="Copy demo address" />
        </dd>
      </dl>
      {samples.map(([title, text]) => (
        <section key={title} className="sample">
          <div className="row">
            <h3 className="section-title grow">{title}</h3>
            <CopyButton visible text={text} />
          </div>
          <pre tabIndex={0}>{text}</pre>
        </section>
      ))}
    </Dialog>
  )
}
