import { Orientation, type SerializedDockview } from 'dockview-react';
import { describe, expect, it } from 'vitest';
import { clampWidth, keptDock, NEW_LAYOUT, readLayout, SIDE_PANEL, type SavedLayout } from '../../renderer/app/layout';
import { arrivedContent, isTabContent, movedContent, tabIdOf, type TabContent } from '../../renderer/app/tabs';

const dockOf = (content: unknown): SerializedDockview => ({
  grid: { root: { type: 'branch', data: [] }, height: 600, width: 800, orientation: Orientation.HORIZONTAL },
  panels: { one: { id: 'one', contentComponent: 'view', params: { content } } },
});
const saved = (content: unknown): string =>
  JSON.stringify({ version: 1, sidePanel: { open: false, width: 320 }, dock: dockOf(content) });

describe('saved layout', () => {
  it('comes back as it was', () => {
    const layout = readLayout(saved({ view: 'instances' }));
    expect(layout.sidePanel).toEqual({ open: false, width: 320 });
    expect(layout.dock?.panels['one']?.params).toEqual({ content: { view: 'instances' } });
  });

  it.each([
    ['empty', ''],
    ['not JSON', '{"version":1,'],
    ['null', 'null'],
    ['another version', '{"version":2,"sidePanel":{"open":true,"width":300}}'],
    ['without a side panel', '{"version":1}'],
  ])('%s opens the first layout', (_name, text) => {
    expect(readLayout(text)).toEqual(NEW_LAYOUT);
  });

  it.each([
    ['an unknown view', { view: 'weather' }],
    [
      'a query that would run by itself',
      { view: 'query', serverId: 's', database: 'd', initialSql: '', runAtOnce: true },
    ],
    [
      'a query with text',
      { view: 'query', serverId: 's', database: 'd', initialSql: 'drop table t', runAtOnce: false },
    ],
    ['an object without oid', { view: 'object', serverId: 's', database: 'd', object: { kind: 'table' } }],
    ['nothing', undefined],
  ])('%s drops the tabs and keeps the side panel', (_name, content) => {
    const layout: SavedLayout = readLayout(saved(content));
    expect(layout.dock).toBeNull();
    expect(layout.sidePanel.width).toBe(320);
  });

  it('widths stay between the limits', () => {
    expect(clampWidth(1)).toBe(SIDE_PANEL.least);
    expect(clampWidth(5000)).toBe(SIDE_PANEL.most);
    expect(clampWidth(300.4)).toBe(300);
    expect(clampWidth(Number.NaN)).toBe(SIDE_PANEL.usual);
  });

  it('keeps no query text, and nothing runs at the next start', () => {
    const query: TabContent = {
      view: 'query',
      serverId: 's',
      database: 'shop',
      initialSql: "select 'secret'",
      runAtOnce: true,
    };
    const kept = keptDock(dockOf(query));
    expect(JSON.stringify(kept)).not.toContain('secret');
    expect(kept.panels['one']?.params?.['content']).toMatchObject({ restored: true });
    expect(readLayout(saved(kept.panels['one']?.params?.['content'])).dock).not.toBeNull();
  });
});

describe('a tab from another window', () => {
  const query: TabContent = {
    view: 'query',
    serverId: 's',
    database: 'd',
    initialSql: 'SELECT 1',
    runAtOnce: true,
    draftId: 'draft',
  };

  it('comes with its text and its session, and runs nothing', () => {
    const moved = movedContent(query, { sessionId: 'session', initialSql: 'SELECT 2' });
    const { runAtOnce: _run, ...rest } = query;
    expect(arrivedContent(JSON.stringify(moved))).toEqual({
      ...rest,
      runAtOnce: false,
      initialSql: 'SELECT 2',
      sessionId: 'session',
    });
    // What is kept of it for the next start has neither.
    expect(isTabContent(moved)).toBe(false);
  });

  it('whose text is very long comes without it: its draft has it', () => {
    const moved = movedContent({ ...query, initialSql: 'x'.repeat(600_000) }, {});
    expect(arrivedContent(JSON.stringify(moved))).toMatchObject({ initialSql: '' });
  });

  it.each([
    ['no JSON', '{'],
    ['an unknown view', '{"view":"weather"}'],
    ['a query that would run', JSON.stringify(query)],
    ['a query whose session is no text', JSON.stringify({ ...query, runAtOnce: false, sessionId: { a: 1 } })],
    ['a list', '[]'],
  ])('that is %s is not opened', (_name, text) => {
    expect(arrivedContent(text)).toBeNull();
  });

  it('a terminal comes with its psql, and starts none by itself', () => {
    const terminal: TabContent = { view: 'terminal', serverId: 's', database: 'd', start: true };
    const moved = movedContent(terminal, { terminalId: 'psql' });
    expect(arrivedContent(JSON.stringify(moved))).toEqual({
      view: 'terminal',
      serverId: 's',
      database: 'd',
      terminalId: 'psql',
    });
    expect(arrivedContent(JSON.stringify(terminal))).toBeNull();
    expect(keptDock(dockOf(terminal)).panels['one']?.params?.['content']).toEqual({
      view: 'terminal',
      serverId: 's',
      database: 'd',
    });
  });

  it('other views come as they are', () => {
    expect(arrivedContent(JSON.stringify(movedContent({ view: 'tasks', taskId: 't' }, {})))).toEqual({
      view: 'tasks',
      taskId: 't',
    });
  });
});

describe('tabs', () => {
  const object = { kind: 'table', oid: 7, schema: 'public', name: 'orders', sub: 0 } as const;

  it('one tab for one thing, a new one for every query', () => {
    let last = 0;
    const fresh = () => String(++last);
    const id = (content: TabContent) => tabIdOf(content, fresh);
    expect(id({ view: 'tasks', taskId: 'a' })).toBe(id({ view: 'tasks' }));
    expect(id({ view: 'help', topic: 'query' })).toBe(id({ view: 'help', topic: 'import' }));
    const query: TabContent = { view: 'query', serverId: 's', database: 'd', initialSql: '', runAtOnce: false };
    expect(id(query)).not.toBe(id(query));
    const one: TabContent = { view: 'object', serverId: 's', database: 'd', object };
    expect(id(one)).toBe(id({ ...one, object: { ...object, name: 'renamed' } }));
    expect(id(one)).not.toBe(id({ ...one, database: 'other' }));
    expect(id({ view: 'import', taskId: 't' })).toBe(id({ view: 'import', taskId: 't' }));
    expect(id({ view: 'import' })).not.toBe(id({ view: 'import' }));
  });

  it('objects are recognised', () => {
    expect(isTabContent({ view: 'object', serverId: 's', database: 'd', object })).toBe(true);
    expect(isTabContent({ view: 'object', serverId: 's', database: 'd', object: { ...object, kind: 'planet' } })).toBe(
      false,
    );
    expect(isTabContent({ view: 'import', serverId: 's', database: 5 })).toBe(false);
  });
});
