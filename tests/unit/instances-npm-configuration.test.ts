import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { npmConfiguration, parseNpmrc } from '../../electron/control-plane/cluster/npm-configuration';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-npm-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'etc'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = () => ({ PATH: join(folder, 'bin') });

it('reads names, quotes, comments and variables, and leaves out what is not about fetching', () => {
  const text = `; a comment\n# another\nregistry = "https://npm.example.org/"\nsave-exact=true\n//npm.example.org/:_authToken=\${TOKEN}\n@us:registry=https://\${NOT_SET}/\r\n`;
  expect(Object.fromEntries(parseNpmrc(text, { TOKEN: 'secret' }))).toEqual({
    registry: 'https://npm.example.org/',
    '//npm.example.org/:_authToken': 'secret',
    '@us:registry': 'https://${NOT_SET}/',
  });
});

it('lets the person win over the machine, and the environment over both', async () => {
  writeFileSync(join(folder, 'etc/npmrc'), 'registry=https://machine.example.org/\nproxy=http://proxy.example.org:1\n');
  writeFileSync(join(folder, '.npmrc'), 'registry=https://person.example.org/\nstrict-ssl=false\n');
  expect(await npmConfiguration(env(), folder)).toEqual({
    registry: 'https://person.example.org/',
    proxy: 'http://proxy.example.org:1',
    strictSSL: false,
  });
  const given = { ...env(), npm_config_registry: 'https://given.example.org/', npm_config_https_proxy: 'http://p:2' };
  expect(await npmConfiguration(given, folder)).toMatchObject({
    registry: 'https://given.example.org/',
    httpsProxy: 'http://p:2',
  });
});

it('takes the certificates out of the file of authorities', async () => {
  const one = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
  const two = one.replace('AAAA', 'BBBB');
  writeFileSync(join(folder, 'ca.pem'), `# first\n${one}\n# second\n${two}\n`);
  writeFileSync(join(folder, '.npmrc'), `cafile=${join(folder, 'ca.pem')}\n`);
  expect(await npmConfiguration(env(), folder)).toEqual({ ca: [one, two] });
});

it('is empty without files', async () => {
  expect(await npmConfiguration(env(), folder)).toEqual({});
});
