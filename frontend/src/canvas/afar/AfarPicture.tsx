// The canvas that the picture from afar is on.
import { useEffect, useRef } from 'react'
import { useViewport } from '../Lanes'
import { useStoreApi, ViewportPortal } from '../xyflow'
import { Picture } from './picture'
import type { Scene } from './scene'
import { usePointed } from './use-afar'
import './afar.css'

export function AfarPicture({ scene }: { scene: Scene }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const picture = useRef<Picture | null>(null)
  const store = useStoreApi()
  const latest = useRef(scene)
  useEffect(() => {
    if (!canvas.current) return
    const made = new Picture(canvas.current, () => {
      const { transform, width, height } = store.getState()
      return { x: transform[0], y: transform[1], zoom: transform[2], width, height }
    })
    picture.current = made
    made.show(latest.current)
    const stops = [usePointed.subscribe(({ wire }) => made.point(wire)), store.subscribe((now, before) => (now.width !== before.width || now.height !== before.height) && made.moved())]
    return () => {
      stops.forEach((stop) => stop())
      made.end()
      picture.current = null
    }
  }, [store])
  useEffect(() => {
    latest.current = scene
    picture.current?.show(scene)
  }, [scene])
  useViewport(() => picture.current?.moved())
  return (
    <ViewportPortal>
      <canvas className="afar-picture" ref={canvas} aria-hidden />
    </ViewportPortal>
  )
}
