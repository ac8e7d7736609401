// What an Action can use, beside its text.
import { apiHelp } from './help'

export function ApiHelp() {
  return (
    <aside className="scroll api-help" aria-label="What an Action can use">
      {apiHelp.map((group) => (
        <section key={group.title}>
          <h3 className="section-title">{group.title}</h3>
          <p className="dim">{group.text}</p>
          <dl>
            {group.entries.map(([name, text]) => (
              <div key={name}>
                <dt className="mono">{name}</dt>
                <dd className="dim">{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </aside>
  )
}
