// Breakpoints and the place of a stopped run, drawn in the gutter of an Action's
// editor. A click or F9 sets one; while one types they keep their statement, and
// go to Go when the text has rested.
import { Prec, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state'
import { Decoration, EditorView, gutter, GutterMarker, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view'
import { actionName, clearBreakpoint, editStop, setBreakpoint, stopLook, stopWords, toggleStop, useRuns, viewedRun, type Breakpoint, type RunsState } from '../engine'
import { attempt, openMenuAt } from '../ui'
import { keepCaret } from './caret'

interface Stop {
  pos: number
  breakpoint: Breakpoint
}

interface Shown {
  stops: Stop[]
  /** Positions of the lines where the run stands, the innermost frame first. */
  frames: number[]
}

const show = StateEffect.define<Shown>()

const shown = StateField.define<Shown>({
  create: () => ({ stops: [], frames: [] }),
  update(value, change) {
    for (const effect of change.effects) if (effect.is(show)) return effect.value
    if (!change.docChanged) return value
    return { stops: value.stops.map((stop) => ({ ...stop, pos: change.changes.mapPos(stop.pos, 1) })), frames: value.frames.map((pos) => change.changes.mapPos(pos, 1)) }
  },
  provide: (field) => EditorView.decorations.from(field, lineMarks),
})

function lineMarks({ frames }: Shown): (view: EditorView) => DecorationSet {
  return ({ state }) => {
    const lines = new Map<number, string>()
    for (const [index, pos] of frames.entries()) {
      const from = state.doc.lineAt(Math.min(pos, state.doc.length)).from
      if (!lines.has(from)) lines.set(from, index === 0 ? 'cm-stopped-line' : 'cm-frame-line')
    }
    const sorted = [...lines].sort(([a], [b]) => a - b)
    return Decoration.set(sorted.map(([from, look]) => Decoration.line({ class: look, attributes: look === 'cm-stopped-line' ? { 'aria-current': 'step' } : {} }).range(from)))
  }
}

class StopMark extends GutterMarker {
  constructor(private readonly stop: Breakpoint) {
    super()
  }
  override eq(other: StopMark): boolean {
    return other instanceof StopMark && stopLook(other.stop) === stopLook(this.stop) && stopWords(other.stop) === stopWords(this.stop)
  }
  override toDOM(): Node {
    const mark = document.createElement('span')
    mark.className = `stop-mark ${stopLook(this.stop)}`
    mark.setAttribute('role', 'img')
    mark.title = stopWords(this.stop)
    mark.setAttribute('aria-label', stopWords(this.stop))
    return mark
  }
}

class Arrow extends GutterMarker {
  constructor(private readonly top: boolean) {
    super()
  }
  override eq(other: Arrow): boolean {
    return other instanceof Arrow && other.top === this.top
  }
  override toDOM(): Node {
    const mark = document.createElement('span')
    mark.className = `frame-arrow ${this.top ? 'top' : ''}`
    mark.setAttribute('role', 'img')
    mark.setAttribute('aria-label', this.top ? 'The run stands here' : 'A frame of the call stack')
    return mark
  }
}

function at(state: EditorState, line: number): number {
  return state.doc.line(Math.min(Math.max(1, line), state.doc.lines)).from
}

function picture(state: EditorState, file: string, runs: RunsState): Shown {
  const stops = runs.breakpoints.filter((b) => b.kind === 'line' && b.file === file).map((breakpoint) => ({ pos: at(state, breakpoint.line ?? 1), breakpoint }))
  const run = viewedRun(runs)
  const frames = run?.status === 'paused' && runs.moment === null ? run.stack.filter((place) => place.file === file).map((place) => at(state, place.line ?? 1)) : []
  return { stops, frames }
}

const REST_MS = 1200

/** Keeps an editor's marks at what Go knows, and tells Go where they went. */
function follower(file: string, path: string) {
  return class {
    private readonly off: () => void
    private timer: ReturnType<typeof setTimeout> | undefined
    constructor(private readonly view: EditorView) {
      this.off = useRuns.subscribe((now, before) => {
        if (now.breakpoints !== before.breakpoints || now.moment !== before.moment || viewedRun(now) !== viewedRun(before)) this.draw()
      })
      // A view cannot be changed while it is made.
      queueMicrotask(() => this.draw())
    }
    private draw(): void {
      if (this.timer === undefined) this.view.dispatch({ effects: show.of(picture(this.view.state, file, useRuns.getState())) })
    }
    update(update: ViewUpdate): void {
      if (update.selectionSet || update.docChanged) keepCaret(path, update.state.doc.lineAt(update.state.selection.main.head).number)
      if (!update.docChanged || update.state.field(shown).stops.length === 0) return
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.tell(), REST_MS)
    }
    /** Lines that have moved with the text. Two that met on one line become one. */
    private tell(): void {
      this.timer = undefined
      const { doc } = this.view.state
      const taken = new Set<number>()
      attempt(async () => {
        for (const { pos, breakpoint } of this.view.state.field(shown).stops) {
          const line = doc.lineAt(Math.min(pos, doc.length)).number
          if (taken.has(line)) await clearBreakpoint(breakpoint.id)
          else if (line !== breakpoint.line) await setBreakpoint({ ...breakpoint, line })
          taken.add(line)
        }
        this.draw()
      })
    }
    destroy(): void {
      this.off()
      if (this.timer !== undefined) {
        clearTimeout(this.timer)
        this.tell()
      }
    }
  }
}

function stopOn(view: EditorView, from: number): Breakpoint | undefined {
  const { doc } = view.state
  return view.state.field(shown).stops.find(({ pos }) => doc.lineAt(Math.min(pos, doc.length)).from === from)?.breakpoint
}

/** The gutter with breakpoints, and the marks of where a run stands. */
export function breakpointGutter(path: string): Extension {
  const file = actionName(path)
  const toggle = (view: EditorView, from: number) => {
    const present = stopOn(view, from)
    const line = view.state.doc.lineAt(from).number
    attempt(() => (present ? clearBreakpoint(present.id) : toggleStop({ kind: 'line', file, line })))
  }
  return [
    shown,
    ViewPlugin.fromClass(follower(file, path)),
    // Before the numbers of the lines, where people look for it.
    Prec.high(gutter({
      class: 'cm-stops',
      lineMarker(view, line) {
        const stop = stopOn(view, line.from)
        if (stop) return new StopMark(stop)
        const { doc } = view.state
        const frame = view.state.field(shown).frames.findIndex((pos) => doc.lineAt(Math.min(pos, doc.length)).from === line.from)
        return frame < 0 ? null : new Arrow(frame === 0)
      },
      lineMarkerChange: (update) => update.startState.field(shown) !== update.state.field(shown),
      initialSpacer: () => new Arrow(false),
      domEventHandlers: {
        mousedown(view, line, event) {
          if ((event as MouseEvent).button !== 0) return false
          toggle(view, line.from)
          return true
        },
        contextmenu(view, line, event) {
          const mouse = event as MouseEvent
          const present = stopOn(view, line.from)
          event.preventDefault()
          openMenuAt({ x: mouse.clientX, y: mouse.clientY }, [
            { kind: 'item', label: present ? 'Remove breakpoint' : 'Set breakpoint', command: 'action.breakpoint', run: () => toggle(view, line.from) },
            { kind: 'item', label: 'Condition or message…', command: 'action.editBreakpoint', run: () => editStop(present ?? { kind: 'line', file, line: view.state.doc.lineAt(line.from).number }) },
          ])
          return true
        },
      },
    })),
  ]
}
