import type { Command } from '../../../shared/model/command';
import type { ExplorerLine } from './model';
import { canDrop, canEdit } from './object-deeds';

/** The part of a keyboard event that is looked at. */
export interface PressedKey {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const chord = ({ key, altKey, ctrlKey, metaKey, shiftKey }: PressedKey): string =>
  [ctrlKey && 'Ctrl', altKey && 'Alt', shiftKey && 'Shift', metaKey && 'Meta', key].filter(Boolean).join('+');

/** What a key asks of a line of the tree: its properties, its dialog, dropping it; undefined for nothing. */
export function commandOfKey(pressed: PressedKey, { content }: ExplorerLine): Command | undefined {
  const keys = chord(pressed);
  if (content.type === 'folder') {
    return keys === 'Ctrl+Enter' ? { do: 'show-folder', ...content.place, folder: content.folder } : undefined;
  }
  if (content.type === 'server' || content.type === 'group') {
    if (keys !== 'F2' && keys !== 'Alt+Enter') return undefined;
    return content.type === 'server'
      ? { do: 'edit-server', serverId: content.server.id }
      : { do: 'edit-group', groupId: content.group.id };
  }
  if (content.type !== 'object' && content.type !== 'favourite') return undefined;
  const object = content.type === 'object' ? content.node.ref : content.ref;
  const { serverId, database } = content.place;
  const isDatabase = object.kind === 'database';
  const outside = isDatabase ? '' : database;
  if (keys === 'Alt+Enter') {
    return { do: 'show-object', serverId, database: isDatabase ? object.name : database, object };
  }
  if (keys === 'F2' && canEdit(object)) return { do: 'edit-object', serverId, database: outside, object };
  // A favourite is only a way to the object: Delete there must not mean the object itself.
  if (keys === 'Delete' && content.type === 'object' && canDrop(object)) {
    return { do: 'drop-objects', serverId, database: outside, objects: [object], cascade: false };
  }
  return undefined;
}
