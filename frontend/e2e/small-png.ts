// Pictures made small: 256 colours, the most used ones, in a PNG that git and
// readers of the guide do not feel.
import { crc32, deflateSync } from 'node:zlib'
import type { Page } from '@playwright/test'

interface Indexed {
  palette: number[]
  /** One byte a pixel, as base64. */
  pixels: string
}

/** A picture in another size, in at most 256 colours; `step` is how coarse those are. */
export async function smallPng(page: Page, picture: Buffer, width: number, height: number, step: number): Promise<Buffer> {
  const { palette, pixels } = await page.evaluate(index, { text: picture.toString('base64'), width, height, step })
  const bytes = Buffer.from(pixels, 'base64')
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) bytes.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('PLTE', Buffer.from(palette)), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** Runs in the page, which can read PNGs. */
async function index({ text, width, height, step }: { text: string; width: number; height: number; step: number }): Promise<Indexed> {
  const file = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  const image = await createImageBitmap(new Blob([file], { type: 'image/png' }), { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser cannot draw')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const round = (value: number) => Math.min(255, Math.round(value / step) * step)
  const colours = new Uint32Array(width * height)
  const counts = new Map<number, number>()
  for (let i = 0; i < colours.length; i++) {
    const colour = (round(data[4 * i]!) << 16) | (round(data[4 * i + 1]!) << 8) | round(data[4 * i + 2]!)
    colours[i] = colour
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const best = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 256).map(([colour]) => colour)
  const parts = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255] as const
  const places = new Map(best.map((colour, i) => [colour, i]))
  const nearest = (colour: number) => {
    const [r, g, b] = parts(colour)
    const far = best.map(parts).map(([x, y, z]) => (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2)
    return far.indexOf(Math.min(...far))
  }
  const pixels = new Uint8Array(colours.length)
  colours.forEach((colour, i) => {
    const known = places.get(colour) ?? nearest(colour)
    places.set(colour, known)
    pixels[i] = known
  })
  let binary = ''
  for (let i = 0; i < pixels.length; i += 0x8000) binary += String.fromCharCode(...pixels.subarray(i, i + 0x8000))
  return { palette: best.flatMap(parts), pixels: btoa(binary) }
}
