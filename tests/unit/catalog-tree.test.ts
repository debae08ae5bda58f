import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../shared/model/catalog';
import { NEW_SERVER, type ServerView } from '../../shared/model/server';
import {
  folderKey,
  ROOT,
  serverKey,
  visibleLines,
  type Branch,
  type ExplorerLine,
  type TreeState,
} from '../../renderer/features/catalog/model';
import { moveByKey, type TreeLine } from '../../renderer/ui/tree/tree-model';

const server = (id: string, extra: Partial<ServerView> = {}): ServerView => ({
  ...NEW_SERVER,
  id,
  name: id,
  hasPassword: false,
  hasSshPassword: false,
  status: {
    connected: true,
    version: '17.10',
    versionNum: 170_010,
    user: 'postgres',
    superuser: true,
    tls: '',
    problem: '',
  },
  ...extra,
});

const database = (name: string, oid: number): TreeNode => ({
  ref: { kind: 'database', oid, schema: '', name, sub: 0 },
  note: '',
  mark: '',
});

const databases = folderKey(serverKey('s'), 'databases');
const state = (extra: Partial<TreeState> = {}): TreeState => ({
  groups: [],
  servers: [server('s')],
  expanded: new Set([ROOT, serverKey('s'), databases]),
  branches: new Map<string, Branch>([
    [
      serverKey('s'),
      {
        state: 'folders',
        folders: [
          { folder: 'databases', count: 2 },
          { folder: 'roles', count: 0 },
        ],
      },
    ],
    [databases, { state: 'nodes', nodes: [database('alpha', 1), database('beta', 2)] }],
  ]),
  filter: { text: '', scope: null },
  ...extra,
});

const shown = (lines: readonly ExplorerLine[]): string[] =>
  lines.map(({ content, level, expandable, expanded }) => {
    const name =
      content.type === 'server'
        ? content.server.name
        : content.type === 'group'
          ? content.group.name
          : content.type === 'folder'
            ? `${content.folder} ${content.count}`
            : content.type === 'object'
              ? content.node.ref.name
              : content.type;
    return `${'.'.repeat(level)}${expandable ? (expanded ? 'v' : '>') : '-'} ${name}`;
  });

describe('the visible lines', () => {
  it('are what is open, with empty folders closed for good', () => {
    expect(shown(visibleLines(state()))).toEqual([
      '.v root',
      '..v s',
      '...v databases 2',
      '....> alpha',
      '....> beta',
      '...- roles 0',
    ]);
  });

  it('tell their place among their siblings', () => {
    const beta = visibleLines(state()).find((line) => line.key === `${databases}/2`);
    expect([beta?.position, beta?.siblings]).toEqual([2, 2]);
  });

  it('hold groups before servers, each by name, and nested', () => {
    const lines = visibleLines(
      state({
        groups: [
          { id: 'g2', name: 'Zoo', parentId: null },
          { id: 'g1', name: 'Shop', parentId: null },
          { id: 'g3', name: 'Inner', parentId: 'g1' },
        ],
        servers: [server('b'), server('a'), server('c', { groupId: 'g3' })],
        expanded: new Set([ROOT, 'group:g1', 'group:g3']),
      }),
    );
    expect(shown(lines)).toEqual(['.v root', '..v Shop', '...v Inner', '....> c', '..> Zoo', '..> a', '..> b']);
  });

  it('show only the databases that a registration names', () => {
    const lines = visibleLines(state({ servers: [server('s', { databaseRestriction: ['beta'] })] }));
    expect(shown(lines).slice(2, 4)).toEqual(['...v databases 1', '....> beta']);
  });

  it('show loading, failure and retry in their place', () => {
    const branches = new Map(state().branches).set(databases, { state: 'failed', error: new Error('gone') });
    expect(shown(visibleLines(state({ branches })))[3]).toBe('....- failed');
    const loading = new Map(state().branches).set(databases, { state: 'loading' });
    expect(shown(visibleLines(state({ branches: loading })))[3]).toBe('....- loading');
  });
});

describe('the filter', () => {
  it('keeps matches and what leads to them, open or not', () => {
    const closed = state({ expanded: new Set([ROOT]), filter: { text: 'BET', scope: null } });
    expect(shown(visibleLines(closed))).toEqual(['.v root', '..v s', '...v databases 2', '....> beta']);
  });

  it('shows what is open under a match whole', () => {
    const lines = visibleLines(state({ filter: { text: 's', scope: null } }));
    expect(shown(lines)).toContain('....> alpha');
  });

  it('can be for one folder alone', () => {
    const lines = visibleLines(
      state({ servers: [server('s'), server('other')], filter: { text: 'alp', scope: databases } }),
    );
    expect(shown(lines)).toEqual(['.v root', '..> other', '..v s', '...v databases 2', '....> alpha', '...- roles 0']);
  });

  it('says so when nothing matches', () => {
    expect(shown(visibleLines(state({ filter: { text: 'zzz', scope: null } })))).toEqual(['.- nothing']);
  });

  it('goes through 50,000 names in the time of a key press', () => {
    const nodes = Array.from({ length: 50_000 }, (_, at) => database(`name_${at}`, at + 1));
    const branches = new Map(state().branches).set(databases, { state: 'nodes', nodes });
    const before = performance.now();
    const lines = visibleLines(state({ branches, filter: { text: 'name_49999', scope: null } }));
    expect(shown(lines).at(-1)).toBe('....> name_49999');
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe('the keys of a tree', () => {
  const line = (level: number, expandable = false, expanded = false): TreeLine => ({
    key: `${level}`,
    level,
    expandable,
    expanded,
    position: 1,
    siblings: 1,
  });
  const lines = [line(1, true, true), line(2, true, true), line(3), line(3), line(2, true, false)];
  const move = (at: number, key: string, shift = false) => moveByKey(lines, at, key, shift, 3);

  it('go up, down, to the ends and by pages without leaving the tree', () => {
    expect(move(-1, 'ArrowDown')).toEqual({ to: 0 });
    expect(move(4, 'ArrowDown')).toEqual({ to: 4 });
    expect(move(0, 'ArrowUp')).toEqual({ to: 0 });
    expect(move(0, 'End')).toEqual({ to: 4 });
    expect(move(4, 'Home')).toEqual({ to: 0 });
    expect(move(0, 'PageDown')).toEqual({ to: 3 });
  });

  it('open, enter, close and leave branches', () => {
    expect(move(4, 'ArrowRight')).toEqual({ toggle: 4 });
    expect(move(1, 'ArrowRight')).toEqual({ to: 2 });
    expect(move(2, 'ArrowRight')).toBeNull();
    expect(move(1, 'ArrowLeft')).toEqual({ toggle: 1 });
    expect(move(3, 'ArrowLeft')).toEqual({ to: 1 });
    expect(move(4, 'ArrowLeft')).toEqual({ to: 0 });
  });

  it('open things and menus', () => {
    expect(move(3, 'Enter')).toEqual({ open: 3 });
    expect(move(3, 'F10', true)).toEqual({ menu: 3 });
    expect(move(3, 'F10')).toBeNull();
    expect(move(3, 'ContextMenu')).toEqual({ menu: 3 });
  });
});
