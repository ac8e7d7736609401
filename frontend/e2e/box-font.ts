// A font in which every letter is the same box. Texts set in it take the same
// room on every machine, whatever fonts it has, and a time or an id looks like
// any other of its length: pictures of layouts can be compared to the pixel.

const UNITS = 1000
const ADVANCE = 540
const FIRST = 0x20
const LAST = 0x2fff

class Bytes {
  private readonly bytes: number[] = []
  u8(...values: number[]): this {
    this.bytes.push(...values.map((v) => v & 0xff))
    return this
  }
  u16(...values: number[]): this {
    for (const v of values) this.u8(v >> 8, v)
    return this
  }
  u32(...values: number[]): this {
    for (const v of values) this.u16(v >>> 16, v)
    return this
  }
  text(value: string): this {
    return this.u8(...[...value].map((c) => c.charCodeAt(0)))
  }
  get all(): number[] {
    return this.bytes
  }
}

/** One box: four corners, all on the curve. */
const glyph = new Bytes()
  .u16(1, 40, 0, 500, 520) // contours, then the bounds
  .u16(3, 0) // last point, no instructions
  .u8(1, 1, 1, 1) // flags
  .u16(40, 0, 460, 0) // x, each from the one before
  .u16(0, 520, 0, -520).all // y

/** Blanks are blank, all else is the box. */
function characterMap(): number[] {
  const glyphs: number[] = []
  for (let code = FIRST; code <= LAST; code++) glyphs.push([0x20, 0xa0, 0x200b, 0x2009, 0x202f].includes(code) ? 2 : 1)
  const segments = new Bytes()
    .u16(4, 16 + 2 * 8 + 2 * glyphs.length, 0, 4, 4, 1, 0)
    .u16(LAST, 0xffff, 0, FIRST, 0xffff, 0, 1)
    .u16(4, 0, ...glyphs).all
  return new Bytes().u16(0, 1, 3, 1).u32(12).u8(...segments).all
}

function tables(): Record<string, number[]> {
  const name = 'Box'
  const names = [1, 2, 4, 6]
  const os2 = new Bytes().u16(4, ADVANCE, 400, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 260, 0).u8(2, 0, 5, 3, 0, 0, 0, 0, 0, 0).u32(1, 0, 0, 0).text('NONE').u16(0x40, FIRST, LAST, 800, -200, 200, 800, 200).u32(1, 0).u16(520, 700, 0, 0x20, 1)
  return {
    'OS/2': os2.all,
    cmap: characterMap(),
    glyf: [...glyph, ...(glyph.length % 2 ? [0] : [])],
    head: new Bytes().u32(0x10000, 0x10000, 0, 0x5f0f3cf5).u16(3, UNITS).u32(0, 0, 0, 0).u16(40, 0, 500, 520, 0, 8, 2, 1, 0).all,
    hhea: new Bytes().u32(0x10000).u16(800, -200, 200, ADVANCE, 40, 40, 500, 1, 0, 0, 0, 0, 0, 0, 0, 3).all,
    hmtx: new Bytes().u16(ADVANCE, 40, ADVANCE, 40, ADVANCE, 0).all,
    // Long offsets: nothing is drawn for a letter that is missing, nor for a blank.
    loca: new Bytes().u32(0, 0, glyph.length, glyph.length).all,
    maxp: new Bytes().u32(0x10000).u16(3, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0).all,
    name: new Bytes()
      .u16(0, names.length, 6 + 12 * names.length)
      .u16(...names.flatMap((id) => [3, 1, 0x409, id, name.length * 2, 0]))
      .u16(...[...name].map((c) => c.charCodeAt(0))).all,
    post: new Bytes().u32(0x30000, 0).u16(-100, 50).u32(1, 0, 0, 0, 0).all,
  }
}

function checksum(bytes: number[]): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 4) sum = (sum + (((bytes[i]! << 24) | ((bytes[i + 1] ?? 0) << 16) | ((bytes[i + 2] ?? 0) << 8) | (bytes[i + 3] ?? 0)) >>> 0)) >>> 0
  return sum
}

/** The font as an address for a style sheet. */
export function boxFont(): string {
  const parts = Object.entries(tables()).sort(([a], [b]) => (a < b ? -1 : 1))
  const directory = new Bytes().u32(0x10000).u16(parts.length, 128, 3, parts.length * 16 - 128)
  const body: number[] = []
  const start = 12 + 16 * parts.length
  for (const [tag, bytes] of parts) {
    directory.text(tag).u32(checksum(bytes), start + body.length, bytes.length)
    body.push(...bytes)
    while (body.length % 4) body.push(0)
  }
  return `data:font/ttf;base64,${Buffer.from([...directory.all, ...body]).toString('base64')}`
}
