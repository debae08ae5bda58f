import { describe, expect, it } from 'vitest';
import { readFavourites, type Favourite } from '../../renderer/features/catalog/favourites';
import { FAVOURITES, ROOT, visibleLines } from '../../renderer/features/catalog/model';
import { NEW_SERVER, type ServerView } from '../../shared/model/server';

const server: ServerView = {
  ...NEW_SERVER,
  id: 's1',
  name: 'db1',
  hasPassword: false,
  hasSshPassword: false,
  status: { connected: true, version: '17.10', versionNum: 170_010, user: 'a', superuser: true, tls: '', problem: '' },
};
const favourite: Favourite = {
  serverId: 's1',
  database: 'shop',
  object: { kind: 'table', oid: 7, schema: 'public', name: 'orders', sub: 0 },
};

describe('favourites', () => {
  const linesWith = (favourites: readonly Favourite[], text = '') =>
    visibleLines({
      groups: [],
      servers: [server],
      expanded: new Set([ROOT, FAVOURITES]),
      branches: new Map(),
      filter: { text, scope: null },
      favourites,
    });

  it('stand above the servers, with where they are; of servers that are gone none does', () => {
    const lines = linesWith([favourite, { ...favourite, serverId: 'gone' }]);
    expect(lines.map(({ content }) => content.type)).toEqual(['favourites', 'favourite', 'root', 'server']);
    expect(lines[1]?.content).toMatchObject({ where: 'shop@db1' });
    expect(linesWith([]).map(({ content }) => content.type)).toEqual(['root', 'server']);
    expect(linesWith([favourite], 'ORD').map(({ content }) => content.type)).toEqual(['favourites', 'favourite']);
  });

  it('are read from what was kept, whatever it holds', () => {
    expect(readFavourites(JSON.stringify([favourite, { ...favourite, object: { kind: 'nothing' } }, 7]))).toEqual([
      favourite,
    ]);
    expect(readFavourites(JSON.stringify([{ ...favourite, note: 'old', mark: 'pk' }]))).toEqual([favourite]);
    expect(readFavourites('{')).toEqual([]);
    expect(readFavourites(null)).toEqual([]);
    expect(readFavourites('{"a":1}')).toEqual([]);
  });
});
