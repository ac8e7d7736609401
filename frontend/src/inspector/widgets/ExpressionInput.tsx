// A condition or a text with {{ … }}: typed with completion, or picked from the
// values that exist at this block.
import { Popover } from 'radix-ui'
import { Braces } from 'lucide-react'
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { rankBy, PickerList } from '../../commands'
import { IconButton } from '../../ui'
import type { WidgetProps } from '../FieldRow'
import { insertPath, wordAt } from './completion'
import { showUses } from '../../document'
import { useBlockPlace } from '../context'
import { useScope } from './use-scope'

export function ExpressionInput({ id, field, value, onChange, invalid, label }: WidgetProps & { label?: string }) {
  const template = field.kind === 'template'
  const text = typeof value === 'string' ? value : ''
  const area = useRef<HTMLTextAreaElement>(null)
  const caretAfter = useRef<number | null>(null)
  const [caret, setCaret] = useState<number | null>(null)
  const [picking, setPicking] = useState(false)
  const [choice, setChoice] = useState(0)
  const { slug } = useBlockPlace()
  const scope = useScope(caret !== null || picking)

  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = '0'
    element.style.height = `${Math.max(28, element.scrollHeight + 2)}px`
    if (caretAfter.current !== null) {
      element.setSelectionRange(caretAfter.current, caretAfter.current)
      caretAfter.current = null
    }
  }, [text])

  const word = caret === null ? null : wordAt(text, caret, template)
  const offers = word && scope ? rankBy(scope.filter((v) => v.path !== word.text), word.text, (v) => [v.path], 30).slice(0, 7) : []
  const shown = Math.min(choice, offers.length - 1)

  const put = (path: string, from: number, to: number) => {
    const next = insertPath(text, from, to, path, template)
    caretAfter.current = next.caret
    setCaret(null)
    setChoice(0)
    onChange(next.text)
    area.current?.focus()
  }
  const key = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (offers.length === 0) {
      // A condition is one line unless it is asked to be more.
      if (event.key === 'Enter' && !event.shiftKey && !template) event.preventDefault()
      return
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setChoice((shown + (event.key === 'ArrowDown' ? 1 : -1) + offers.length) % offers.length)
    } else if (event.key === 'Enter' || event.key === 'Tab') {
      event.preventDefault()
      if (word) put(offers[shown]!.path, word.start, word.start + word.text.length)
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      setCaret(null)
    }
  }
  return (
    <div className="expression">
      <textarea
        ref={area}
        id={id}
        className="input code"
        rows={1}
        spellCheck={false}
        autoComplete="off"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={offers.length > 0}
        aria-controls={`${id}-offers`}
        aria-invalid={invalid || undefined}
        placeholder={field.placeholder}
        value={text}
        onChange={(event) => {
          onChange(event.target.value === '' ? undefined : event.target.value)
          setCaret(event.target.selectionStart)
          setChoice(0)
        }}
        onKeyDown={key}
        onBlur={() => setCaret(null)}
      />
      <Popover.Root open={picking} onOpenChange={setPicking}>
        <Popover.Trigger asChild>
          <IconButton size="small" icon={Braces} label="Insert a value" className="expression-pick" />
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content className="popover" side="left" align="start" sideOffset={8} collisionPadding={12} aria-label="Values at this block">
            <PickerList
              label="Values at this block"
              placeholder="Search values…"
              empty={scope === null ? 'Asking what exists here…' : 'No value is called that.'}
              onDone={() => setPicking(false)}
              items={(scope ?? []).map((v) => ({
                id: v.path,
                title: v.path,
                hint: v.help,
                group: v.sure ? 'Certain to exist here' : 'Exists on some paths only',
                aside: <span className="badge">{v.type}</span>,
                take: () => {
                  put(v.path, area.current?.selectionStart ?? text.length, area.current?.selectionEnd ?? text.length)
                  showUses(slug, v.path)
                },
              }))}
            />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {offers.length > 0 && (
        <ul className="offers" id={`${id}-offers`} role="listbox" aria-label="Completions">
          {offers.map((offer, index) => (
            <li
              key={offer.path}
              role="option"
              aria-selected={index === shown}
              title={offer.help}
              onPointerDown={(event) => {
                event.preventDefault()
                if (word) put(offer.path, word.start, word.start + word.text.length)
              }}
            >
              <code className="ellipsis grow">{offer.path}</code>
              {!offer.sure && <span className="badge warn">maybe</span>}
              <span className="faint">{offer.type}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
