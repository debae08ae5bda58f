import { jsonTokens } from './json-tokens';

/** One line of a document that is shown as a tree. */
export interface JsonNode {
  /** Index of the node around it; −1 at the root. */
  readonly parent: number;
  readonly depth: number;
  /** The key as written, with its quotes; null in arrays and at the root. */
  readonly key: string | null;
  /** Place in an array; −1 elsewhere. */
  readonly place: number;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'word';
  /** A plain value as written; empty for objects and arrays. */
  readonly text: string;
  /** Things directly within. */
  readonly size: number;
  /** Index after the last node within. */
  readonly end: number;
}

/** Nodes of one document: more are not looked through by a person. */
export const MAX_NODES = 200_000;

type Growing = { -readonly [K in keyof JsonNode]: JsonNode[K] };

const kindOf = (token: string): JsonNode['kind'] => {
  if (token === '{') return 'object';
  if (token === '[') return 'array';
  if (token.startsWith('"')) return 'string';
  return /^[-\d]/.test(token) ? 'number' : 'word';
};

/** The nodes of a text that is JSON, in order; `cut` when there are more than `MAX_NODES`. */
export function jsonTree(text: string): { readonly nodes: readonly JsonNode[]; readonly cut: boolean } {
  const nodes: Growing[] = [];
  const open: number[] = [];
  let key: string | null = null;
  let cut = false;
  for (const token of jsonTokens(text)) {
    if (token === ',' || token === ':') continue;
    if (token === '}' || token === ']') {
      const closed = nodes[open.pop() ?? -1];
      if (closed) closed.end = nodes.length;
      continue;
    }
    const parent = open.at(-1) ?? -1;
    const around = nodes[parent];
    if (around?.kind === 'object' && key === null) {
      key = token;
      continue;
    }
    if (nodes.length >= MAX_NODES) {
      cut = true;
      break;
    }
    const kind = kindOf(token);
    const place = around?.kind === 'array' ? around.size : -1;
    if (around) around.size += 1;
    const holds = kind === 'object' || kind === 'array';
    nodes.push({
      parent,
      depth: open.length,
      key,
      place,
      kind,
      text: holds ? '' : token,
      size: 0,
      end: nodes.length + 1,
    });
    if (holds) open.push(nodes.length - 1);
    key = null;
  }
  for (const index of open) {
    const unfinished = nodes[index];
    if (unfinished) unfinished.end = nodes.length;
  }
  return { nodes, cut };
}

/** Indexes of the nodes that are in sight when some are folded. */
export function visibleNodes(nodes: readonly JsonNode[], folded: ReadonlySet<number>): number[] {
  const visible: number[] = [];
  for (let index = 0; index < nodes.length;) {
    visible.push(index);
    const node = nodes[index];
    index = node && folded.has(index) ? Math.max(node.end, index + 1) : index + 1;
  }
  return visible;
}

/** Where a node is, in the server's JSON path language: `$.orders[2]."unit price"`. */
export function jsonPath(nodes: readonly JsonNode[], index: number): string {
  const steps: string[] = [];
  for (let node = nodes[index]; node; node = nodes[node.parent]) {
    if (node.place >= 0) steps.push(`[${node.place}]`);
    else if (node.key !== null)
      steps.push(/^"[A-Za-z_]\w*"$/.test(node.key) ? `.${node.key.slice(1, -1)}` : `.${node.key}`);
  }
  return `$${steps.toReversed().join('')}`;
}
