import { describe, expect, it } from 'vitest';
import { NEW_SERVER, type ServerDefinition, type ServerView } from '../../shared/model/server';
import { checkServer, sameName, SERVER_RULES } from '../../shared/model/server-rules';
import {
  applyConnection,
  editForm,
  formField,
  groupChoices,
  groupsOutside,
  newForm,
  sameForm,
  secretsToStore,
  secretsToUse,
  tabOf,
} from '../../renderer/features/servers/form-model';
import { connectQuestion } from '../../renderer/features/servers/connect-model';
import { parseConnectionText } from '../../shared/model/connection-text';
import english from '../../resources/translations/en/servers.json';
import chinese from '../../resources/translations/zh-CN/servers.json';

const good: ServerDefinition = { ...NEW_SERVER, name: 'Shop', host: 'db1' };
const problems = (change: Partial<ServerDefinition>): string[] =>
  checkServer({ ...good, ...change }).map(({ field, key }) => `${field} ${key}`);
const ssh = (change: Partial<ServerDefinition['ssh']>): Partial<ServerDefinition> => ({
  ssh: { ...NEW_SERVER.ssh, enabled: true, host: 'jump', user: 'me', ...change },
});

describe('rules of the dialog', () => {
  it('a server with name and host is in order', () => expect(problems({})).toEqual([]));
  it.each<[Partial<ServerDefinition>, string[]]>([
    [{ name: '' }, ['name required']],
    [{ name: '  ' }, ['name required']],
    [{ name: ' a' }, ['name blanks']],
    [{ host: '' }, ['host required']],
    [{ host: 'db1 ' }, ['host blanks']],
    [{ host: 'db\u00001' }, ['host control']],
    [{ host: '', user: '', database: '', service: 'shop' }, []],
    [{ host: '', user: '', database: '' }, ['host required', 'database required', 'user required']],
    [{ port: 0 }, ['port port']],
    [{ port: 65_536 }, ['port port']],
    [{ port: 54.32 }, ['port port']],
    [{ port: Number.NaN }, ['port port']],
    [{ database: 'é'.repeat(32) }, ['database tooLong']],
    [{ database: 'é'.repeat(31) }, []],
    [{ role: ' x' }, ['role blanks']],
    [{ background: '#12345' }, ['background colour']],
    [{ background: '#0E7c86', foreground: 'red' }, ['foreground colour']],
    [{ ssl: { ...NEW_SERVER.ssl, key: '/k' } }, ['ssl.cert certificateMissing']],
    [{ ssl: { ...NEW_SERVER.ssl, cert: '/c' } }, []],
    [ssh({}), []],
    [ssh({ host: '', user: '', port: 0 }), ['ssh.host required', 'ssh.port port', 'ssh.user required']],
    [ssh({ auth: 'identity' }), ['ssh.identityFile required']],
    [ssh({ keepAlive: -1 }), ['ssh.keepAlive seconds']],
    [{ ...ssh({}), host: '/var/run/postgresql' }, ['host socketTunnel']],
    [{ ssh: { ...NEW_SERVER.ssh, enabled: false, port: 0 } }, []],
    [{ databaseRestriction: ['a', ''] }, ['databaseRestriction emptyDatabase']],
    [{ databaseRestriction: ['a', 'a'] }, ['databaseRestriction duplicateDatabase']],
    [{ databaseRestriction: ['x'.repeat(64)] }, ['databaseRestriction tooLong']],
    [{ passwordCommand: 'pass "db' }, ['passwordCommand quotes']],
    [{ passwordCommandExpiry: null }, []],
    [{ passwordCommandExpiry: 90_000 }, ['passwordCommandExpiry seconds']],
    [{ connectTimeout: Number.NaN, statementTimeout: 1.5 }, ['connectTimeout seconds', 'statementTimeout seconds']],
    [{ options: '-c a=1\n' }, ['options control']],
  ])('%j', (change, expected) => expect(problems(change)).toEqual(expected));
  it('every rule has its words in both languages', () => {
    for (const rule of SERVER_RULES) {
      expect(english.rules[rule]).toBeTruthy();
      expect(chinese.rules[rule]).toBeTruthy();
    }
  });
  it('names differ by more than case and blanks', () => {
    expect(sameName('Shop ', 'shop')).toBe(true);
    expect(sameName('Shop', 'Shop 2')).toBe(false);
  });
});

it('both languages have the same keys', () => {
  const keys = (value: object, path = ''): string[] =>
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      typeof inner === 'object' && inner !== null ? keys(inner, `${path}${key}.`) : [`${path}${key}`],
    );
  expect(keys(chinese).toSorted()).toEqual(keys(english).toSorted());
});

describe('the form', () => {
  const view: ServerView = {
    ...good,
    id: 's1',
    hasPassword: true,
    hasSshPassword: false,
    status: { connected: false, version: '', versionNum: 0, user: '', superuser: false, tls: '', problem: '' },
  };
  it('an untouched edit changes nothing that is stored', () => {
    const form = editForm(view);
    expect(form.server).toEqual({ ...good, id: 's1' });
    expect(secretsToStore(form)).toEqual({ password: undefined, sshPassword: undefined });
  });
  it('a typed password is stored only if that is wished, and used in any case', () => {
    const typed = { ...newForm(null), password: 'x' };
    expect(secretsToStore(typed).password).toBe('x');
    expect(secretsToStore({ ...typed, savePassword: false }).password).toBeNull();
    expect(secretsToUse({ ...typed, savePassword: false }).password).toBe('x');
    expect(secretsToUse({ ...newForm(null), clearPassword: true }).password).toBeNull();
  });
  it('a pasted text fills what it says, and the name from the host', () => {
    const said = parseConnectionText('postgresql://alice:pw@db9/shop?sslmode=require');
    if (!said) throw new Error('not recognised');
    const form = applyConnection(newForm('g1'), said);
    expect(form.server).toMatchObject({
      name: 'db9',
      host: 'db9',
      user: 'alice',
      database: 'shop',
      groupId: 'g1',
      port: 5432,
    });
    expect(form.server.ssl).toEqual({ ...NEW_SERVER.ssl, mode: 'require' });
    expect(form.password).toBe('pw');
    expect(applyConnection({ ...form, server: { ...form.server, name: 'Mine' } }, said).server.name).toBe('Mine');
  });
  it('sameForm sees every change', () => {
    const form = newForm(null);
    expect(sameForm(form, newForm(null))).toBe(true);
    expect(sameForm(form, { ...form, server: { ...form.server, ssh: { ...form.server.ssh, port: 23 } } })).toBe(false);
  });
  it.each([
    ['name', 'general'],
    ['password', 'connection'],
    ['ssl.rootCert', 'ssl'],
    ['ssh.host', 'ssh'],
    ['sshPassword', 'ssh'],
    ['options', 'advanced'],
  ])('field %s stands on tab %s', (field, tab) => expect(tabOf(field)).toBe(tab));
  it.each([
    ['server.ssl.key', 'ssl.key'],
    ['secrets.password', 'password'],
    ['ssh.hostKey', 'ssh.hostKey'],
    [undefined, null],
  ])('main says %s, the form shows it at %s', (field, expected) =>
    expect(formField({ code: 'tls', message: 'x', ...(field ? { field } : {}) })).toBe(expected),
  );
  it('groups are offered by their path', () => {
    const groups = [
      { id: 'b', name: 'Berlin', parentId: 's' },
      { id: 's', name: 'Shop', parentId: null },
      { id: 'a', name: 'Archive', parentId: null },
    ];
    expect(groupChoices(groups, 'Servers').map((choice) => choice.label)).toEqual([
      'Servers',
      'Archive',
      'Shop',
      'Shop / Berlin',
    ]);
    expect(groupsOutside(groups, 's').map((group) => group.id)).toEqual(['a']);
    expect(groupsOutside(groups, '')).toEqual(groups);
  });
});

describe('after a failed attempt the person is asked', () => {
  it.each([
    [{ code: 'authentication', field: 'password' } as const, false, { ask: 'password', refused: false }],
    [
      { code: 'authentication', field: 'password', sqlstate: '28P01' } as const,
      false,
      { ask: 'password', refused: true },
    ],
    [{ code: 'authentication', field: 'server.user' } as const, false, { ask: 'nothing', danger: false }],
    [{ code: 'tunnel', field: 'sshPassword' } as const, false, { ask: 'sshPassword', refused: false }],
    [{ code: 'tunnel', field: 'ssh.hostKey', detail: 'abc' } as const, false, { ask: 'hostKey', fingerprint: 'abc' }],
    [{ code: 'tunnel', field: 'ssh.hostKey', detail: 'abc' } as const, true, { ask: 'nothing', danger: true }],
    [{ code: 'unreachable' } as const, false, { ask: 'nothing', danger: false }],
  ])('%j, key confirmed %s', (failure, confirmed, expected) =>
    expect(connectQuestion({ message: 'x', ...failure }, confirmed)).toEqual(expected),
  );
});
