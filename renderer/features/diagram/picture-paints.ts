import type { TokenOf } from '../../ui/picture';
import type { Paint } from './shapes';

interface Look {
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly font?: 'ui' | 'mono';
  readonly strong?: boolean;
}

/** The look of every paint, by tokens; paints.module.css says the same for the canvas. */
const LOOKS: Readonly<Record<Paint, Look>> = {
  box: { fill: '--raised', stroke: '--border-strong', width: 1 },
  'head-none': { fill: '--hover' },
  'head-teal': { fill: '--selected' },
  'head-blue': { fill: '--info-soft' },
  'head-green': { fill: '--ok-soft' },
  'head-amber': { fill: '--warn-soft' },
  'head-red': { fill: '--error-soft' },
  'head-violet': { fill: 'violet' },
  'note-none': { fill: '--surface', stroke: '--border', width: 1 },
  'note-teal': { fill: '--selected', stroke: '--border', width: 1 },
  'note-blue': { fill: '--info-soft', stroke: '--border', width: 1 },
  'note-green': { fill: '--ok-soft', stroke: '--border', width: 1 },
  'note-amber': { fill: '--warn-soft', stroke: '--border', width: 1 },
  'note-red': { fill: '--error-soft', stroke: '--border', width: 1 },
  'note-violet': { fill: 'violet', stroke: '--border', width: 1 },
  rule: { stroke: '--border', width: 1 },
  title: { fill: '--text', font: 'ui', strong: true },
  'note-text': { fill: '--text', font: 'ui' },
  quiet: { fill: '--muted', font: 'mono' },
  type: { fill: '--muted', font: 'mono' },
  name: { fill: '--text', font: 'mono' },
  'key-name': { fill: '--text', font: 'mono', strong: true },
  primary: { stroke: '--warn', width: 1.5 },
  foreign: { stroke: '--accent', width: 1.5 },
  optional: { stroke: '--muted', width: 1 },
  required: { fill: '--muted', stroke: '--muted', width: 1 },
  line: { stroke: '--border-strong', width: 1.25 },
  end: { stroke: '--border-strong', width: 1.25 },
  ring: { fill: '--background', stroke: '--border-strong', width: 1.25 },
};

const FONTS = {
  ui: `font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif" font-size="13"`,
  mono: `font-family="ui-monospace, Consolas, 'DejaVu Sans Mono', monospace" font-size="12.5"`,
};

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** A part of one colour in another, both `#rrggbb`. */
function mixed(one: string, other: string, part: number): string {
  const under = channels(other);
  const sum = channels(one).map((value, index) => Math.round(value * part + (under[index] ?? 0) * (1 - part)));
  return `#${sum.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The attributes of a paint in a file. */
export function paintAttributes(paint: Paint, token: TokenOf): string {
  const look = LOOKS[paint];
  const colour = (name: string): string =>
    name === 'violet' ? mixed(token('--syntax-keyword'), token('--raised'), 0.18) : token(name);
  const parts = [`fill="${look.fill === undefined ? 'none' : colour(look.fill)}"`];
  if (look.stroke !== undefined) parts.push(`stroke="${colour(look.stroke)}" stroke-width="${look.width ?? 1}"`);
  if (look.font !== undefined) parts.push(FONTS[look.font]);
  if (look.strong === true) parts.push('font-weight="600"');
  return parts.join(' ');
}
