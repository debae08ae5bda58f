import { ApiError } from './errors';

/** Requests of the older kind: parameters as a query or a form, `Filters.0.Values.1=…` for what is nested. */

const PARAMETERS_MAX = 5_000;
const DEPTH_MAX = 8;

/** Reads a query or form. A name that is there twice is refused: the signature could mean either. */
export function readParameters(text: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (found.has(name)) throw new ApiError('InvalidParameter', `The parameter ${name} is given twice`);
    found.set(name, value);
    if (found.size > PARAMETERS_MAX) throw new ApiError('InvalidParameter', 'The request has too many parameters');
  }
  return Object.fromEntries(found);
}

type Tree = Map<string, Tree | string>;

function insert(tree: Tree, name: string, path: readonly string[], value: string): void {
  const [key = '', ...rest] = path;
  const inside = tree.get(key);
  if (rest.length === 0) {
    if (inside !== undefined)
      throw new ApiError('InvalidParameter', `The parameter ${name} is given as a value and as a structure`);
    tree.set(key, value);
    return;
  }
  if (typeof inside === 'string')
    throw new ApiError('InvalidParameter', `The parameter ${name} is given as a value and as a structure`);
  const below: Tree = inside ?? new Map();
  tree.set(key, below);
  insert(below, name, rest, value);
}

/** What has only numbers for names is a list, in the order of the numbers. */
function plain(tree: Tree): object {
  const entries = [...tree].map(([key, inside]) => [key, typeof inside === 'string' ? inside : plain(inside)] as const);
  if (entries.length > 0 && entries.every(([key]) => /^\d{1,6}$/.test(key))) {
    return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, inside]) => inside);
  }
  // Not by assignment: a parameter may be called `__proto__`.
  return Object.fromEntries(entries);
}

/** The structure that flat parameters describe; every leaf is text. */
export function nested(parameters: Readonly<Record<string, string>>): object {
  const tree: Tree = new Map();
  for (const [name, value] of Object.entries(parameters)) {
    const path = name.split('.');
    if (path.length > DEPTH_MAX || path.includes(''))
      throw new ApiError('InvalidParameter', `The parameter ${name} cannot be read`);
    insert(tree, name, path, value);
  }
  const made = plain(tree);
  return Array.isArray(made) ? {} : made;
}
