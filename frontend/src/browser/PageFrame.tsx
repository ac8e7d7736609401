// The page itself, in a frame that runs no scripts. A new page is loaded behind
// the old one and shown when it is there.
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react'
import { call, type BrowserView } from '../engine'
import { notify } from '../ui'
import { canListen, fillIn, listen } from './listen'
import { framePage, moveFromAddress, SANDBOX, type FramePage } from './page-frame'

export interface PageFrameHandle {
  fillIn(identifier: string, password: string): boolean
}

let pages = 0

interface Loaded {
  key: string
  page: FramePage
}

export function PageFrame({ view, ref, onSending }: { view: BrowserView; ref: Ref<PageFrameHandle>; onSending: (sending: boolean) => void }) {
  // A failed move shows the same page again: the frame may have left it.
  const [again, setAgain] = useState(0)
  const wanted = useMemo<Loaded>(() => ({ key: `page${++pages}.${again}`, page: framePage(view.html, view.url) }), [view.html, view.url, again])
  const [shown, setShown] = useState<Loaded | null>(null)
  const front = useRef<HTMLIFrameElement>(null)
  const left = useRef(false)
  const frames = shown && shown.key !== wanted.key ? [shown, wanted] : [wanted]

  useEffect(() => {
    onSending(false)
    // The same page once more, after the frame went away to tell what was filled in.
    if (!view.loading && left.current) setAgain((n) => n + 1)
  }, [view.seq, view.loading, onSending])
  useImperativeHandle(ref, () => ({
    fillIn: (identifier, password) => {
      const page = front.current?.contentDocument
      return page ? fillIn(page, identifier, password) : false
    },
  }))

  const move = (page: FramePage, token: string, fields: [string, string][]) => {
    const target = page.moves.get(token)
    if (!target) return
    onSending(true)
    const done = target.kind === 'open' ? call('browser.open', { url: target.url }) : call('browser.submit', { action: target.action, method: target.method, fields })
    done.catch((error: unknown) => {
      notify.failure(error)
      onSending(false)
      setAgain((n) => n + 1)
    })
  }
  const loaded = (frame: HTMLIFrameElement, entry: Loaded) => {
    const address = frame.contentWindow?.location.href ?? ''
    const away = moveFromAddress(address)
    if (away) {
      left.current = true
      move(entry.page, away.token, away.fields)
      return
    }
    const page = frame.contentDocument
    if (!page || address !== 'about:srcdoc') return
    left.current = false
    if (canListen(page)) listen(page, (token, fields) => move(entry.page, token, fields))
    if (entry.key === wanted.key) setShown(wanted)
  }
  return (
    <div className="page-frame">
      {frames.map((entry) => {
        const isFront = entry.key === wanted.key
        return (
          <iframe
            key={entry.key}
            ref={isFront ? front : undefined}
            title={isFront ? `Page of the flow: ${view.title || view.url}` : 'The page before'}
            sandbox={SANDBOX}
            referrerPolicy="no-referrer"
            srcDoc={entry.page.srcdoc}
            aria-hidden={isFront ? undefined : true}
            style={{ visibility: isFront && shown && shown.key !== wanted.key ? 'hidden' : 'visible' }}
            onLoad={(event) => loaded(event.currentTarget, entry)}
          />
        )
      })}
    </div>
  )
}
