// Some words out of many: typed with suggestions, Enter takes one, each can be
// taken away again.
import { X } from 'lucide-react'
import { useId, useState, type KeyboardEvent } from 'react'

interface WordsInputProps {
  label: string
  help?: string
  words: string[]
  offers: { value: string; help?: string }[]
  placeholder?: string
  onChange: (words: string[]) => void
}

export function WordsInput({ label, help, words, offers, placeholder, onChange }: WordsInputProps) {
  const [text, setText] = useState('')
  const id = useId()
  const add = (word: string) => {
    const clean = word.trim()
    setText('')
    if (clean !== '' && !words.includes(clean)) onChange([...words, clean])
  }
  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && text.trim() !== '') {
      event.preventDefault()
      add(text)
    } else if (event.key === 'Backspace' && text === '') onChange(words.slice(0, -1))
  }
  return (
    <div className="contract-field">
      <label htmlFor={id}>{label}</label>
      <div className="input contract-words">
        {words.map((word) => (
          <span key={word} className="contract-word mono">
            {word}
            <button type="button" aria-label={`Take ${word} away`} onClick={() => onChange(words.filter((w) => w !== word))}>
              <X size={12} aria-hidden />
            </button>
          </span>
        ))}
        <input
          id={id}
          list={`${id}-offers`}
          value={text}
          placeholder={words.length === 0 ? placeholder : ''}
          aria-describedby={help ? `${id}-help` : undefined}
          onChange={(event) => {
            const typed = event.target.value
            // A choice from the list arrives whole, not letter by letter.
            if (offers.some((o) => o.value === typed) && typed.length - text.length > 1) add(typed)
            else setText(typed)
          }}
          onKeyDown={key}
          onBlur={() => add(text)}
        />
        <datalist id={`${id}-offers`}>
          {offers.map((o) => (
            <option key={o.value} value={o.value}>
              {o.help}
            </option>
          ))}
        </datalist>
      </div>
      {help && (
        <p id={`${id}-help`} className="faint contract-help">
          {help}
        </p>
      )}
    </div>
  )
}
