// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures, previews and sounds for the development server, drawn by arithmetic: hills, houses, people.

import { deflateSync } from 'node:zlib'

export function randomOf(seed) {
  let state = (seed * 2654435761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return ((state >>> 0) % 100000) / 100000
  }
}

// What colour film did to a decade.
function palette(year, random, faded) {
  const hue = 190 + random() * 50
  if (year < 1965) return { sky: `hsl(40 ${faded ? 18 : 8}% ${faded ? 78 : 82}%)`, land: 'hsl(36 12% 48%)', wall: 'hsl(38 14% 66%)', roof: 'hsl(34 14% 30%)', skin: 'hsl(36 18% 72%)', cloth: 'hsl(34 10% 34%)' }
  if (year < 1990) {
    const warm = faded ? 28 : hue
    return { sky: `hsl(${warm} ${faded ? 38 : 52}% ${faded ? 80 : 74}%)`, land: `hsl(${faded ? 48 : 96} 30% 46%)`, wall: 'hsl(32 40% 74%)', roof: `hsl(14 ${faded ? 32 : 58}% 40%)`, skin: 'hsl(26 46% 72%)', cloth: `hsl(${random() * 360} ${faded ? 28 : 52}% 44%)` }
  }
  return { sky: `hsl(${hue} 68% 72%)`, land: `hsl(${86 + random() * 50} 42% 38%)`, wall: 'hsl(40 34% 84%)', roof: 'hsl(10 52% 38%)', skin: 'hsl(24 50% 70%)', cloth: `hsl(${random() * 360} 62% 48%)` }
}

function person(x, y, size, colours, hair) {
  return (
    `<path d="M${x - size * 0.55} ${y + size * 2.3} q${size * 0.05} ${-size * 1.6} ${size * 0.55} ${-size * 1.6} t${size * 0.55} ${size * 1.6}z" fill="${colours.cloth}"/>` +
    `<circle cx="${x}" cy="${y}" r="${size * 0.42}" fill="${colours.skin}"/>` +
    `<path d="M${x - size * 0.44} ${y} a${size * 0.44} ${size * 0.46} 0 0 1 ${size * 0.88} 0 q${-size * 0.4} ${-size * 0.25} ${-size * 0.88} 0z" fill="${hair}"/>`
  )
}

export function peopleOf(seed) {
  const random = randomOf(seed + 77)
  const count = Math.floor(random() * 4)
  return Array.from({ length: count }, (_, i) => ({ x: 0.2 + i * 0.2 + random() * 0.08, y: 0.5 + random() * 0.1, s: 0.09 + random() * 0.05 }))
}

export function svgOf(seed, year, width, height, faded) {
  const random = randomOf(seed)
  const colours = palette(year, random, faded)
  const w = width >= height ? 600 : Math.round((600 * width) / height)
  const h = width >= height ? Math.round((600 * height) / width) : 600
  const hill = h * (0.5 + random() * 0.12)
  const houseX = w * (0.5 + random() * 0.25)
  const size = Math.min(w, h)
  const house = `<path d="M${houseX} ${hill + h * 0.08} v${-size * 0.2} l${size * 0.17} ${-size * 0.13} l${size * 0.17} ${size * 0.13} v${size * 0.2}z" fill="${colours.wall}"/><path d="M${houseX - size * 0.03} ${hill + h * 0.08 - size * 0.19} l${size * 0.2} ${-size * 0.16} l${size * 0.2} ${size * 0.16} l${-size * 0.02} ${size * 0.02} l${-size * 0.18} ${-size * 0.13} l${-size * 0.18} ${size * 0.13}z" fill="${colours.roof}"/><rect x="${houseX + size * 0.13}" y="${hill + h * 0.08 - size * 0.11}" width="${size * 0.07}" height="${size * 0.11}" fill="${colours.roof}"/>`
  const people = peopleOf(seed).map((p) => person(p.x * w, p.y * h, p.s * size * 1.5, colours, year < 1965 ? '#3a332b' : '#2b211b')).join('')
  const wear = faded ? `<g stroke="#fff" stroke-opacity=".55" fill="none">${Array.from({ length: 7 }, () => `<path d="M${random() * w} ${random() * h} q${random() * 40 - 20} ${random() * 60} ${random() * 30 - 15} ${random() * h * 0.5}" stroke-width="${0.6 + random()}"/>`).join('')}</g><rect width="${w}" height="${h}" fill="#d9b98c" opacity=".25"/>` : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" preserveAspectRatio="xMidYMid slice"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${colours.sky}"/><stop offset="1" stop-color="#fff3df"/></linearGradient></defs><rect width="${w}" height="${h}" fill="url(#s)"/><circle cx="${w * random()}" cy="${h * 0.18}" r="${size * 0.05}" fill="#fff8e6" opacity=".9"/><path d="M0 ${hill} Q${w * 0.25} ${hill - h * (0.1 + random() * 0.15)} ${w * 0.5} ${hill} T${w} ${hill - h * 0.05} V${h} H0z" fill="${colours.land}" opacity=".55"/><path d="M0 ${hill + h * 0.06} Q${w * 0.4} ${hill} ${w} ${hill + h * 0.08} V${h} H0z" fill="${colours.land}"/>${house}${people}${wear}</svg>`
}

const table = Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

function crc(bytes) {
  let c = 0xffffffff
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

function chunk(name, data) {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length, 0)
  out.write(name, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}

// A preview of a few pixels: light above, land below.
export function previewOf(seed, year) {
  const random = randomOf(seed)
  const w = 8
  const h = 6
  const raw = Buffer.alloc((w * 3 + 1) * h)
  const old = year < 1990
  const top = old ? [226, 204, 170] : [150 + random() * 50, 195, 225]
  const land = old ? [140, 126, 96] : [90, 120 + random() * 30, 80]
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) for (let k = 0; k < 3; k++) raw[y * (w * 3 + 1) + 1 + x * 3 + k] = (y < 3 ? top : land)[k] + x * 3
  }
  const head = Buffer.from([0, 0, 0, w, 0, 0, 0, h, 8, 2, 0, 0, 0])
  const png = Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))])
  return 'data:image/png;base64,' + png.toString('base64')
}

// A few notes as a WAV file; 'rough' adds a hum.
export function wavOf(seed, seconds, rough) {
  const rate = 8000
  const count = rate * seconds
  const out = Buffer.alloc(44 + count * 2)
  out.write('RIFF', 0)
  out.writeUInt32LE(36 + count * 2, 4)
  out.write('WAVEfmt ', 8)
  out.writeUInt32LE(16, 16)
  out.writeUInt16LE(1, 20)
  out.writeUInt16LE(1, 22)
  out.writeUInt32LE(rate, 24)
  out.writeUInt32LE(rate * 2, 28)
  out.writeUInt16LE(2, 32)
  out.writeUInt16LE(16, 34)
  out.write('data', 36)
  out.writeUInt32LE(count * 2, 40)
  for (let i = 0; i < count; i++) {
    const note = [262, 294, 330, 392, 440][(Math.floor(i / rate) + seed) % 5]
    const fade = 1 - (i % rate) / rate
    const hum = rough ? 0.25 * Math.sin((i * 50 * 6.283) / rate) : 0
    out.writeInt16LE(Math.round(9000 * (0.6 * fade * Math.sin((i * note * 6.283) / rate) + hum)), 44 + i * 2)
  }
  return out
}
