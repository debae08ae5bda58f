import { create } from 'zustand';
import { OBJECT_KINDS, type ObjectRef } from '../../../shared/model/catalog';

/** An object that a person comes back to; what the tree says of it is read when it is needed. */
export interface Favourite {
  readonly serverId: string;
  /** Empty for things of the whole server. */
  readonly database: string;
  readonly object: ObjectRef;
}

const KEY = 'howdah.catalog.favourites';
/** Most that are kept. */
const MOST = 200;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 2000;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isRef(value: unknown): value is ObjectRef {
  return (
    isRecord(value) &&
    OBJECT_KINDS.some((kind) => kind === value['kind']) &&
    Number.isInteger(value['oid']) &&
    Number.isInteger(value['sub']) &&
    isText(value['schema']) &&
    isText(value['name'])
  );
}

const isFavourite = (value: unknown): value is Favourite =>
  isRecord(value) && ['serverId', 'database'].every((key) => isText(value[key])) && isRef(value['object']);

/** Where the object is, without what else was kept of it. */
const onlyWhere = ({ serverId, database, object }: Favourite): Favourite => ({ serverId, database, object });

/** What was kept; anything that can't be used is left out. */
export function readFavourites(text: string | null): readonly Favourite[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isFavourite).slice(0, MOST).map(onlyWhere) : [];
  } catch {
    return [];
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const useFavourites = create<{ readonly list: readonly Favourite[] }>()(() => ({
  list: readFavourites(stored()),
}));

export const isSameFavourite = (left: Favourite, right: Favourite): boolean =>
  left.serverId === right.serverId &&
  left.database === right.database &&
  left.object.kind === right.object.kind &&
  left.object.oid === right.object.oid &&
  left.object.sub === right.object.sub;

/** Keeps an object, or forgets it when it is kept already. */
export function toggleFavourite(favourite: Favourite): void {
  const { list } = useFavourites.getState();
  const others = list.filter((each) => !isSameFavourite(each, favourite));
  const next = others.length < list.length ? others : [...list, favourite].slice(-MOST);
  useFavourites.setState({ list: next });
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A full or forbidden store: the choice holds until the window closes.
  }
}
